// SPDX-License-Identifier: Apache-2.0
// Single-person pose estimation in video: the network sees a crop around the person of the previous frame, at the full
// resolution of the image.
//
//   auto follower = posenet::PersonFollower::Create(*estimator);
//   for each frame: auto pose = follower->Estimate(frame);  // Empty while no person is visible.
#ifndef POSENET_FOLLOW_H_
#define POSENET_FOLLOW_H_

#include <memory>
#include <optional>

#include "posenet/human.h"
#include "posenet/image.h"
#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet {

inline constexpr double kMaxRegionScale = 10.0;  ///< Largest PersonFollowerOptions::region_scale.

/// Options of a PersonFollower.
struct PersonFollowerOptions {
  /// Side of the crop relative to the bounding box of the person's keypoints: a margin for motion and for what the
  /// keypoints do not cover. 1 to kMaxRegionScale.
  double region_scale = 1.5;
  /// The person is lost if the pose scores less. In [0, 1].
  float min_pose_score = 0.2F;
  /// Keypoints that score less do not extend the bounding box. In [0, 1].
  float min_keypoint_score = 0.2F;
};

/// A rectangle of whole pixels.
struct PixelRegion {
  int x_px = 0;  ///< Left edge.
  int y_px = 0;  ///< Top edge.
  int width_px = 0;
  int height_px = 0;
};

/// Follows one person through a video with a PoseEstimator. Once a person is detected, only a crop around them is
/// evaluated, in the aspect ratio of the network's input. This is more accurate for people who are small in the frame
/// and costs one run of the network per frame. One instance per video; not thread-safe, but several followers may share
/// an estimator. Movable; a moved-from follower may only be assigned to or destroyed.
class PersonFollower {
 public:
  /// `estimator` must outlive the follower. Errors: kInvalidArgument for an option out of range.
  static Result<PersonFollower> Create(const PoseEstimator& estimator, const PersonFollowerOptions& options = {});

  PersonFollower(PersonFollower&&) noexcept;
  PersonFollower& operator=(PersonFollower&&) noexcept;
  ~PersonFollower();

  /// The person in `image`, in pixels of `image`, or nothing if none is visible. Of several people, returns the one
  /// nearest to the previous pose or, if there is none, the one with the highest score.
  ///
  /// The first frame is searched completely: the whole frame, then overlapping parts of it for people who are too small
  /// in the whole (six parts for a 4:3 frame and a square input). Later frames without a person to follow search one of
  /// these regions per frame; when the person is lost, the whole frame is searched at once. A newly detected person is
  /// re-estimated from a close-up crop of the same frame. A change of the frame size, or an error of the estimator,
  /// acts as Reset. Errors: as PoseEstimator::Estimate.
  Result<std::optional<Pose>> Estimate(const ImageView& image);

  /// Forgets the person: the next frame is searched like the first.
  void Reset();

  /// The crop of the next frame, provided that its size is the same; nothing while no person is followed.
  [[nodiscard]] std::optional<PixelRegion> region() const;

 private:
  struct Impl;
  explicit PersonFollower(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_FOLLOW_H_
