// SPDX-License-Identifier: Apache-2.0
#include "train/suggested_options.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "camera/baselines.h"
#include "train/targets.h"

namespace posenet::train {

InputSize WholeImageInput(int image_width_px, int image_height_px, int long_side_px) {
  const double scale = static_cast<double>(long_side_px) / std::max(image_width_px, image_height_px);
  const auto side = [scale](int side_px) {
    const auto multiples = static_cast<int>(std::lround(scale * side_px / kSideMultiple));
    return kSideMultiple * std::max(3, multiples);  // GoogLeNet's towers need 48 pixels.
  };
  return {.width_px = side(image_width_px), .height_px = side(image_height_px)};
}

int DefaultEpochs(std::size_t training_frame_count, const ViewOptions& view) {
  const double megapixels_per_epoch =
      1e-6 * static_cast<double>(training_frame_count) * view.input_width_px * view.input_height_px;
  return static_cast<int>(
      std::lround(std::clamp(kDefaultMegapixels / megapixels_per_epoch, 1.0, double{kMaxDefaultEpochs})));
}

double SuggestedBeta(const camera::Scene& scene) {
  const std::vector<camera::RigidPose> training = camera::PosesOf(scene, camera::Split::kTrain);
  const camera::PoseError spread = camera::Summarize(camera::ConstantErrors(training, training)).median;
  // The distance between unit quaternions of rotations that differ by this angle.
  const double quaternion = 2.0 * std::sin(spread.rotation_deg * std::numbers::pi / 180.0 / 4.0);
  const double position = spread.position_m / SpecOf(training).scale;
  return position > 0.0 && quaternion > 0.0 ? position / quaternion : 1.0;
}

double SuggestedRollDeg(const camera::Scene& scene) {
  const double min_deg = AugmentationOptions().roll_deg;
  const std::vector<camera::RigidPose> training = camera::PosesOf(scene, camera::Split::kTrain);
  if (training.size() < 2) return min_deg;
  // The median of a sample is accurate enough; all pairs of a long video would be 10^10.
  constexpr std::size_t kMaxSamples = 500;
  const std::size_t step = (training.size() + kMaxSamples - 1) / kMaxSamples;
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
  return std::clamp(kRollPerGap * *middle, min_deg, kMaxSuggestedRollDeg);
}

double SuggestedRateFactor(const camera::Scene& scene) {
  return std::sqrt(AugmentationOptions().roll_deg / SuggestedRollDeg(scene));
}

}  // namespace posenet::train
