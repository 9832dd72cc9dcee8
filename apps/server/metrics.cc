// SPDX-License-Identifier: Apache-2.0
#include "server/metrics.h"

#include <unistd.h>

#include <fstream>
#include <span>

#include "base/strings.h"

namespace posenet::server {
namespace {

// Resident pages of this process, the second number of /proc/self/statm.
std::int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t total_pages = 0;
  std::int64_t resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * ::sysconf(_SC_PAGESIZE);
}

void AppendHeader(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out += base::StrCat("# HELP ", name, " ", help, "\n# TYPE ", name, " ", type, "\n");
}

template <typename Value>
void AppendSingle(std::string& out, std::string_view name, std::string_view type, std::string_view help, Value value) {
  AppendHeader(out, name, type, help);
  out += base::StrCat(name, " ", value, "\n");
}

void AppendLabeled(std::string& out, std::string_view name, std::string_view help, std::string_view label,
                   std::span<const std::string_view> labels, std::span<const std::uint64_t> values) {
  AppendHeader(out, name, "counter", help);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    out += base::StrCat(name, "{", label, "=\"", labels[i], "\"} ", values[i], "\n");
  }
}

constexpr std::array<std::string_view, 3> kRejectionNames = {"queue", "connections", "memory"};
constexpr std::array<std::string_view, 3> kOutcomeNames = {"processed", "dropped", "failed"};
constexpr std::array<std::string_view, 2> kTimeoutNames = {"read", "write"};

}  // namespace

void Metrics::CountRequest(std::string_view route, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[{std::string(route), status}];
  Histogram& histogram = seconds_[std::string(route)];
  ++histogram.count;
  histogram.sum_s += seconds;
  for (std::size_t i = 0; i < kBuckets.size(); ++i) histogram.counts[i] += seconds <= kBuckets[i] ? 1 : 0;
}

void Metrics::CountRejection(Rejection rejection) {
  const std::lock_guard lock(mutex_);
  ++rejections_[static_cast<std::size_t>(rejection)];
}

void Metrics::CountFrame(FrameOutcome outcome) {
  const std::lock_guard lock(mutex_);
  ++frames_[static_cast<std::size_t>(outcome)];
}

void Metrics::CountTimeout(Timeout timeout) {
  const std::lock_guard lock(mutex_);
  ++timeouts_[static_cast<std::size_t>(timeout)];
}

void Metrics::AddPixels(std::int64_t pixels) {
  const std::lock_guard lock(mutex_);
  pixels_ += pixels;
}

std::string Metrics::Text(const Gauges& gauges) const {
  const std::lock_guard lock(mutex_);
  std::string out;
  AppendHeader(out, "posenet_requests_total", "counter", "Requests, by route and status.");
  for (const auto& [key, count] : requests_) {
    out += base::StrCat("posenet_requests_total{route=\"", key.first, "\",status=\"", key.second, "\"} ", count, "\n");
  }
  AppendHeader(out, "posenet_request_duration_seconds", "histogram",
               "Time from the first byte of a request to its response.");
  for (const auto& [route, histogram] : seconds_) {
    const std::string label = base::StrCat("{route=\"", route, "\"");
    for (std::size_t i = 0; i < kBuckets.size(); ++i) {
      out += base::StrCat("posenet_request_duration_seconds_bucket", label, ",le=\"", kBuckets[i], "\"} ",
                          histogram.counts[i], "\n");
    }
    out += base::StrCat("posenet_request_duration_seconds_bucket", label, ",le=\"+Inf\"} ", histogram.count, "\n",
                        "posenet_request_duration_seconds_sum", label, "} ", histogram.sum_s, "\n",
                        "posenet_request_duration_seconds_count", label, "} ", histogram.count, "\n");
  }
  AppendLabeled(out, "posenet_rejected_total", "Clients rejected because a limit was reached.", "reason",
                kRejectionNames, rejections_);
  AppendLabeled(out, "posenet_stream_frames_total", "Frames of streams; dropped frames were replaced by later ones.",
                "outcome", kOutcomeNames, frames_);
  AppendLabeled(out, "posenet_timeouts_total", "Clients disconnected because they were too slow.", "phase",
                kTimeoutNames, timeouts_);
  AppendSingle(out, "posenet_pixels_total", "counter", "Decoded pixels.", pixels_);
  AppendSingle(out, "posenet_queue_depth", "gauge", "Images waiting for a worker.", gauges.queue_depth);
  AppendSingle(out, "posenet_queue_capacity", "gauge", "Maximum number of waiting images.", gauges.queue_capacity);
  AppendSingle(out, "posenet_connections", "gauge", "Open connections.", gauges.connections);
  AppendSingle(out, "posenet_body_bytes", "gauge", "Bytes of request bodies in memory.", gauges.body_bytes);
  AppendSingle(out, "process_resident_memory_bytes", "gauge", "Resident memory.", ResidentBytes());
  return out;
}

}  // namespace posenet::server
