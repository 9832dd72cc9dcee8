// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/no_throw.h"
#include "human/body.h"
#include "image/image.h"
#include "image/size.h"
#include "posenet/follow.h"
#include "posenet/refine.h"

namespace posenet {
namespace {

// A person not detected again within this time has most likely left, or is occluded for longer.
constexpr double kSearchSeconds = 0.5;

Result<void> CheckPeopleFollowerOptions(const PoseEstimator& estimator, const PeopleFollowerOptions& options) {
  if (estimator.options().refiner == nullptr) {
    return base::Fail(ErrorCode::kInvalidArgument,
                      "the estimator has no refiner; set PoseEstimatorOptions::refiner to follow people");
  }
  if (options.propose_every < 1 || options.propose_every > kMaxProposeEvery) {
    return base::Fail(ErrorCode::kInvalidArgument, "propose_every is ", options.propose_every, "; expected 1 to ",
                      kMaxProposeEvery);
  }
  if (!(options.min_pose_score >= 0.0F && options.min_pose_score <= 1.0F)) {
    return base::Fail(ErrorCode::kInvalidArgument, "min_pose_score is ", options.min_pose_score, "; expected 0 to 1");
  }
  return {};
}

}  // namespace

struct PeopleFollower::Impl {
  Impl(const PoseEstimator& pose_estimator, const PeopleFollowerOptions& follower_options, PoseTracker pose_tracker)
      : estimator(pose_estimator),
        refiner(*pose_estimator.options().refiner),
        options(follower_options),
        tracker(std::move(pose_tracker)) {}

  void Forget() {
    tracker.Reset();
    ids.clear();
    frames_since_proposal = 0;
  }

  [[nodiscard]] bool IsMirrored() const {
    return options.decode.mirror.value_or(estimator.options().mirror) == Mirror::kHorizontal;
  }

  Result<bool> Predict(double time_s);
  Result<bool> RefinePredicted(const ImageView& image);
  Result<void> EstimateFrame(const ImageView& image, double time_s);

  const PoseEstimator& estimator;
  const PersonRefiner& refiner;
  PeopleFollowerOptions options;
  PoseTracker tracker;
  std::vector<Pose> poses;        // Of the current frame: predicted, then estimated.
  std::vector<std::int64_t> ids;  // Of `poses`.
  int frames_since_proposal = 0;  // Frames without the estimator.
  std::int64_t proposal_count = 0;
  image::Size size;  // Of the frames.
};

/// Sets `poses` to those predicted of the people of the previous frame. Returns false if the estimator is needed.
Result<bool> PeopleFollower::Impl::Predict(double time_s) {
  poses.clear();
  POSENET_ASSIGN_OR_RETURN(const std::vector<TrackPrediction> tracks, tracker.Predict(time_s));
  bool follows_confirmed = false;
  bool searches = false;
  for (const TrackPrediction& track : tracks) {
    if (track.missed_s > 0.0) {
      searches = searches || (track.is_confirmed && track.missed_s <= kSearchSeconds);
      continue;
    }
    follows_confirmed = follows_confirmed || track.is_confirmed;
    poses.push_back(track.pose);
  }
  return follows_confirmed && !searches && frames_since_proposal + 1 < options.propose_every;
}

/// Refines the predicted `poses`. Returns false if not everybody was found again.
Result<bool> PeopleFollower::Impl::RefinePredicted(const ImageView& image) {
  const bool is_mirrored = IsMirrored();
  const std::size_t expected = poses.size();
  // The refiner multiplies the score of a pose on which it fails by its minimum.
  for (Pose& pose : poses) pose.score = 0.0F;
  if (is_mirrored) human::body::MirrorPoses(image.width_px, poses);
  POSENET_RETURN_IF_ERROR(refiner.Refine(image, poses));
  if (is_mirrored) human::body::MirrorPoses(image.width_px, poses);
  const float min_score = std::max(options.min_pose_score, refiner.options().min_pose_score);
  return poses.size() == expected &&
         std::all_of(poses.begin(), poses.end(), [&](const Pose& pose) { return pose.score >= min_score; });
}

Result<void> PeopleFollower::Impl::EstimateFrame(const ImageView& image, double time_s) {
  POSENET_ASSIGN_OR_RETURN(bool is_found, Predict(time_s));
  if (is_found) {
    POSENET_ASSIGN_OR_RETURN(is_found, RefinePredicted(image));
  }
  ++frames_since_proposal;
  if (!is_found) {
    POSENET_RETURN_IF_ERROR(estimator.Estimate(image, options.decode, poses));
    frames_since_proposal = 0;
    ++proposal_count;
    std::erase_if(poses, [&](const Pose& pose) { return !(pose.score >= options.min_pose_score); });
  }
  POSENET_ASSIGN_OR_RETURN(ids, tracker.Update(poses, time_s));
  return {};
}

PeopleFollower::PeopleFollower(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PeopleFollower::PeopleFollower(PeopleFollower&&) noexcept = default;
PeopleFollower& PeopleFollower::operator=(PeopleFollower&&) noexcept = default;
PeopleFollower::~PeopleFollower() = default;

Result<PeopleFollower> PeopleFollower::Create(const PoseEstimator& estimator, const PeopleFollowerOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<PeopleFollower> {
    POSENET_RETURN_IF_ERROR(CheckPeopleFollowerOptions(estimator, options));
    POSENET_ASSIGN_OR_RETURN(PoseTracker tracker, PoseTracker::Create(options.tracker));
    return PeopleFollower(std::make_unique<Impl>(estimator, options, std::move(tracker)));
  });
}

Result<std::vector<Pose>> PeopleFollower::Estimate(const ImageView& image, double time_s) {
  return base::CatchBadAlloc([&]() -> Result<std::vector<Pose>> {
    POSENET_RETURN_IF_ERROR(image::CheckView(image));
    Impl& impl = *impl_;
    if (image::SizeOf(image) != impl.size) impl.Forget();
    impl.size = image::SizeOf(image);
    if (const Result<void> done = impl.EstimateFrame(image, time_s); !done.has_value()) {
      impl.Forget();
      return tl::unexpected(done.error());
    }
    return impl.poses;
  });
}

std::span<const std::int64_t> PeopleFollower::ids() const { return impl_->ids; }

void PeopleFollower::Reset() { impl_->Forget(); }

std::int64_t PeopleFollower::proposal_count() const { return impl_->proposal_count; }

}  // namespace posenet
