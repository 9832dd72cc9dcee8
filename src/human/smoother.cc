// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/no_throw.h"
#include "human/body.h"
#include "human/one_euro.h"
#include "posenet/track.h"

namespace posenet {
namespace {

using human::smoothing::OneEuroFilter;
using human::smoothing::WeightedLowPass;

// Keypoints with at least this score determine the size of a person.
constexpr float kMinSizeScore = 0.3F;
// People approach within seconds, while raised arms change the box within tenths of a second.
constexpr double kSizeCutoffHz = 0.5;
// The standard deviation of PoseNet's keypoints is about inversely proportional to the square of the score
// (docs/benchmarks/tracking.md), so inverse variances are proportional to its fourth power. Weights use the square
// only: a moving keypoint with a fluctuating score must not lag in every frame with a low score. Lower scores are
// clamped to this minimum, so that weights stay above 0.
constexpr float kMinWeightedScore = 0.05F;

double WeightOf(float score) {
  const auto clamped = static_cast<double>(std::clamp(score, kMinWeightedScore, 1.0F));
  return clamped * clamped;
}

Result<void> CheckSmootherOptions(const PoseSmootherOptions& options) {
  const auto expect_positive = [](const char* name, double value) -> Result<void> {
    if (std::isfinite(value) && value > 0.0) return {};
    return base::Fail(ErrorCode::kInvalidArgument, name, " is ", value, "; expected more than 0");
  };
  const auto expect_not_negative = [](const char* name, double value) -> Result<void> {
    if (std::isfinite(value) && value >= 0.0) return {};
    return base::Fail(ErrorCode::kInvalidArgument, name, " is ", value, "; expected 0 or more");
  };
  POSENET_RETURN_IF_ERROR(expect_positive("min_cutoff_hz", options.min_cutoff_hz));
  POSENET_RETURN_IF_ERROR(expect_not_negative("beta", options.beta));
  POSENET_RETURN_IF_ERROR(expect_positive("derivative_cutoff_hz", options.derivative_cutoff_hz));
  POSENET_RETURN_IF_ERROR(expect_not_negative("noise", options.noise));
  return expect_positive("max_age_ms", options.max_age_ms);
}

Result<void> CheckIds(std::span<const Pose> poses, std::span<const std::int64_t> ids) {
  if (poses.size() != ids.size()) {
    return base::Fail(ErrorCode::kInvalidArgument, "got ", ids.size(), " ids; expected one for each of ", poses.size(),
                      " poses");
  }
  std::unordered_set<std::int64_t> seen;
  for (const std::int64_t id : ids) {
    if (id != 0 && !seen.insert(id).second) {
      return base::Fail(ErrorCode::kInvalidArgument, "id ", id, " occurs twice; expected each person once per frame");
    }
  }
  return {};
}

/// The filters of one person.
struct PersonFilters {
  PersonFilters(const PoseSmootherOptions& options, double time_s)
      : filters(kPartCount, OneEuroFilter(options)), last_seen_s(time_s) {}

  void Smooth(Pose& pose, double time_s) {
    const double seconds = time_s - last_seen_s;
    last_seen_s = time_s;
    size_px.Add(human::body::SizeOf(human::body::BoxOf(pose, kMinSizeScore)), 0.0, 1.0, kSizeCutoffHz, seconds);
    for (std::size_t i = 0; i < kPartCount; ++i) {
      Keypoint& keypoint = pose.keypoints[i];
      filters[i].Add(static_cast<double>(keypoint.position_px.x), static_cast<double>(keypoint.position_px.y),
                     WeightOf(keypoint.score), size_px.x(), seconds);
      keypoint.position_px = {.x = static_cast<float>(filters[i].x()), .y = static_cast<float>(filters[i].y())};
    }
  }

  std::vector<OneEuroFilter> filters;
  WeightedLowPass size_px;
  double last_seen_s;
};

}  // namespace

struct PoseSmoother::Impl {
  explicit Impl(const PoseSmootherOptions& smoother_options) : options(smoother_options) {}

  PoseSmootherOptions options;
  std::unordered_map<std::int64_t, PersonFilters> people;
  double last_time_s = -std::numeric_limits<double>::infinity();
};

PoseSmoother::PoseSmoother(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PoseSmoother::PoseSmoother(PoseSmoother&&) noexcept = default;
PoseSmoother& PoseSmoother::operator=(PoseSmoother&&) noexcept = default;
PoseSmoother::~PoseSmoother() = default;

Result<PoseSmoother> PoseSmoother::Create(const PoseSmootherOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<PoseSmoother> {
    POSENET_RETURN_IF_ERROR(CheckSmootherOptions(options));
    return PoseSmoother(std::make_unique<Impl>(options));
  });
}

Result<void> PoseSmoother::Smooth(std::span<Pose> poses, std::span<const std::int64_t> ids, double time_s) {
  return base::CatchBadAlloc([&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckIds(poses, ids));
    POSENET_RETURN_IF_ERROR(human::body::CheckTime(time_s, impl_->last_time_s));
    POSENET_RETURN_IF_ERROR(human::body::CheckFinite(poses));
    impl_->last_time_s = time_s;
    std::erase_if(impl_->people, [&](const auto& person) {
      return (time_s - person.second.last_seen_s) * 1e3 > impl_->options.max_age_ms;
    });
    for (std::size_t i = 0; i < poses.size(); ++i) {
      if (ids[i] == 0) continue;
      impl_->people.try_emplace(ids[i], impl_->options, time_s).first->second.Smooth(poses[i], time_s);
    }
    return {};
  });
}

void PoseSmoother::Reset() {
  impl_->people.clear();
  impl_->last_time_s = -std::numeric_limits<double>::infinity();
}

}  // namespace posenet
