// SPDX-License-Identifier: Apache-2.0
#include "train/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace posenet::train {
namespace {

constexpr std::array kScheduleKinds = {ScheduleKind::kConstant, ScheduleKind::kStep, ScheduleKind::kCosine};

}  // namespace

std::string_view ScheduleName(ScheduleKind kind) {
  switch (kind) {
    case ScheduleKind::kConstant:
      return "constant";
    case ScheduleKind::kStep:
      return "step";
    case ScheduleKind::kCosine:
      return "cosine";
  }
  return "";
}

std::optional<ScheduleKind> ScheduleOf(std::string_view name) {
  const auto* const found = std::ranges::find(kScheduleKinds, name, ScheduleName);
  return found == kScheduleKinds.end() ? std::nullopt : std::optional(*found);
}

double RateShareAt(const Schedule& schedule, std::int64_t step, std::int64_t total_steps) {
  const auto total = static_cast<double>(std::max<std::int64_t>(1, total_steps));
  const double warmup_steps = std::max(1.0, schedule.warmup * total);
  const double ramp = std::min(1.0, static_cast<double>(step + 1) / warmup_steps);
  const double done = std::min(1.0, static_cast<double>(step) / total);
  switch (schedule.kind) {
    case ScheduleKind::kConstant:
      return ramp;
    case ScheduleKind::kStep:
      return ramp * std::pow(0.1, std::floor(3.0 * done));
    case ScheduleKind::kCosine:
      return ramp * 0.5 * (1.0 + std::cos(std::numbers::pi * done));
  }
  return ramp;
}

}  // namespace posenet::train
