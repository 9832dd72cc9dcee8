// SPDX-License-Identifier: Apache-2.0
#include "server/request_log.h"

#include <array>
#include <chrono>
#include <ctime>
#include <utility>

#include "base/strings.h"
#include "common/numbers.h"
#include "common/pose_json.h"

namespace posenet::server {
namespace {

// A line has about 200 bytes, so this is a megabyte.
constexpr std::size_t kMaxWaitingLines = 4096;
constexpr std::size_t kMaxLoggedText = 200;
constexpr int kLogDecimals = 3;

// RFC 3339 in UTC, to the millisecond.
std::string Now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm parts = {};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text = {};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  const std::string fraction = std::to_string(1000 + ms).substr(1);
  return base::StrCat(text.data(), ".", fraction, "Z");
}

std::string LineStart(std::string_view event) {
  return base::StrCat("{\"time\": \"", Now(), "\", \"event\": ", app::JsonString(event));
}

std::string Milliseconds(double value) { return app::FormatJsonNumber(value, kLogDecimals); }

}  // namespace

std::string RequestLine(const RequestRecord& record) {
  std::string line =
      base::StrCat(LineStart("request"), ", \"client\": ", app::JsonString(record.client),
                   ", \"method\": ", app::JsonString(base::Printable(record.method, kMaxLoggedText)),
                   ", \"path\": ", app::JsonString(base::Printable(record.path, kMaxLoggedText)),
                   ", \"status\": ", record.status, ", \"bytes_in\": ", record.bytes_in,
                   ", \"bytes_out\": ", record.bytes_out, ", \"milliseconds\": ", Milliseconds(record.milliseconds));
  const ProcessingStats& stats = record.stats;
  if (stats.width_px > 0) {
    line += base::StrCat(", \"width\": ", stats.width_px, ", \"height\": ", stats.height_px,
                         stats.people ? base::StrCat(", \"people\": ", *stats.people) : "",
                         ", \"queue_ms\": ", Milliseconds(stats.queue_ms),
                         ", \"decode_ms\": ", Milliseconds(stats.decode_ms),
                         ", \"estimate_ms\": ", Milliseconds(stats.estimate_ms));
  }
  return line + "}\n";
}

std::string EventLine(std::string_view event, std::string_view message) {
  return base::StrCat(LineStart(event), ", \"message\": ", app::JsonString(message), "}\n");
}

RequestLog::RequestLog(Sink sink) : sink_(std::move(sink)), writer_([this] { Run(); }) {}

RequestLog::~RequestLog() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  writer_.join();
}

void RequestLog::Write(std::string line) {
  {
    const std::lock_guard lock(mutex_);
    if (lines_.size() >= kMaxWaitingLines) {
      ++lost_count_;
      return;
    }
    lines_.push_back(std::move(line));
  }
  changed_.notify_one();
}

void RequestLog::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_ending_ || !lines_.empty(); });
    if (lines_.empty()) return;
    std::string text;
    for (const std::string& line : lines_) text += line;
    lines_.clear();
    if (lost_count_ > 0) text += EventLine("log", base::StrCat(std::exchange(lost_count_, 0), " lines were dropped"));
    lock.unlock();
    sink_(text);
    lock.lock();
  }
}

}  // namespace posenet::server
