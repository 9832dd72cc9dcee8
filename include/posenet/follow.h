// SPDX-License-Identifier: Apache-2.0
// One person of a video at the full sharpness of the image: the network looks where the person was last.
//
//   auto follower = posenet::PersonFollower::Create(*estimator);
//   for each frame: auto pose = follower->Estimate(frame);  // nothing while nobody is seen
#ifndef POSENET_FOLLOW_H_
#define POSENET_FOLLOW_H_

#include <memory>
#include <optional>

#include "posenet/human.h"
#include "posenet/image.h"
#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet {

/// Options of a PersonFollower.
struct PersonFollowerOptions {
  /// The side of the region that is looked at, in sides of the box around the person's keypoints: room to move, and for
  /// what keypoints leave out of a person. From 1 to 10.
  double region_scale = 1.5;
  /// A person of a lower score is lost. In [0, 1].
  float min_pose_score = 0.2F;
  /// Keypoints of a lower score do not stretch the region. In [0, 1].
  float min_keypoint_score = 0.2F;
};

/// A rectangle of whole pixels.
struct PixelRegion {
  int x_px = 0;
  int y_px = 0;
  int width_px = 0;
  int height_px = 0;
};

/// Follows one person with a PoseEstimator. Once somebody is found, only a region around them is looked at, of the
/// shape of the network's input, so that all of its input shows the person: more accurate for people who are small in
/// the frame, at the cost of one run of the network a frame. Movable; one video each; not for use from two threads at
/// once (several may share an estimator).
class PersonFollower {
 public:
  /// Follows with `estimator`, which must outlive this.
  /// Errors: kInvalidArgument for options out of range.
  static Result<PersonFollower> Create(const PoseEstimator& estimator, const PersonFollowerOptions& options = {});

  PersonFollower(PersonFollower&&) noexcept;
  PersonFollower& operator=(PersonFollower&&) noexcept;
  ~PersonFollower();

  /// The person in `image`, in pixels of the whole of it, or nothing when nobody is seen. Of several people the one
  /// nearest to the last pose is taken, or, while nobody is followed, the surest. The first frame is searched at once:
  /// all of it, then parts of it, for people who are too small in all of it (six for a frame of 4:3 and a square
  /// input). Later, while nobody is followed, one of these a frame, and all of the frame at once when the person is
  /// lost. Who is found is looked at again from near, in the same frame. A frame of another size begins anew, and so
  /// does one after an error of the estimator. Errors: those of PoseEstimator::Estimate.
  Result<std::optional<Pose>> Estimate(const ImageView& image);

  /// Begins anew: the next frame is searched as the first one.
  void Reset();

  /// Where the next frame of the same size will be looked at; nothing while nobody is followed.
  [[nodiscard]] std::optional<PixelRegion> region() const;

 private:
  struct Impl;
  explicit PersonFollower(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_FOLLOW_H_
