// SPDX-License-Identifier: Apache-2.0
// Videos of somebody small in the frame, of real photos with labels.
#ifndef POSENET_BENCH_TRACK_SMALL_PERSON_H_
#define POSENET_BENCH_TRACK_SMALL_PERSON_H_

#include <array>
#include <cstdint>
#include <vector>

#include "human/coco.h"
#include "image/image.h"
#include "posenet/follow.h"

namespace posenet::bench {

/// The surroundings of a labelled person, cut out of a photo, before a plain background of the photo's mean colour, in
/// frames of 4:3 whose height the person fills to a share. The cut-out moves smoothly, about as fast as somebody walks
/// at 30 frames a second. Whole pixels of the photo: nothing is resampled.
class SmallPersonVideo {
 public:
  /// `share` of the frame's height, in (0, 1].
  SmallPersonVideo(const image::Image& photo, const human::coco::Person& person, double share);

  /// Frame `index`, and where the photo's corner is in it, in pixels.
  image::Image FrameAt(int index, Point& corner_px) const;

 private:
  const image::Image& photo_;
  int cut_x_ = 0;  // Of the photo.
  int cut_y_ = 0;
  int cut_width_ = 0;
  int cut_height_ = 0;
  int width_ = 0;  // Of the frame.
  int height_ = 0;
  double walk_px_ = 0.0;  // A frame.
  std::array<std::uint8_t, 3> background_ = {};
};

/// Distances of estimated from labelled keypoints in sizes of the person, over all frames, sorted; of who is not found,
/// as many as were labelled, infinite.
struct FollowErrors {
  std::vector<double> whole_frame;  ///< Of the pose nearest to the labels that the estimator finds in the whole frame.
  std::vector<double> followed;     ///< Of the PersonFollower's.
};

Result<void> CompareFollowing(const PoseEstimator& estimator, const image::Image& photo,
                              const human::coco::Person& person, double share, int frames, FollowErrors& errors);

double Median(std::vector<double> values);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_SMALL_PERSON_H_
