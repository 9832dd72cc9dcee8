// SPDX-License-Identifier: Apache-2.0
// Simulated videos of people who are small in the frame, from annotated photos.
#ifndef POSENET_BENCH_TRACK_SMALL_PERSON_H_
#define POSENET_BENCH_TRACK_SMALL_PERSON_H_

#include <array>
#include <cstdint>
#include <vector>

#include "human/coco.h"
#include "image/image.h"
#include "posenet/follow.h"

namespace posenet::bench {

/// A crop of a photo around an annotated person, moving over a background of the mean color of the photo, at the speed
/// of a walker at 30 frames per second. The frames have an aspect ratio of 4:3. Moves by whole pixels: nothing is
/// resampled.
class SmallPersonVideo {
 public:
  /// `height_fraction` is the height of the person relative to the frame, in (0, 1]. `photo` must outlive the video.
  SmallPersonVideo(const image::Image& photo, const human::coco::Person& person, double height_fraction);

  /// A frame, and the position in it of the corner of the photo.
  struct Frame {
    image::Image image;
    Point corner_px;
  };
  [[nodiscard]] Frame FrameAt(int index) const;

 private:
  const image::Image& photo_;
  PixelRegion crop_;  // Of the photo.
  int width_px_ = 0;  // Of the frames.
  int height_px_ = 0;
  double step_px_ = 0.0;  // Per frame.
  std::array<std::uint8_t, 3> background_ = {};
};

/// Distances of estimated from labeled keypoints of all frames, in sizes of the person; infinite if the person is not
/// detected.
struct FollowErrors {
  std::vector<double> whole_frame;  ///< For the nearest pose that the estimator detects in the whole frame.
  std::vector<double> followed;     ///< For the pose of a PersonFollower.
};

/// Evaluates both methods on `video`, and appends to `errors`.
Result<void> AppendFollowErrors(const PoseEstimator& estimator, const SmallPersonVideo& video,
                                const human::coco::Person& person, int frames, FollowErrors& errors);

double Median(std::vector<double> values);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_SMALL_PERSON_H_
