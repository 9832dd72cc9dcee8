// SPDX-License-Identifier: Apache-2.0
// A progress bar on a terminal.
#ifndef POSENET_COMMON_PROGRESS_H_
#define POSENET_COMMON_PROGRESS_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace posenet::app {

/// The bar after `done` of `total` images (or another `unit`) in `elapsed_s` seconds: at most 79 characters, no
/// newline. Without a total it is a count; without a unit it has no count and no rate.
std::string FormatProgress(std::size_t done, std::optional<std::size_t> total, double elapsed_s,
                           std::string_view unit = "images");

/// Draws the bar on standard error if that is a terminal and the work takes more than a second; otherwise does nothing.
/// Erased on destruction.
class ProgressBar {
 public:
  explicit ProgressBar(std::optional<std::size_t> total, std::string_view unit = "images");
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  /// Shows that `done` images are done; redraws at most ten times a second.
  void Show(std::size_t done);

  /// Erases the bar, so that something else can be printed. The next Show draws it again.
  void Hide();

 private:
  using Clock = std::chrono::steady_clock;

  std::optional<std::size_t> total_;
  std::string unit_;
  bool enabled_;
  bool visible_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_drawn_;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_PROGRESS_H_
