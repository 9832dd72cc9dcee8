// SPDX-License-Identifier: Apache-2.0
// Counters of the server in Prometheus' text format.
#ifndef POSENET_SERVER_METRICS_H_
#define POSENET_SERVER_METRICS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace posenet::server {

/// The limit because of which a client was rejected.
enum class Rejection { kQueue, kConnections, kMemory };
/// What happened to a frame of a stream.
enum class FrameOutcome { kProcessed, kDropped, kFailed };
/// In which phase a slow client was disconnected.
enum class Timeout { kRead, kWrite };

/// Instantaneous values.
struct Gauges {
  std::size_t queue_depth = 0;
  std::size_t queue_capacity = 0;
  std::size_t connections = 0;
  std::size_t body_bytes = 0;
};

/// Counters. For any number of threads.
class Metrics {
 public:
  /// Counts a request that got `status` after `seconds`. `route` is a path of the router, or "other".
  void CountRequest(std::string_view route, int status, double seconds);
  void CountRejection(Rejection rejection);
  void CountFrame(FrameOutcome outcome);
  void CountTimeout(Timeout timeout);
  void AddPixels(std::int64_t pixels);

  /// Everything in Prometheus' text format 0.0.4.
  [[nodiscard]] std::string Text(const Gauges& gauges) const;

 private:
  /// Upper bounds in seconds. An image takes from 5 ms (small network, 8 cores) to 1 s (large network, one core); the
  /// queue adds a multiple of that.
  static constexpr std::array<double, 12> kBuckets = {0.005, 0.01, 0.02, 0.05, 0.1,  0.2,
                                                      0.5,   1.0,  2.0,  5.0,  10.0, 30.0};
  struct Histogram {
    std::array<std::uint64_t, kBuckets.size()> counts = {};
    std::uint64_t count = 0;
    double sum_s = 0.0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::uint64_t, std::less<>> requests_;
  std::map<std::string, Histogram, std::less<>> seconds_;
  std::array<std::uint64_t, 3> rejections_ = {};
  std::array<std::uint64_t, 3> frames_ = {};
  std::array<std::uint64_t, 2> timeouts_ = {};
  std::int64_t pixels_ = 0;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_METRICS_H_
