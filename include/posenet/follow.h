// SPDX-License-Identifier: Apache-2.0
// Pose estimation in video that uses the previous frame. For one person, PersonFollower: the network sees a crop around
// the person, at the full resolution of the image. For any number, PeopleFollower: MoveNet refines the predicted poses,
// and the network that detects people runs only every few frames.
//
//   auto follower = posenet::PersonFollower::Create(*estimator);
//   for each frame: auto pose = follower->Estimate(frame);  // Empty while no person is visible.
//
//   auto people = posenet::PeopleFollower::Create(*estimator_with_refiner);
//   for each frame: auto poses = people->Estimate(frame, time_s);
#ifndef POSENET_FOLLOW_H_
#define POSENET_FOLLOW_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "posenet/human.h"
#include "posenet/image.h"
#include "posenet/pose.h"
#include "posenet/result.h"
#include "posenet/track.h"

namespace posenet {

inline constexpr double kMaxRegionScale = 10.0;  ///< Largest PersonFollowerOptions::region_scale.

/// Options of a PersonFollower.
struct PersonFollowerOptions {
  /// Side of the crop of a PoseNet relative to the bounding box of the person's keypoints: a margin for motion and for
  /// what the keypoints do not cover. 1 to kMaxRegionScale.
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
/// evaluated. This is more accurate for people who are small in the frame and costs one run of a network per frame:
///
/// - of a PoseNet, on the smoothed bounding box of the keypoints, in the aspect ratio of the network's input;
/// - of a MoveNet for one person, on the square of MoveNetCrop, as in TensorFlow.js;
/// - if the estimator has a refiner, of the refiner alone, on its crop around the last pose.
///
/// One instance per video; not thread-safe, but several followers may share an estimator. Movable; a moved-from
/// follower may only be assigned to or destroyed.
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
  /// re-estimated from a close-up crop of the same frame, if the estimator has no refiner that did so. A change of the
  /// frame size, or an error of the estimator, acts as Reset. Errors: as PoseEstimator::Estimate.
  Result<std::optional<Pose>> Estimate(const ImageView& image);

  /// Forgets the person: the next frame is searched like the first.
  void Reset();

  /// The crop of the next frame, provided that its size is the same; nothing while no person is followed. That of a
  /// MoveNet may extend beyond the frame, where it is black, and that of a refiner may be rotated.
  [[nodiscard]] std::optional<PixelRegion> region() const;

 private:
  struct Impl;
  explicit PersonFollower(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

inline constexpr int kMaxProposeEvery = 1000;  ///< Largest PeopleFollowerOptions::propose_every.

/// Options of a PeopleFollower.
struct PeopleFollowerOptions {
  /// The estimator runs at least every that many frames, 1 to kMaxProposeEvery; a new person appears within so many
  /// frames. 1 runs it in every frame.
  int propose_every = 10;
  /// A person is lost if the refined pose scores less, or less than PersonRefinerOptions::min_pose_score. In [0, 1].
  float min_pose_score = 0.15F;
  /// Of the tracks by which poses are predicted.
  PoseTrackerOptions tracker = {};
  /// Of each call of the estimator.
  PoseDecodeOptions decode = {};
};

/// Follows the people in a video with an estimator that has a refiner. In most frames, only the refiner runs, on the
/// predicted pose of each person detected in the previous frame, so that one person costs one run of MoveNet.
/// The estimator itself runs, and refines what it detects:
///
/// - in every frame until a track is confirmed, and then at least every PeopleFollowerOptions::propose_every frames;
/// - if the refiner does not find each person of the previous frame again, and then in every frame for up to half a
///   second until the person is detected again.
///
/// One instance per video; not thread-safe, but several followers may share an estimator. Movable; a moved-from
/// follower may only be assigned to or destroyed.
class PeopleFollower {
 public:
  /// `estimator` must outlive the follower. Errors: kInvalidArgument for an option out of range, or if the estimator
  /// has no refiner (PoseEstimatorOptions::refiner).
  static Result<PeopleFollower> Create(const PoseEstimator& estimator, const PeopleFollowerOptions& options = {});

  PeopleFollower(PeopleFollower&&) noexcept;
  PeopleFollower& operator=(PeopleFollower&&) noexcept;
  ~PeopleFollower();

  /// The people in `image`, in pixels of `image`, in descending order of score; poses below the minimum score are left
  /// out. `time_s` is the time of the frame, by any monotonic clock. A change of the frame size, or an error, acts as
  /// Reset. Errors: as PoseEstimator::Estimate; kInvalidArgument if time decreases or is not finite.
  Result<std::vector<Pose>> Estimate(const ImageView& image, double time_s);

  /// The track ID of each pose that the last call of Estimate returned, as PoseTracker::Update returns them: 0 while
  /// the track is tentative. Empty after an error. Valid until the next call of a member function.
  [[nodiscard]] std::span<const std::int64_t> ids() const;

  /// Forgets all people: the estimator runs in the next frame. IDs are not reused.
  void Reset();

  /// The number of frames in which the estimator ran.
  [[nodiscard]] std::int64_t proposal_count() const;

 private:
  struct Impl;
  explicit PeopleFollower(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_FOLLOW_H_
