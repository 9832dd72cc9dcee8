// SPDX-License-Identifier: Apache-2.0
#include "common/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/strings.h"
#include "common/numbers.h"
#include "common/standard_streams.h"

namespace posenet::app {
namespace {

constexpr std::size_t kBarWidth = 20;
// Shorter work needs no bar, and one that flashes up only disturbs.
constexpr auto kDelay = std::chrono::seconds(1);
constexpr auto kRedrawInterval = std::chrono::milliseconds(100);
// Moves to the start of the line and erases to its end (ECMA-48).
constexpr const char* kEraseLine = "\r\x1B[K";

// "m:ss" or "h:mm:ss".
std::string FormatDuration(double seconds) {
  const auto total = static_cast<std::int64_t>(std::min(seconds, 1e7));
  const auto two_digits = [](std::int64_t value) { return base::StrCat(value / 10, value % 10); };
  const std::int64_t minutes = total / 60;
  const std::string text =
      minutes < 60 ? base::StrCat(minutes) : base::StrCat(minutes / 60, ':', two_digits(minutes % 60));
  return base::StrCat(text, ':', two_digits(total % 60));
}

}  // namespace

std::string FormatProgress(std::size_t done, std::optional<std::size_t> total, double elapsed_s,
                           std::string_view unit) {
  const double per_s = elapsed_s > 0.0 ? static_cast<double>(done) / elapsed_s : 0.0;
  const bool has_rate = per_s > 0.0 && !unit.empty();
  const std::string rate = has_rate ? base::StrCat("  ", FormatFixed(per_s, 1), ' ', unit, "/s") : "";
  if (!total) return base::StrCat(done, ' ', unit, rate);
  const double fraction = *total == 0 ? 1.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(*total));
  const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(kBarWidth));
  std::string line = base::StrCat("[", std::string(filled, '#'), std::string(kBarWidth - filled, '.'), "] ",
                                  static_cast<int>(fraction * 100.0), " %");
  if (!unit.empty()) line += base::StrCat("  ", done, "/", *total, rate);
  if (per_s == 0.0) return line;
  const std::size_t left = *total - std::min(done, *total);
  return base::StrCat(line, "  ", FormatDuration(std::ceil(static_cast<double>(left) / per_s)), " left");
}

ProgressBar::ProgressBar(std::optional<std::size_t> total, std::string_view unit)
    : total_(total), unit_(unit), enabled_((!total || *total > 1) && StandardErrorIsTerminal()) {}

ProgressBar::~ProgressBar() { Hide(); }

void ProgressBar::Show(std::size_t done) {
  if (!enabled_) return;
  const Clock::time_point now = Clock::now();
  if (now - start_ < kDelay || (visible_ && now - last_drawn_ < kRedrawInterval)) return;
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  WriteStandardError(kEraseLine + FormatProgress(done, total_, elapsed_s, unit_));
  last_drawn_ = now;
  visible_ = true;
}

void ProgressBar::Hide() {
  if (!visible_) return;
  WriteStandardError(kEraseLine);
  visible_ = false;
}

}  // namespace posenet::app
