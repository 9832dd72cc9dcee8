// SPDX-License-Identifier: Apache-2.0
#include "trainer/train_progress.h"

#include <algorithm>

#include "base/strings.h"
#include "common/numbers.h"
#include "common/progress.h"
#include "common/standard_streams.h"

namespace posenet::trainer {
namespace {

constexpr const char* kEraseLine = "\r\x1B[K";
constexpr auto kRedrawInterval = std::chrono::milliseconds(200);
constexpr double kSecondsBetweenLines = 10.0;

}  // namespace

std::string FormatErrors(const train::ValidationErrors& errors, LengthUnit units) {
  return base::StrCat(app::FormatFixed(errors.position, 3), units == LengthUnit::kMeters ? " m / " : " / ",
                      app::FormatFixed(errors.rotation_deg, 2), " deg");
}

void TrainProgress::Hide() {
  if (is_visible_) app::WriteStandardError(kEraseLine);
  is_visible_ = false;
}

void TrainProgress::Message(const std::string& message) {
  Hide();
  app::WriteStandardError(message + "\n");
}

void TrainProgress::Step(const train::StepReport& report) {
  total_steps_ = report.total_steps;
  if (!app::StandardErrorIsTerminal()) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_drawn_ < kRedrawInterval) return;
  last_drawn_ = now;
  is_visible_ = true;
  const double images_per_s = static_cast<double>(report.images) / std::max(report.seconds, 1e-9);
  if (report.total_steps == 0) {
    app::WriteStandardError(
        base::StrCat(kEraseLine, "measuring speed: ", app::FormatFixed(images_per_s, 1), " images/s"));
    return;
  }
  // The bar counts images, so that it shows images per second.
  const double per_step = static_cast<double>(report.images) / static_cast<double>(report.step);
  const auto images = [per_step](std::int64_t steps) {
    return static_cast<std::size_t>(per_step * static_cast<double>(steps));
  };
  app::WriteStandardError(
      base::StrCat(kEraseLine, app::FormatProgress(images(report.step), images(report.total_steps), report.seconds),
                   errors_.empty() ? "" : "  ", errors_));
}

void TrainProgress::Epoch(const train::EpochReport& report) {
  errors_ = report.validation ? FormatErrors(*report.validation, units_) : "";
  if (report.seconds - last_line_s_ < kSecondsBetweenLines && report.step != total_steps_) return;
  last_line_s_ = report.seconds;
  Hide();
  app::WriteStandardError(base::StrCat(
      "epoch ", report.epoch, ": ", report.images, " images, ", app::FormatFixed(report.seconds, 0), " s, loss ",
      app::FormatFixed(report.loss, 3), " (position ", app::FormatFixed(report.position_loss, 4), ", rotation ",
      app::FormatFixed(report.rotation_loss, 4), ")", errors_.empty() ? "" : ", held out: ", errors_,
      report.is_best && !errors_.empty() ? ", best" : "", "\n"));
}

}  // namespace posenet::trainer
