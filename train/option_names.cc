// SPDX-License-Identifier: Apache-2.0
// Kinds by their names, and schedules.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "nn/plan.h"
#include "train/loss_options.h"
#include "train/optimizer_options.h"
#include "train/precision.h"

namespace posenet::train {
namespace {

constexpr std::array kOptimizers = {OptimizerKind::kAdam, OptimizerKind::kAdamW, OptimizerKind::kSgd,
                                    OptimizerKind::kAdaGrad};
constexpr std::array kSchedules = {ScheduleKind::kConstant, ScheduleKind::kStep, ScheduleKind::kCosine};

}  // namespace

std::string_view LossName(LossKind kind) {
  switch (kind) {
    case LossKind::kBeta:
      return "beta";
    case LossKind::kLearned:
      return "learned";
    case LossKind::kGeometric:
      return "geometric";
  }
  return "";
}

std::optional<LossKind> LossOf(std::string_view name) {
  for (const LossKind kind : {LossKind::kBeta, LossKind::kLearned, LossKind::kGeometric}) {
    if (name == LossName(kind)) return kind;
  }
  return std::nullopt;
}

std::string_view OptimizerName(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::kAdam:
      return "adam";
    case OptimizerKind::kAdamW:
      return "adamw";
    case OptimizerKind::kSgd:
      return "sgd";
    case OptimizerKind::kAdaGrad:
      return "adagrad";
  }
  return "";
}

std::optional<OptimizerKind> OptimizerOf(std::string_view name) {
  const auto* const found = std::ranges::find(kOptimizers, name, OptimizerName);
  return found == kOptimizers.end() ? std::nullopt : std::optional(*found);
}

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
  const auto* const found = std::ranges::find(kSchedules, name, ScheduleName);
  return found == kSchedules.end() ? std::nullopt : std::optional(*found);
}

std::string_view ConvPrecisionName(ConvPrecision precision) {
  return precision == ConvPrecision::kBFloat16 ? "bf16" : "fp32";
}

std::optional<ConvPrecision> ConvPrecisionOf(std::string_view name) {
  for (const ConvPrecision precision : {ConvPrecision::kFloat32, ConvPrecision::kBFloat16}) {
    if (name == ConvPrecisionName(precision)) return precision;
  }
  return std::nullopt;
}

ConvPrecision FastConvPrecision() {
  return nn::TraitsOfInstructionSet({}).has_bfloat16 ? ConvPrecision::kBFloat16 : ConvPrecision::kFloat32;
}

double ScheduleAt(const OptimizerOptions& options, std::int64_t step, std::int64_t total_steps) {
  const auto warmup = static_cast<double>(std::min(options.warmup_steps, total_steps / 10));
  const double ramp = warmup > 0.0 ? std::min(1.0, static_cast<double>(step + 1) / warmup) : 1.0;
  const double done =
      std::min(1.0, static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(1, total_steps)));
  switch (options.schedule) {
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
