// SPDX-License-Identifier: Apache-2.0
#include "server/job_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

namespace posenet::server {
namespace {

TEST(JobQueue, RejectsBeyondCapacityAndRunsTheRestInOrder) {
  std::vector<int> order;
  std::latch started(1);
  std::latch may_end(1);
  {
    JobQueue queue(1, 2);
    ASSERT_TRUE(queue.TryPush([&] {
      started.count_down();
      may_end.wait();
      order.push_back(0);
    }));
    started.wait();  // From here on the worker is busy, and what is pushed waits.
    EXPECT_TRUE(queue.TryPush([&] { order.push_back(1); }));
    EXPECT_TRUE(queue.TryPush([&] { order.push_back(2); }));
    EXPECT_EQ(queue.depth(), 2U);
    EXPECT_FALSE(queue.TryPush([&] { order.push_back(3); }));
    may_end.count_down();
  }  // Runs what waits.
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(JobQueue, AbandonDiscardsWaitingJobs) {
  std::latch started(1);
  std::latch may_end(1);
  bool was_finished = false;
  const auto held = std::make_shared<bool>(false);
  JobQueue queue(1, 2);
  ASSERT_TRUE(queue.TryPush([&] {
    started.count_down();
    may_end.wait();
    was_finished = true;
  }));
  started.wait();
  ASSERT_TRUE(queue.TryPush([held] { *held = true; }));
  std::thread abandoning([&] { queue.Abandon(); });
  while (held.use_count() > 1 && queue.depth() > 0) std::this_thread::yield();
  may_end.count_down();
  abandoning.join();
  EXPECT_TRUE(was_finished);
  EXPECT_FALSE(*held);
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_FALSE(queue.TryPush([] {}));
}

TEST(JobQueue, RunsJobsConcurrently) {
  std::latch both(2);
  std::atomic<int> done = 0;
  {
    JobQueue queue(2, 4);
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(queue.TryPush([&] {
        both.arrive_and_wait();  // Would wait for ever with one worker.
        ++done;
      }));
    }
  }
  EXPECT_EQ(done, 2);
}

TEST(JobQueue, LosesNothingUnderContention) {
  std::atomic<int> run = 0;
  std::atomic<int> taken = 0;
  {
    JobQueue queue(3, 8);
    std::vector<std::thread> pushers;
    for (int thread = 0; thread < 4; ++thread) {
      pushers.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) taken += queue.TryPush([&] { ++run; }) ? 1 : 0;
      });
    }
    for (std::thread& pusher : pushers) pusher.join();
  }
  EXPECT_EQ(run, taken);
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace posenet::server
