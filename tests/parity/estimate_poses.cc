// SPDX-License-Identifier: Apache-2.0
// Estimates poses in a photo at the size of a network's input, and writes that input, so that another runtime can do
// the same.
//
//   estimate_poses MODEL PHOTO WIDTH HEIGHT INPUT_FILE
//
// MODEL is any file that can be imported. Pads and resizes PHOTO to WIDTH x HEIGHT, writes its RGB bytes to INPUT_FILE
// and prints every pose that the model's own decoder returns, however low its score: one line of its score, then y, x
// and score of each keypoint, in pixels of the input.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "image/image.h"
#include "image/resample.h"
#include "import/import.h"
#include "media/image_file.h"
#include "model/model_spec.h"
#include "posenet/human.h"

namespace posenet {
namespace {

/// `photo`, fitted to `target`.
image::Image Resize(const image::Image& photo, image::Size target) {
  const image::Size source = {.width_px = photo.width_px, .height_px = photo.height_px};
  std::vector<float> values(std::size_t{3} * static_cast<std::size_t>(target.width_px) *
                            static_cast<std::size_t>(target.height_px));
  image::PadResizer().Run(photo.View(), image::FitWithPadding(source, target), {.scale = 1.0F, .bias = {}}, values,
                          Resampling::kAntialiased);
  image::Image resized = {.width_px = target.width_px, .height_px = target.height_px, .rgb = {}};
  for (const float value : values) resized.rgb.push_back(static_cast<std::uint8_t>(std::lround(value)));
  return resized;
}

void Print(const std::vector<Pose>& poses) {
  std::cout << std::setprecision(std::numeric_limits<float>::max_digits10);
  for (const Pose& pose : poses) {
    std::cout << pose.score;
    for (const Keypoint& keypoint : pose.keypoints) {
      std::cout << ' ' << keypoint.position_px.y << ' ' << keypoint.position_px.x << ' ' << keypoint.score;
    }
    std::cout << '\n';
  }
}

Result<void> EstimatePoses(std::span<char* const> argv) {
  if (argv.size() != 6) {
    return base::Fail(ErrorCode::kInvalidArgument, "usage: estimate_poses MODEL PHOTO WIDTH HEIGHT INPUT_FILE");
  }
  POSENET_ASSIGN_OR_RETURN(model::LoadedModel loaded, importer::ImportModel(argv[1]));
  POSENET_ASSIGN_OR_RETURN(const Model model, model::MakeModel(std::move(loaded)));
  POSENET_ASSIGN_OR_RETURN(const image::Image photo, media::ReadImageFile(argv[2]));
  const image::Size size = {.width_px = std::atoi(argv[3]), .height_px = std::atoi(argv[4])};
  PoseEstimatorOptions options = {.input_width_px = size.width_px, .input_height_px = size.height_px};
  options.multi.score_threshold = 0.0F;
  options.precision = Precision::kFloat32;
  POSENET_ASSIGN_OR_RETURN(const PoseEstimator estimator, PoseEstimator::Create(model, options));
  if (estimator.options().input_width_px != size.width_px || estimator.options().input_height_px != size.height_px) {
    return base::Fail(ErrorCode::kInvalidArgument, "the network has no input of that size");
  }
  const image::Image input = Resize(photo, size);
  POSENET_RETURN_IF_ERROR(base::WriteFile(argv[5], std::as_bytes(std::span(input.rgb))));
  POSENET_ASSIGN_OR_RETURN(const std::vector<Pose> poses, estimator.Estimate(input.View()));
  Print(poses);
  return {};
}

}  // namespace
}  // namespace posenet

int main(int argc, char** argv) {
  const auto done = posenet::EstimatePoses(std::span(argv, static_cast<std::size_t>(argc)));
  if (done) return 0;
  std::cerr << "estimate_poses: " << done.error().message << '\n';
  return 1;
}
