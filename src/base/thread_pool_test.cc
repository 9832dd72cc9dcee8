// SPDX-License-Identifier: Apache-2.0
#include "base/thread_pool.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace posenet::base {
namespace {

class ThreadPoolTest : public ::testing::TestWithParam<int> {};

TEST_P(ThreadPoolTest, RunsEveryTaskOnce) {
  ThreadPool pool(GetParam());
  for (const int task_count : {0, 1, 2, 7, 1000}) {
    std::vector<std::atomic<int>> runs(static_cast<std::size_t>(task_count));
    std::atomic<bool> thread_in_range = true;
    pool.ParallelFor(task_count, [&](int task, int thread) {
      runs[static_cast<std::size_t>(task)]++;
      if (thread < 0 || thread >= pool.thread_count()) thread_in_range = false;
    });
    for (const auto& count : runs) EXPECT_EQ(count, 1);
    EXPECT_TRUE(thread_in_range);
  }
}

TEST_P(ThreadPoolTest, RunsConsecutiveLoops) {
  ThreadPool pool(GetParam());
  std::vector<int> values(64, 0);
  for (int round = 0; round < 2000; ++round) {
    pool.ParallelFor(64, [&](int task, int) { values[static_cast<std::size_t>(task)]++; });
  }
  for (const int value : values) EXPECT_EQ(value, 2000);
}

TEST_P(ThreadPoolTest, WakesSleepingThreads) {
  ThreadPool pool(GetParam());
  std::atomic<int> sum = 0;
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    pool.ParallelFor(10, [&](int task, int) { sum += task; });
  }
  EXPECT_EQ(sum, 3 * 45);
}

INSTANTIATE_TEST_SUITE_P(ThreadCounts, ThreadPoolTest, ::testing::Values(1, 2, 5));

TEST(AvailableCores, CountsTheCoresOfTheAffinityMask) {
  // Of a thread of its own, so that the other tests keep their cores.
  std::thread([] {
    cpu_set_t allowed;
    ASSERT_EQ(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
    EXPECT_EQ(AvailableCores(), CPU_COUNT(&allowed));
    int core = 0;
    while (!CPU_ISSET(core, &allowed)) ++core;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
    EXPECT_EQ(AvailableCores(), 1);
  }).join();
}

}  // namespace
}  // namespace posenet::base
