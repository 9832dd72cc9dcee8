// SPDX-License-Identifier: Apache-2.0
#include "calibrate/calibration_inputs.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <numbers>
#include <optional>
#include <utility>

#include "base/error.h"
#include "human/movenet_layout.h"
#include "human/person_crop.h"
#include "image/normalization.h"
#include "image/resample.h"
#include "image/square_crop.h"
#include "posenet/human.h"
#include "posenet/model.h"
#include "posenet/pose.h"
#include "posenet/refine.h"

namespace posenet::calibrate {
namespace {

using quantize::CalibrationInput;

CalibrationInput EmptyInput(int side_px) {
  return {.shape = {.height = side_px, .width = side_px, .channels = 3},
          .values = std::vector<float>(static_cast<std::size_t>(side_px) * static_cast<std::size_t>(side_px) * 3)};
}

CalibrationInput Mirrored(const CalibrationInput& input) {
  CalibrationInput mirrored = input;
  const std::ptrdiff_t channels = input.shape.channels;
  for (std::ptrdiff_t cell = 0; cell < std::ptrdiff_t{input.shape.height} * input.shape.width; ++cell) {
    const std::ptrdiff_t column = cell % input.shape.width;
    const std::ptrdiff_t source = cell - column + input.shape.width - 1 - column;
    std::copy_n(input.values.begin() + source * channels, channels, mirrored.values.begin() + cell * channels);
  }
  return mirrored;
}

// The crops around the person in `image` that a MoveNet would read: the crop of a refiner, and others around it,
// because detectors and trackers are less precise. None if it finds nobody.
Result<std::vector<image::SquareCrop>> CropsAround(const image::Image& image, const PoseEstimator& estimator,
                                                   const PersonRefiner& refiner) {
  std::vector<Pose> poses;
  POSENET_RETURN_IF_ERROR(estimator.Estimate(image.View(), poses));
  POSENET_RETURN_IF_ERROR(refiner.Refine(image.View(), poses));
  std::vector<image::SquareCrop> crops;
  for (const Pose& pose : poses) {
    if (pose.score < refiner.options().min_pose_score) continue;
    const std::optional<human::PersonCrop> crop = human::CropAround(pose, refiner.options());
    if (!crop) continue;
    struct Variation {
      double scale;
      double shift;  // Right and down, as a fraction of the side.
      double turn_deg;
    };
    constexpr Variation kVariations[] = {{1.0, 0.0, 0.0}, {0.8, 0.05, 10.0}, {1.3, -0.05, -10.0}};
    for (const Variation& variation : kVariations) {
      image::SquareCrop varied = crop->square;
      varied.side_px *= variation.scale;
      varied.center_x_px += variation.shift * crop->square.side_px;
      varied.center_y_px += variation.shift * crop->square.side_px;
      varied.angle_rad += variation.turn_deg * std::numbers::pi / 180.0;
      crops.push_back(varied);
    }
  }
  return crops;
}

}  // namespace

std::vector<int> DefaultCalibrationSizes(const model::ModelSpec& spec) {
  if (spec.input_width_px > 0) return {spec.input_width_px};
  return {257, 513};
}

Result<std::vector<CalibrationInput>> MakeCalibrationInputs(const model::LoadedModel& model,
                                                            const std::vector<image::Image>& images,
                                                            const std::vector<int>& sides_px, int thread_count) {
  const model::ModelSpec& spec = model.spec;
  const image::Normalization normalization = {.scale = spec.input_scale, .bias = spec.input_bias};
  std::optional<PoseEstimator> estimator;
  std::optional<PersonRefiner> refiner;
  if (human::KindOf(spec.network) == human::NetworkKind::kMoveNetSingle) {
    POSENET_ASSIGN_OR_RETURN(const Model whole, model::MakeModel(model));
    POSENET_ASSIGN_OR_RETURN(
        estimator, PoseEstimator::Create(whole, {.precision = Precision::kFloat32, .thread_count = thread_count}));
    POSENET_ASSIGN_OR_RETURN(
        refiner, PersonRefiner::Create(whole, {.precision = Precision::kFloat32, .thread_count = thread_count}));
  }
  std::vector<CalibrationInput> inputs;
  image::PadResizer resizer;
  image::SquareCropper cropper;
  // Mirror images double the data.
  const auto add = [&inputs](CalibrationInput input) {
    inputs.push_back(Mirrored(input));
    inputs.push_back(std::move(input));
  };
  for (const int side_px : sides_px) {
    for (const image::Image& image : images) {
      CalibrationInput input = EmptyInput(side_px);
      const ImageView view = image.View();
      resizer.Run(view, image::FitWithPadding(image::SizeOf(view), {.width_px = side_px, .height_px = side_px}),
                  normalization, input.values);
      add(std::move(input));
      if (!estimator) continue;
      POSENET_ASSIGN_OR_RETURN(const std::vector<image::SquareCrop> crops, CropsAround(image, *estimator, *refiner));
      for (const image::SquareCrop& crop : crops) {
        CalibrationInput cropped = EmptyInput(side_px);
        cropper.Run(view, crop, {.width_px = side_px, .height_px = side_px}, normalization, cropped.values);
        add(std::move(cropped));
      }
    }
  }
  return inputs;
}

}  // namespace posenet::calibrate
