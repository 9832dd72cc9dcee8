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

using human::smoothing::FadingMean;
using human::smoothing::OneEuroFilter;

// Keypoints of which the size of a person is measured.
constexpr float kMinSizeScore = 0.3F;
// People come nearer within seconds, their arms go up within tenths.
constexpr double kSizeCutoffHz = 0.5;
// PoseNet's noise is about inversely proportional to the square of the score (docs/tracking.md), which would make
// weights, inverse variances, its fourth power. Half of that: a keypoint whose score flickers while it moves must not
// lag in every weak frame. What is below counts as this, so that weights stay above 0.
constexpr float kLeastKeypointScore = 0.05F;

double WeightOf(float score) {
  const auto clamped = static_cast<double>(std::clamp(score, kLeastKeypointScore, 1.0F));
  return clamped * clamped;
}

Result<void> CheckSmootherOptions(const PoseSmootherOptions& options) {
  const auto check = [](const char* name, double value, bool may_be_zero) -> Result<void> {
    if (std::isfinite(value) && (value > 0.0 || (may_be_zero && value == 0.0))) return {};
    return base::Fail(ErrorCode::kInvalidArgument, name, " is ", value, "; expected ",
                      may_be_zero ? "0 or more" : "more than 0");
  };
  POSENET_RETURN_IF_ERROR(check("min_cutoff_hz", options.min_cutoff_hz, false));
  POSENET_RETURN_IF_ERROR(check("beta", options.beta, true));
  POSENET_RETURN_IF_ERROR(check("derivative_cutoff_hz", options.derivative_cutoff_hz, false));
  POSENET_RETURN_IF_ERROR(check("noise", options.noise, true));
  return check("max_age_ms", options.max_age_ms, false);
}

Result<void> CheckIds(std::span<const Pose> poses, std::span<const std::int64_t> ids) {
  if (poses.size() != ids.size()) {
    return base::Fail(ErrorCode::kInvalidArgument, "ids are ", ids.size(), "; expected one for each of ", poses.size(),
                      " poses");
  }
  std::unordered_set<std::int64_t> seen;
  for (const std::int64_t id : ids) {
    if (id != 0 && !seen.insert(id).second) {
      return base::Fail(ErrorCode::kInvalidArgument, "id ", id, " comes twice; expected a person once in a frame");
    }
  }
  return {};
}

/// The filters of one person.
struct SmoothedPerson {
  SmoothedPerson(const PoseSmootherOptions& options, double time_s)
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
  FadingMean size_px;
  double last_seen_s;
};

}  // namespace

struct PoseSmoother::Impl {
  explicit Impl(const PoseSmootherOptions& smoother_options) : options(smoother_options) {}

  PoseSmootherOptions options;
  std::unordered_map<std::int64_t, SmoothedPerson> people;
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
