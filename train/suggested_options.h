// SPDX-License-Identifier: Apache-2.0
// Options that suit a scene, derived from its images and poses.
#ifndef POSENET_TRAIN_SUGGESTED_OPTIONS_H_
#define POSENET_TRAIN_SUGGESTED_OPTIONS_H_

#include <cstddef>

#include "camera/scene.h"
#include "train/train_options.h"

namespace posenet::train {

/// Input width and height for whole images of `image_width_px` x `image_height_px`: the longer side is `long_side_px`,
/// the other one in proportion, both rounded to multiples of kSideMultiple.
struct InputSize {
  int width_px = 0;
  int height_px = 0;
};
InputSize WholeImageInput(int image_width_px, int image_height_px, int long_side_px);
inline constexpr int kSideMultiple = 16;

/// Epochs that take about kDefaultMinutes on two cores with the default network: as many as make
/// kDefaultMegapixels of network input, from 1 to kMaxDefaultEpochs. A count of pixels, not of seconds, so that it
/// depends on the data alone. Other backbones take longer for the same number.
int DefaultEpochs(std::size_t training_frame_count, const ViewOptions& view);
inline constexpr double kDefaultMinutes = 12.0;
/// 40,000 images of 256x192. Measured with mobilenet100, whose first 7 convolutions are frozen: 42 to 87 images of that
/// size per second on two cores, depending on the CPU and on --precision.
inline constexpr double kDefaultMegapixels = 1966.0;
/// More epochs than this did not reduce errors on any scene tried.
inline constexpr int kMaxDefaultEpochs = 300;

/// A beta for positions in the network's units. Kendall et al. 2015 find the best beta to be the ratio of the expected
/// position and rotation errors at the end of training. Both are assumed to shrink by the same factor from the errors
/// of the constant pose.
double SuggestedBeta(const camera::Scene& scene);

/// The largest roll, in degrees, with which augmented images reach the views of their neighbors: kRollPerGap times the
/// median angle from a training image to the one with the nearest rotation; at least AugmentationOptions::roll_deg,
/// which suits densely filmed walks, and at most kMaxSuggestedRollDeg. Few images from all sides leave gaps that only
/// rolled ones fill.
double SuggestedRollDeg(const camera::Scene& scene);
inline constexpr double kRollPerGap = 5.0;
inline constexpr double kMaxSuggestedRollDeg = 45.0;

/// A factor in (0, 1] for the default learning rate: 1 for densely filmed walks, less if images are far from each
/// other, because the gradients of such images differ more.
double SuggestedRateFactor(const camera::Scene& scene);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_SUGGESTED_OPTIONS_H_
