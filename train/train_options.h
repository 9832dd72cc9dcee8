// SPDX-License-Identifier: Apache-2.0
// Options that are checked before anything long begins, and told apart afterwards.
#ifndef POSENET_TRAIN_TRAIN_OPTIONS_H_
#define POSENET_TRAIN_TRAIN_OPTIONS_H_

#include <string>

#include "train/trainer.h"

namespace posenet::train {

/// Throws TrainError (kInvalidArgument) for what contradicts itself or asks for what the scene has not.
void CheckOptions(const camera::Scene& scene, const TrainOptions& options);

/// All that decides what a training with a given number of steps comes to, on one line: trainings with the same text go
/// the same way.
std::string DescribeOptions(const camera::Scene& scene, const TrainOptions& options);

/// For people: "PoseNet: mobilenet100, fc, quaternion".
std::string ArchitectureName(const camera::CameraArchitecture& architecture);

/// The input of a network that sees whole photos of `photo_width_px` x `photo_height_px`: the longer side
/// `long_side_px`, the other in proportion, both multiples of kSideMultiple, which is what the networks halve most
/// often without rest.
struct InputSize {
  int width_px = 0;
  int height_px = 0;
};
InputSize WholePhotoInput(int photo_width_px, int photo_height_px, int long_side_px);
inline constexpr int kSideMultiple = 16;

/// A beta for positions in the network's units. Kendall et al. 2015 find the best one to be the ratio of the errors
/// that are expected at the end of training; both are taken to shrink alike, from what the constant pose gets wrong.
double AdvisedBeta(const camera::Scene& scene);

/// How far photos should be rolled, in degrees, to reach their neighbours' views: kRollGaps times the median angle from
/// a training photo to the one that is turned least from it, at least what suits a walk that is filmed densely
/// (AugmentationOptions::roll_deg) and at most kMostRollDeg. A few photos from all sides leave gaps that only rolled
/// ones fill.
double AdvisedRollDeg(const camera::Scene& scene);
inline constexpr double kRollGaps = 5.0;
inline constexpr double kMostRollDeg = 45.0;

/// What the usual learning rate should be multiplied by, in (0, 1]: the root of how much less than this photos should
/// be rolled on a dense walk. Where each photo is far from the next, steps pull in more different directions, and at
/// the rate that suits a walk a network may learn little more than the mean pose (collapse.h).
double AdvisedRateShare(const camera::Scene& scene);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TRAIN_OPTIONS_H_
