// SPDX-License-Identifier: Apache-2.0
#include "train/train_options.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "base/strings.h"
#include "camera/baselines.h"
#include "train/failure.h"
#include "train/targets.h"

namespace posenet::train {
namespace {

bool HasPoints(const camera::Scene& scene) {
  return std::ranges::any_of(scene.frames, [](const camera::Frame& frame) { return !frame.points.empty(); });
}

std::string DescribeAugmentation(const AugmentationOptions& a) {
  return base::StrCat("exposure ", a.exposure, " contrast ", a.contrast, " colour ", a.colour, " motion ",
                      a.motion_blur, " defocus ", a.defocus, " noise ", a.noise, " occlusion ", a.occlusion, " roll ",
                      a.roll_deg, " turn ", a.turn_deg, " zoom ", a.zoom, " fade ", a.fade);
}

}  // namespace

void CheckOptions(const camera::Scene& scene, const TrainOptions& options) {
  if (std::ranges::none_of(scene.frames, [](const camera::Frame& f) { return f.split == camera::Split::kTrain; })) {
    throw Failure(ErrorCode::kInvalidArgument, "the scene has no frames to learn from");
  }
  if (options.loss.kind == LossKind::kGeometric && !HasPoints(scene)) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "the geometric loss needs 3D points with the photos that show them; this scene has none (a COLMAP "
                  "model has)");
  }
  const ViewOptions& view = options.view;
  if (view.crop_from_px > 0 && view.crop_from_px < std::max(view.input_width_px, view.input_height_px)) {
    throw Failure(ErrorCode::kInvalidArgument, "crops of ", view.input_width_px, "x", view.input_height_px,
                  " do not fit into photos whose shortest side is ", view.crop_from_px);
  }
}

std::string DescribeOptions(const camera::Scene& scene, const TrainOptions& options) {
  const OptimizerOptions& o = options.optimizer;
  const camera::CameraArchitecture& a = options.architecture;
  return base::StrCat(
      ArchitectureName(a), ", ", a.feature_count, " features, dropout ", a.dropout, ", ", options.view.input_width_px,
      "x", options.view.input_height_px, " from ", options.view.crop_from_px, ", ",
      DescribeAugmentation(options.augmentation), ", ", LossName(options.loss.kind), " beta ", options.loss.beta,
      " relative ", options.loss.relative ? 1 : 0, ", ", OptimizerName(o.kind), " ", o.learning_rate, " ",
      o.weight_decay, " ", ScheduleName(o.schedule), " ", o.warmup_steps, " ", o.max_gradient_norm, ", batch ",
      options.batch_size, ", ", ConvPrecisionName(options.precision), ", frozen ", options.frozen_convolutions,
      ", average ", options.average_decay, ", validation ", options.validation_share, ", epochs ",
      options.epochs.value_or(0), ", seed ", options.seed, ", ", scene.frames.size(), " frames");
}

std::string ArchitectureName(const camera::CameraArchitecture& architecture) {
  const bool is_quaternion = architecture.rotation == camera::RotationParameters::kQuaternion;
  std::string name =
      base::StrCat("PoseNet: ", model::BackboneName(architecture.backbone), ", ",
                   camera::CameraHeadName(architecture.head), ", ", is_quaternion ? "quaternion" : "log quaternion");
  if (architecture.sequence_length > 1) name += base::StrCat(", sequences of ", architecture.sequence_length);
  return name;
}

InputSize WholePhotoInput(int photo_width_px, int photo_height_px, int long_side_px) {
  const double scale = static_cast<double>(long_side_px) / std::max(photo_width_px, photo_height_px);
  const auto side = [scale](int side_px) {
    const auto multiples = static_cast<int>(std::lround(scale * side_px / kSideMultiple));
    return kSideMultiple * std::max(3, multiples);  // GoogLeNet's towers need 48 pixels.
  };
  return {.width_px = side(photo_width_px), .height_px = side(photo_height_px)};
}

double AdvisedBeta(const camera::Scene& scene) {
  const std::vector<camera::RigidPose> training = camera::PosesOf(scene, camera::Split::kTrain);
  const camera::PoseError spread = camera::Summarize(camera::ConstantErrors(training, training)).median;
  // The distance of unit quaternions that are an angle apart.
  const double quaternion = 2.0 * std::sin(spread.rotation_deg * std::numbers::pi / 180.0 / 4.0);
  const double position = spread.position_m / SpecOf(training).scale;
  return position > 0.0 && quaternion > 0.0 ? position / quaternion : 1.0;
}

double AdvisedRollDeg(const camera::Scene& scene) {
  const double least_deg = AugmentationOptions().roll_deg;
  const std::vector<camera::RigidPose> training = camera::PosesOf(scene, camera::Split::kTrain);
  if (training.size() < 2) return least_deg;
  // A median of so many is as good as one of all, of which a long film has a hundred thousand.
  constexpr std::size_t kMostSamples = 500;
  const std::size_t step = (training.size() + kMostSamples - 1) / kMostSamples;
  std::vector<double> gaps_deg;
  for (std::size_t i = 0; i < training.size(); i += step) {
    double gap_deg = 180.0;
    for (std::size_t j = 0; j < training.size(); ++j) {
      if (j != i) gap_deg = std::min(gap_deg, camera::AngleBetweenDeg(training[i].rotation, training[j].rotation));
    }
    gaps_deg.push_back(gap_deg);
  }
  const auto middle = gaps_deg.begin() + static_cast<std::ptrdiff_t>(gaps_deg.size() / 2);
  std::ranges::nth_element(gaps_deg, middle);
  return std::clamp(kRollGaps * *middle, least_deg, kMostRollDeg);
}

double AdvisedRateShare(const camera::Scene& scene) {
  return std::sqrt(AugmentationOptions().roll_deg / AdvisedRollDeg(scene));
}

}  // namespace posenet::train
