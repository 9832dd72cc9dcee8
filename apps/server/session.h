// SPDX-License-Identifier: Apache-2.0
// Open connections and streams.
#ifndef POSENET_SERVER_SESSION_H_
#define POSENET_SERVER_SESSION_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

#include "server/admission.h"
#include "server/byte_budget.h"
#include "server/info_routes.h"
#include "server/metrics.h"
#include "server/origin_policy.h"
#include "server/pose_service.h"
#include "server/request_log.h"

namespace posenet::server {

/// A connection or a stream.
class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  /// Requests that the session end once it has responded to what it accepted. From any thread.
  virtual void RequestStop() = 0;
};

/// All open sessions. For any number of threads.
class SessionList {
 public:
  /// Keeps `count` equal to the number of sessions.
  explicit SessionList(std::atomic<std::size_t>& count) : count_(count) {}

  /// A session added after StopAll is stopped at once: a connection may have become a stream meanwhile.
  void Add(const std::shared_ptr<Session>& session) {
    const bool is_late = [&] {
      const std::lock_guard lock(mutex_);
      sessions_.emplace(session.get(), session);
      count_ = sessions_.size();
      return is_stopping_;
    }();
    if (is_late) session->RequestStop();
  }
  /// Called by the destructor of a session.
  void Remove(Session* session) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(session);
    count_ = sessions_.size();
    if (sessions_.empty()) empty_.notify_all();
  }
  [[nodiscard]] std::size_t size() const { return count_; }

  /// Stops all sessions, including those that are added later.
  void StopAll() {
    // Outside the lock, because a session may be destroyed here.
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
  /// Returns whether all sessions ended within `timeout`.
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
  std::chrono::milliseconds read;   ///< From the first byte of a request to its last.
  std::chrono::milliseconds write;  ///< From the first byte of a response to its last.
  std::chrono::milliseconds idle;   ///< Between requests.
};

/// What all sessions share. Outlives them.
struct ServerContext {
  const Admission& admission;
  const OriginPolicy& origins;
  const PoseService& poses;
  const InfoRoutes& info;
  ServerLimits limits;
  Metrics& metrics;
  ByteBudget& bodies;
  RequestLog& log;
  SessionList& sessions;
  SessionTimeouts timeouts;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_SESSION_H_
