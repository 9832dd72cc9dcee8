// SPDX-License-Identifier: Apache-2.0
// The workers, and the bounded queue in front of them.
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

/// Runs jobs on threads of its own, first come first served. Any number of threads may push.
class JobQueue {
 public:
  using Job = std::function<void()>;

  /// Starts `worker_count` threads, at least 1; at most `capacity` jobs wait for them. Throws std::system_error when
  /// not even one thread can be had.
  JobQueue(int worker_count, std::size_t capacity);
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;
  ~JobQueue() { Finish(); }

  /// Takes no more jobs, runs what waits, and ends the threads.
  void Finish();

  /// Takes no more jobs, forgets what waits, and ends the threads once what they are at is done.
  void Abandon();

  /// Whether `job`, which must not throw, was taken: not where `capacity` of them wait. What was taken is run, unless
  /// it is abandoned.
  bool TryPush(Job job);

  /// Jobs that wait; those being run are not among them.
  [[nodiscard]] std::size_t depth() const;
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  void Work();

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool is_ending_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_JOB_QUEUE_H_
