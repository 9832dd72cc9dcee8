// SPDX-License-Identifier: Apache-2.0
// What is open between us and clients.
#ifndef POSENET_SERVER_SESSION_H_
#define POSENET_SERVER_SESSION_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

#include "server/byte_budget.h"
#include "server/metrics.h"
#include "server/request_log.h"
#include "server/service.h"

namespace posenet::server {

/// A connection, or the stream that it became.
class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  /// Asks it to end once it has answered what it took. From any thread.
  virtual void RequestStop() = 0;
};

/// All that are open. Any number of threads.
class SessionList {
 public:
  /// `count` is kept equal to their number.
  explicit SessionList(std::atomic<std::size_t>& count) : count_(count) {}

  /// Who comes after StopAll is asked to end at once: a connection may become a stream meanwhile.
  void Add(const std::shared_ptr<Session>& session) {
    const bool is_late = [&] {
      const std::lock_guard lock(mutex_);
      sessions_.emplace(session.get(), session);
      count_ = sessions_.size();
      return is_stopping_;
    }();
    if (is_late) session->RequestStop();
  }
  /// Called by what is being destroyed.
  void Remove(Session* session) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(session);
    count_ = sessions_.size();
    if (sessions_.empty()) empty_.notify_all();
  }
  [[nodiscard]] std::size_t size() const { return count_; }

  /// Asks all that are open, and all that are added from now on, to end.
  void StopAll() {
    // Not under the lock: the last owner may be here.
    std::map<Session*, std::weak_ptr<Session>> sessions;
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
      sessions = sessions_;
    }
    for (const auto& [pointer, weak] : sessions) {
      if (const std::shared_ptr<Session> session = weak.lock()) session->RequestStop();
    }
  }
  /// Whether all ended within that time.
  bool WaitUntilEmpty(std::chrono::duration<double> timeout) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, timeout, [this] { return sessions_.empty(); });
  }

 private:
  std::atomic<std::size_t>& count_;
  std::mutex mutex_;
  std::condition_variable empty_;
  std::map<Session*, std::weak_ptr<Session>> sessions_;
  bool is_stopping_ = false;
};

struct SessionTimeouts {
  std::chrono::milliseconds read;   ///< From a request's first byte to its last.
  std::chrono::milliseconds write;  ///< From an answer's first byte to its last.
  std::chrono::milliseconds idle;   ///< Between requests.
};

/// What all sessions use, and which outlives them.
struct Site {
  Service& service;
  Metrics& metrics;
  ByteBudget& bodies;
  RequestLog& log;
  SessionList& sessions;
  SessionTimeouts timeouts;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_SESSION_H_
