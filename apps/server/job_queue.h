// SPDX-License-Identifier: Apache-2.0
// Worker threads behind a bounded queue.
#ifndef POSENET_SERVER_JOB_QUEUE_H_
#define POSENET_SERVER_JOB_QUEUE_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace posenet::server {

/// Runs jobs on threads of its own in first-in, first-out order. Any number of threads may push.
class JobQueue {
 public:
  using Job = std::function<void()>;

  /// Starts `worker_count` threads, at least 1; at most `capacity` jobs wait for them. Throws std::system_error if not
  /// even one thread can be started.
  JobQueue(int worker_count, std::size_t capacity);
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;
  ~JobQueue() { Finish(); }

  /// Accepts no more jobs, runs the waiting ones and ends the threads.
  void Finish();

  /// Accepts no more jobs, discards the waiting ones and ends the threads after their current jobs.
  void Abandon();

  /// Enqueues `job`, which must not throw. Returns false if `capacity` jobs are waiting.
  bool TryPush(Job job);

  /// The number of waiting jobs, without those that are running.
  [[nodiscard]] std::size_t depth() const;
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  void Run();

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool is_ending_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_JOB_QUEUE_H_
