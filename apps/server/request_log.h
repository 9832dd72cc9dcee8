// SPDX-License-Identifier: Apache-2.0
// The log: one JSON object a line. It never holds image contents, queries or tokens.
#ifndef POSENET_SERVER_REQUEST_LOG_H_
#define POSENET_SERVER_REQUEST_LOG_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "server/http_message.h"

namespace posenet::server {

/// A completed request.
struct RequestRecord {
  std::string client = {};  ///< IP address.
  std::string method = {};
  std::string path = {};  ///< Without the query.
  int status = 0;
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  double milliseconds = 0.0;
  ProcessingStats stats = {};
};

/// {"time", "event": "request", "client", "method", "path", "status", "bytes_in", "bytes_out", "milliseconds"} and,
/// if an image was processed, {"width", "height", "queue_ms", "decode_ms", "estimate_ms"} and, of human poses,
/// "people".
std::string RequestLine(const RequestRecord& record);

/// {"time", "event", "message"}.
std::string EventLine(std::string_view event, std::string_view message);

/// Writes lines on a thread of its own, so that a slow reader of the log does not delay requests. For any number of
/// threads.
class RequestLog {
 public:
  using Sink = std::function<void(std::string_view line)>;

  /// Lines go to `sink`, which is called from one thread.
  explicit RequestLog(Sink sink);
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;
  /// Writes the remaining lines.
  ~RequestLog();

  /// `line` ends with a newline. Once 4096 lines are waiting, further ones are dropped and later reported as a count.
  void Write(std::string line);

 private:
  void Run();

  Sink sink_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  std::int64_t lost_count_ = 0;
  bool is_ending_ = false;
  std::thread writer_;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_REQUEST_LOG_H_
