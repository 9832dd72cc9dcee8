// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/no_throw.h"
#include "human/body.h"
#include "human/follow_region.h"
#include "image/image.h"
#include "image/size.h"
#include "posenet/follow.h"

namespace posenet {
namespace {

// The gate: a pose further than this from the previous one, in sizes of the person, belongs to another person. A runner
// moves a fifth per frame.
constexpr double kMaxStepSizes = 0.7;

Result<void> CheckFollowerOptions(const PersonFollowerOptions& options) {
  if (!(options.region_scale >= 1.0 && options.region_scale <= kMaxRegionScale)) {
    return base::Fail(ErrorCode::kInvalidArgument, "region_scale is ", options.region_scale, "; expected 1 to ",
                      kMaxRegionScale);
  }
  const auto check = [](const char* name, float score) -> Result<void> {
    if (score >= 0.0F && score <= 1.0F) return {};
    return base::Fail(ErrorCode::kInvalidArgument, name, " is ", score, "; expected 0 to 1");
  };
  POSENET_RETURN_IF_ERROR(check("min_pose_score", options.min_pose_score));
  return check("min_keypoint_score", options.min_keypoint_score);
}

bool IsFinite(const Pose& pose) { return human::body::CheckFinite({&pose, 1}).has_value(); }

/// The mean distance of the keypoints that are confident in both poses, or of all if there are none.
double MeanDistance(const Pose& a, const Pose& b, float min_score) {
  double sum = 0.0;
  double sum_of_all = 0.0;
  int common = 0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const Keypoint& one = a.keypoints[i];
    const Keypoint& other = b.keypoints[i];
    const double distance = human::body::DistancePx(one, other);
    sum_of_all += distance;
    if (one.score < min_score || other.score < min_score) continue;
    sum += distance;
    ++common;
  }
  return common > 0 ? sum / common : sum_of_all / kPartCount;
}

/// The part of `image` at `region`, which must be inside of it.
ImageView PartOf(const ImageView& image, const PixelRegion& region) {
  ImageView part = image;
  part.row_stride_bytes = image.RowStrideBytes();
  part.data +=
      region.y_px * part.row_stride_bytes + static_cast<std::ptrdiff_t>(region.x_px) * BytesPerPixel(image.format);
  part.width_px = region.width_px;
  part.height_px = region.height_px;
  return part;
}

}  // namespace

struct PersonFollower::Impl {
  Impl(const PoseEstimator& pose_estimator, const PersonFollowerOptions& follower_options)
      : estimator(pose_estimator),
        options(follower_options),
        aspect(static_cast<double>(pose_estimator.options().input_width_px) /
               static_cast<double>(pose_estimator.options().input_height_px)),
        crop(follower_options.region_scale, aspect) {}

  void Forget() {
    last.reset();
    crop.Clear();
    next_search = 0;
  }

  Result<void> EstimateRegion(const ImageView& image, const PixelRegion& region);
  Result<void> UpdateLast(const ImageView& image);
  Result<std::optional<Pose>> Search(const ImageView& image);
  Result<std::optional<Pose>> Follow(const ImageView& image);

  const PoseEstimator& estimator;
  PersonFollowerOptions options;
  double aspect;
  human::FollowRegion crop;  // In the coordinates of the result, which may be mirrored.
  std::optional<Pose> last;  // Of the person who is followed.
  std::vector<Pose> poses;   // Of EstimateRegion.
  // While nobody is followed: 0 searches all regions at once; i > 0 searches region i - 1.
  std::size_t next_search = 0;
  image::Size size;  // Of the frames.
};

/// Sets `poses` to those in `region` with at least the minimum score, in coordinates of the image.
Result<void> PersonFollower::Impl::EstimateRegion(const ImageView& image, const PixelRegion& region) {
  PixelRegion source = region;
  if (estimator.options().mirror == Mirror::kHorizontal) source.x_px = image.width_px - region.x_px - region.width_px;
  POSENET_RETURN_IF_ERROR(estimator.Estimate(PartOf(image, source), poses));
  std::erase_if(poses, [&](const Pose& pose) { return !(pose.score >= options.min_pose_score) || !IsFinite(pose); });
  for (Pose& pose : poses) {
    for (Keypoint& keypoint : pose.keypoints) {
      keypoint.position_px.x += static_cast<float>(region.x_px);
      keypoint.position_px.y += static_cast<float>(region.y_px);
    }
  }
  return {};
}

/// Estimates the crop around `last` and sets it to the nearest pose within the gate, or to nothing.
Result<void> PersonFollower::Impl::UpdateLast(const ImageView& image) {
  POSENET_RETURN_IF_ERROR(EstimateRegion(image, crop.RegionIn(image::SizeOf(image))));
  std::optional<Pose> nearest;
  double nearest_px = kMaxStepSizes * human::body::SizeOf(human::body::BoxOf(*last, options.min_keypoint_score));
  for (const Pose& pose : poses) {
    const double distance_px = MeanDistance(pose, *last, options.min_keypoint_score);
    if (distance_px >= nearest_px) continue;
    nearest = pose;
    nearest_px = distance_px;
  }
  last = nearest;
  return {};
}

/// Searches for a new person: in all regions at first, then in one region per frame. Re-estimates the person from a
/// close-up crop, and follows them if they are still detected.
Result<std::optional<Pose>> PersonFollower::Impl::Search(const ImageView& image) {
  std::vector<PixelRegion> regions = human::SearchRegions(image::SizeOf(image), aspect);
  regions.insert(regions.begin(), {.width_px = image.width_px, .height_px = image.height_px});
  if (next_search > 0) regions = {regions[(next_search - 1) % regions.size()]};
  ++next_search;
  for (const PixelRegion& region : regions) {
    POSENET_RETURN_IF_ERROR(EstimateRegion(image, region));
    for (const Pose& pose : poses) {
      if (!last || pose.score > last->score) last = pose;
    }
  }
  const std::optional<Pose> found = last;
  if (!found) return found;
  crop.Clear();
  crop.Add(human::body::BoxOf(*found, options.min_keypoint_score));
  POSENET_RETURN_IF_ERROR(UpdateLast(image));
  return last ? last : found;
}

Result<std::optional<Pose>> PersonFollower::Impl::Follow(const ImageView& image) {
  std::optional<Pose> pose;
  if (last) {
    POSENET_RETURN_IF_ERROR(UpdateLast(image));
    pose = last;
    next_search = 1;  // If the person is lost, search the whole frame first.
  }
  if (!last) {
    POSENET_ASSIGN_OR_RETURN(pose, Search(image));
  }
  if (last) crop.Add(human::body::BoxOf(*last, options.min_keypoint_score));
  return pose;
}

PersonFollower::PersonFollower(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PersonFollower::PersonFollower(PersonFollower&&) noexcept = default;
PersonFollower& PersonFollower::operator=(PersonFollower&&) noexcept = default;
PersonFollower::~PersonFollower() = default;

Result<PersonFollower> PersonFollower::Create(const PoseEstimator& estimator, const PersonFollowerOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<PersonFollower> {
    POSENET_RETURN_IF_ERROR(CheckFollowerOptions(options));
    return PersonFollower(std::make_unique<Impl>(estimator, options));
  });
}

Result<std::optional<Pose>> PersonFollower::Estimate(const ImageView& image) {
  return base::CatchBadAlloc([&]() -> Result<std::optional<Pose>> {
    POSENET_RETURN_IF_ERROR(image::CheckView(image));
    Impl& impl = *impl_;
    if (image::SizeOf(image) != impl.size) impl.Forget();
    impl.size = image::SizeOf(image);
    Result<std::optional<Pose>> pose = impl.Follow(image);
    if (!pose.has_value()) impl.Forget();
    return pose;
  });
}

void PersonFollower::Reset() { impl_->Forget(); }

std::optional<PixelRegion> PersonFollower::region() const {
  if (!impl_->last) return std::nullopt;
  return impl_->crop.RegionIn(impl_->size);
}

}  // namespace posenet
