// SPDX-License-Identifier: Apache-2.0
#include "server/job_queue.h"

#include <system_error>
#include <utility>

namespace posenet::server {

JobQueue::JobQueue(int worker_count, std::size_t capacity) : capacity_(capacity) {
  for (int i = 0; i < worker_count; ++i) {
    try {
      workers_.emplace_back([this] { Run(); });
    } catch (const std::system_error&) {
      // The system is exhausted: fewer workers are slower, but none would serve nothing.
      if (workers_.empty()) throw;
      break;
    }
  }
}

void JobQueue::Finish() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

void JobQueue::Abandon() {
  std::deque<Job> waiting;  // What jobs hold is let go without the lock.
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    waiting.swap(jobs_);
  }
  Finish();
}

bool JobQueue::TryPush(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (is_ending_ || jobs_.size() >= capacity_) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

std::size_t JobQueue::depth() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void JobQueue::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_ending_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    {
      const Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
    }  // Destroys the job before locking again.
    lock.lock();
  }
}

}  // namespace posenet::server
