// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/no_throw.h"
#include "human/body.h"
#include "human/follow_region.h"
#include "human/person_crop.h"
#include "image/image.h"
#include "image/size.h"
#include "image/square_crop.h"
#include "posenet/follow.h"
#include "posenet/movenet.h"
#include "posenet/refine.h"

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

/// The part of `image` at `region`, black where it extends beyond. Refers to `image` or, if it does, to `padded`.
ImageView PartOf(const ImageView& image, const PixelRegion& region, std::vector<std::uint8_t>& padded) {
  const std::ptrdiff_t pixel_bytes = BytesPerPixel(image.format);
  const std::ptrdiff_t stride = image.RowStrideBytes();
  ImageView part = image;
  part.width_px = region.width_px;
  part.height_px = region.height_px;
  const int left = std::max(region.x_px, 0);
  const int top = std::max(region.y_px, 0);
  const int right = std::min(region.x_px + region.width_px, image.width_px);
  const int bottom = std::min(region.y_px + region.height_px, image.height_px);
  if (right - left == region.width_px && bottom - top == region.height_px) {
    part.row_stride_bytes = stride;
    part.data += top * stride + left * pixel_bytes;
    return part;
  }
  part.row_stride_bytes = region.width_px * pixel_bytes;
  padded.assign(static_cast<std::size_t>(part.row_stride_bytes) * static_cast<std::size_t>(region.height_px), 0);
  part.data = padded.data();
  if (right <= left) return part;
  for (int y = top; y < bottom; ++y) {
    std::copy_n(image.data + y * stride + left * pixel_bytes, (right - left) * pixel_bytes,
                padded.data() + (y - region.y_px) * part.row_stride_bytes + (left - region.x_px) * pixel_bytes);
  }
  return part;
}

}  // namespace

struct PersonFollower::Impl {
  Impl(const PoseEstimator& pose_estimator, const PersonFollowerOptions& follower_options)
      : estimator(pose_estimator),
        options(follower_options),
        aspect(static_cast<double>(pose_estimator.options().input_width_px) /
               static_cast<double>(pose_estimator.options().input_height_px)),
        crop(follower_options.region_scale, aspect),
        refiner(pose_estimator.options().refiner.get()) {}

  void Forget() {
    last.reset();
    ClearCrop();
    next_search = 0;
  }

  [[nodiscard]] bool IsMirrored() const { return estimator.options().mirror == Mirror::kHorizontal; }
  [[nodiscard]] bool IsMoveNet() const { return *estimator.options().decoder == PoseDecoder::kMoveNetSingle; }

  void ClearCrop() {
    crop.Clear();
    movenet_crop.Reset();
  }
  /// Adds `pose`, of the current frame.
  void AddToCrop(const Pose& pose) {
    crop.Add(human::body::BoxOf(pose, options.min_keypoint_score));
    movenet_crop.Update(pose, size.width_px, size.height_px);
  }
  [[nodiscard]] PixelRegion NextRegion() const;

  Result<void> EstimateRegion(const ImageView& image, const PixelRegion& region);
  Result<void> RefineLast(const ImageView& image);
  Result<void> UpdateLast(const ImageView& image);
  Result<std::optional<Pose>> Search(const ImageView& image);
  Result<std::optional<Pose>> Follow(const ImageView& image);

  const PoseEstimator& estimator;
  PersonFollowerOptions options;
  double aspect;
  // In the coordinates of the result, which may be mirrored. A MoveNet uses that of TensorFlow.js.
  human::FollowRegion crop;
  MoveNetCrop movenet_crop;
  const PersonRefiner* refiner;      // Of the estimator; may be null.
  std::optional<Pose> last;          // Pose of the followed person.
  std::vector<Pose> poses;           // Of EstimateRegion and RefineLast.
  std::vector<std::uint8_t> padded;  // A region that extends beyond the image.
  // While nobody is followed: 0 searches all regions at once; i > 0 searches region i - 1.
  std::size_t next_search = 0;
  image::Size size;  // Of the frames.
};

/// The crop of the next frame, around `last`.
PixelRegion PersonFollower::Impl::NextRegion() const {
  if (refiner != nullptr) {
    const auto crop_around = human::CropAround(*last, refiner->options());
    if (!crop_around) return {.width_px = size.width_px, .height_px = size.height_px};
    const image::SquareCrop& square = crop_around->square;
    const double half_px = 0.5 * square.side_px;
    return human::PixelRegionOf({.left_px = square.center_x_px + 0.5 - half_px,
                                 .top_px = square.center_y_px + 0.5 - half_px,
                                 .side_px = square.side_px},
                                size);
  }
  if (IsMoveNet()) return human::PixelRegionOf(movenet_crop.Region(size.width_px, size.height_px), size);
  return crop.RegionIn(size);
}

/// Sets `poses` to those in `region` with at least the minimum score, in coordinates of the image.
Result<void> PersonFollower::Impl::EstimateRegion(const ImageView& image, const PixelRegion& region) {
  PixelRegion source = region;
  if (IsMirrored()) source.x_px = image.width_px - region.x_px - region.width_px;
  POSENET_RETURN_IF_ERROR(estimator.Estimate(PartOf(image, source, padded), poses));
  std::erase_if(poses, [&](const Pose& pose) { return !(pose.score >= options.min_pose_score) || !IsFinite(pose); });
  for (Pose& pose : poses) {
    for (Keypoint& keypoint : pose.keypoints) {
      keypoint.position_px.x += static_cast<float>(region.x_px);
      keypoint.position_px.y += static_cast<float>(region.y_px);
    }
  }
  return {};
}

/// Sets `poses` to `last`, refined, if it then has at least the minimum score.
Result<void> PersonFollower::Impl::RefineLast(const ImageView& image) {
  poses.assign(1, *last);
  poses[0].score = 0.0F;  // The refiner multiplies the score of a pose on which it fails by its minimum.
  if (IsMirrored()) human::body::MirrorPoses(image.width_px, poses);
  POSENET_RETURN_IF_ERROR(refiner->Refine(image, poses));
  if (IsMirrored()) human::body::MirrorPoses(image.width_px, poses);
  const float min_score = std::max(options.min_pose_score, refiner->options().min_pose_score);
  std::erase_if(poses, [&](const Pose& pose) { return !(pose.score >= min_score) || !IsFinite(pose); });
  return {};
}

/// Estimates the crop around `last` and sets it to the nearest pose within the gate, or to nothing.
Result<void> PersonFollower::Impl::UpdateLast(const ImageView& image) {
  POSENET_RETURN_IF_ERROR(refiner != nullptr ? RefineLast(image) : EstimateRegion(image, NextRegion()));
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
  // A refiner has seen a crop already.
  if (!found || refiner != nullptr) return found;
  ClearCrop();
  AddToCrop(*found);
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
  if (last) AddToCrop(*last);
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
  return impl_->NextRegion();
}

}  // namespace posenet
