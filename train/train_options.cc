// SPDX-License-Identifier: Apache-2.0
#include "train/train_options.h"

#include <algorithm>

#include "base/strings.h"
#include "train/failure.h"

namespace posenet::train {
namespace {

bool HasPoints(const camera::Scene& scene) {
  return std::ranges::any_of(scene.frames, [](const camera::Frame& frame) { return !frame.points.empty(); });
}

std::string DescribeAugmentation(const AugmentationOptions& a) {
  return base::StrCat("exposure ", a.exposure, " contrast ", a.contrast, " color ", a.color, " motion ", a.motion_blur,
                      " defocus ", a.defocus, " noise ", a.noise, " occlusion ", a.occlusion, " roll ", a.roll_deg,
                      " turn ", a.turn_deg, " zoom ", a.zoom, " fade ", a.fade);
}

std::string DescribeOptimizer(const OptimizerOptions& o) {
  return base::StrCat(OptimizerName(o.kind), " ", o.learning_rate, " ", o.weight_decay, " ",
                      ScheduleName(o.schedule.kind), " ", o.schedule.warmup, " ", o.max_gradient_norm);
}

}  // namespace

void CheckOptions(const camera::Scene& scene, const TrainOptions& options) {
  if (std::ranges::none_of(scene.frames, [](const camera::Frame& f) { return f.split == camera::Split::kTrain; })) {
    throw Failure(ErrorCode::kInvalidArgument, "the scene has no training frames");
  }
  if (options.loss.kind == LossKind::kGeometric && !HasPoints(scene)) {
    throw Failure(
        ErrorCode::kInvalidArgument,
        "the geometric loss needs 3D points and the images that observe them, as in a COLMAP model; this scene "
        "has none");
  }
  const ViewOptions& view = options.view;
  if (view.crop_from_px > 0 && view.crop_from_px < std::max(view.input_width_px, view.input_height_px)) {
    throw Failure(ErrorCode::kInvalidArgument, "crops of ", view.input_width_px, "x", view.input_height_px,
                  " do not fit into images whose shorter side is ", view.crop_from_px);
  }
}

std::string DescribeOptions(const camera::Scene& scene, const TrainOptions& options) {
  const camera::CameraArchitecture& a = options.architecture;
  return base::StrCat(
      ArchitectureName(a), ", ", a.feature_count, " features, grid ", a.grid_channels, ", dropout ", a.dropout, ", ",
      options.view.input_width_px, "x", options.view.input_height_px, " from ", options.view.crop_from_px, ", ",
      DescribeAugmentation(options.augmentation), ", ", LossName(options.loss.kind), " beta ", options.loss.beta,
      " relative ", options.loss.relative ? 1 : 0, ", ", DescribeOptimizer(options.optimizer), ", batch ",
      options.batch_size, ", ", ConvPrecisionName(options.precision), ", frozen ", options.frozen_convolutions,
      ", average ", options.average_decay, ", validation ", options.validation_share, ", epochs ", options.epochs,
      options.refit ? "" : ", no refit", ", seed ", options.seed, ", ", scene.frames.size(), " frames");
}

std::string ArchitectureName(const camera::CameraArchitecture& architecture) {
  const bool is_quaternion = architecture.rotation == camera::RotationParameters::kQuaternion;
  std::string name =
      base::StrCat("PoseNet: ", model::BackboneName(architecture.backbone), ", ",
                   camera::CameraHeadName(architecture.head), ", ", is_quaternion ? "quaternion" : "log quaternion");
  if (architecture.sequence_length > 1) name += base::StrCat(", sequences of ", architecture.sequence_length);
  return name;
}

int WindowLength(const TrainOptions& options) {
  if (options.architecture.sequence_length > 1) return options.architecture.sequence_length;
  return options.loss.relative ? options.relative_window : 1;
}

}  // namespace posenet::train
