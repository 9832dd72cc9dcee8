// SPDX-License-Identifier: Apache-2.0
#include "estimator_set.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace posenet::server {
namespace {

bool DecodesAlike(const PoseEstimatorOptions& a, const PoseEstimatorOptions& b) {
  if (a.decoder != b.decoder) return false;
  // The decoder of one person has no numbers.
  return a.decoder == PoseDecoder::kTfjsSingle ||
         (a.multi.max_poses == b.multi.max_poses && a.multi.score_threshold == b.multi.score_threshold &&
          a.multi.nms_radius_px == b.multi.nms_radius_px);
}

}  // namespace

EstimatorSet::EstimatorSet(Model model, PoseEstimator estimator)
    : model_(std::move(model)), first_(std::make_shared<const PoseEstimator>(std::move(estimator))) {}

Result<std::shared_ptr<const PoseEstimator>> EstimatorSet::For(const HumanRequest& request) {
  PoseEstimatorOptions wanted = first_->options();
  wanted.decoder = request.decoder.has_value() ? request.decoder : wanted.decoder;
  wanted.multi.max_poses = request.multi.max_poses.value_or(*wanted.multi.max_poses);
  wanted.multi.score_threshold = request.multi.score_threshold.value_or(*wanted.multi.score_threshold);
  wanted.multi.nms_radius_px = request.multi.nms_radius_px.value_or(*wanted.multi.nms_radius_px);
  if (DecodesAlike(wanted, first_->options())) return first_;

  // Kept while one is made, so that workers that want the same do not all make it.
  const std::lock_guard lock(mutex_);
  const auto found =
      std::ranges::find_if(variants_, [&](const auto& variant) { return DecodesAlike(variant->options(), wanted); });
  if (found != variants_.end()) {
    variants_.splice(variants_.begin(), variants_, found);
    return variants_.front();
  }
  POSENET_ASSIGN_OR_RETURN(PoseEstimator made, PoseEstimator::Create(model_, wanted));
  // Who is using the oldest goes on with it; it goes with its last user.
  if (variants_.size() == kMaxVariants) variants_.pop_back();
  variants_.push_front(std::make_shared<const PoseEstimator>(std::move(made)));
  return variants_.front();
}

}  // namespace posenet::server
