// SPDX-License-Identifier: Apache-2.0
#include "image/square_crop.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace posenet::image {
namespace {

/// A rectangle around the center of `crop` in which pixel i covers [i, i + 1), unlike in SquareCrop, as a view.
ViewRectangle ViewAround(const SquareCrop& crop, double width_px, double height_px) {
  return {.left_px = crop.center_x_px + 0.5 - 0.5 * width_px,
          .top_px = crop.center_y_px + 0.5 - 0.5 * height_px,
          .width_px = width_px,
          .height_px = height_px};
}

/// Image pixels per pixel of the target.
double ScaleOf(const SquareCrop& crop, Size target) {
  return crop.side_px / std::max(target.width_px, target.height_px);
}

/// Bilinear samples of an RGB image along a line.
class RowSampler {
 public:
  RowSampler(const std::uint8_t* rgb, int side_px, const Normalization& normalization)
      : rgb_(rgb), side_px_(side_px), normalization_(normalization) {}

  /// Writes `count` pixels; the first is at (x, y), each further by (dx, dy).
  void Run(float x, float y, float dx, float dy, int count, float* out) const {
    const auto last = static_cast<float>(side_px_ - 1);
    for (int i = 0; i < count; ++i, out += 3) {
      const float column = std::clamp(x + static_cast<float>(i) * dx, 0.0F, last);
      const float row = std::clamp(y + static_cast<float>(i) * dy, 0.0F, last);
      const int left = std::min(static_cast<int>(column), side_px_ - 2);
      const int top = std::min(static_cast<int>(row), side_px_ - 2);
      const float right_weight = column - static_cast<float>(left);
      const float bottom_weight = row - static_cast<float>(top);
      const std::uint8_t* const above = rgb_ + (static_cast<std::ptrdiff_t>(top) * side_px_ + left) * 3;
      const std::uint8_t* const below = above + static_cast<std::ptrdiff_t>(side_px_) * 3;
      for (std::size_t c = 0; c < 3; ++c) {
        const auto mix = [&](const std::uint8_t* pixel) {
          const auto left_value = static_cast<float>(pixel[c]);
          return left_value + right_weight * (static_cast<float>(pixel[c + 3]) - left_value);
        };
        const float upper = mix(above);
        const float value = upper + bottom_weight * (mix(below) - upper);
        out[c] = value * normalization_.scale + normalization_.bias[c];
      }
    }
  }

 private:
  const std::uint8_t* rgb_;
  int side_px_;
  const Normalization& normalization_;
};

}  // namespace

Point ImageFromCrop(const SquareCrop& crop, double x_norm, double y_norm) {
  const double x = (x_norm - 0.5) * crop.side_px;
  const double y = (y_norm - 0.5) * crop.side_px;
  const double cosine = std::cos(crop.angle_rad);
  const double sine = std::sin(crop.angle_rad);
  return {.x = static_cast<float>(crop.center_x_px + cosine * x - sine * y),
          .y = static_cast<float>(crop.center_y_px + sine * x + cosine * y)};
}

Point CropFromImage(const SquareCrop& crop, Point image_px) {
  const double x = static_cast<double>(image_px.x) - crop.center_x_px;
  const double y = static_cast<double>(image_px.y) - crop.center_y_px;
  const double cosine = std::cos(crop.angle_rad);
  const double sine = std::sin(crop.angle_rad);
  return {.x = static_cast<float>((cosine * x + sine * y) / crop.side_px + 0.5),
          .y = static_cast<float>((cosine * y - sine * x) / crop.side_px + 0.5)};
}

void SquareCropper::Run(const ImageView& source, const SquareCrop& crop, Size target,
                        const Normalization& normalization, std::span<float> target_hwc) {
  if (crop.angle_rad != 0.0) return RunRotated(source, crop, target, normalization, target_hwc);
  const double scale = ScaleOf(crop, target);
  resizer_.Run(source, ViewAround(crop, scale * target.width_px, scale * target.height_px), target, normalization,
               target_hwc);
}

void SquareCropper::RunRotated(const ImageView& source, const SquareCrop& crop, Size target,
                               const Normalization& normalization, std::span<float> target_hwc) {
  const double cosine = std::cos(crop.angle_rad);
  const double sine = std::sin(crop.angle_rad);
  const double scale = ScaleOf(crop, target);
  // Image pixels per pixel of the upright square. Crops that are enlarged are not enlarged twice.
  const double step_px = std::max(scale, 1.0);
  const double bounding_px = crop.side_px * (std::abs(cosine) + std::abs(sine));
  // One more pixel on each side, which interpolation reads.
  const int side = static_cast<int>(std::ceil(bounding_px / step_px)) + 2;
  upright_rgb_.resize(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3);
  resizer_.Run(source, ViewAround(crop, side * step_px, side * step_px), {.width_px = side, .height_px = side},
               upright_rgb_);

  const RowSampler sampler(upright_rgb_.data(), side, normalization);
  const double step = scale / step_px;  // Upright pixels per target pixel.
  const double middle = 0.5 * (side - 1);
  const double x = -0.5 * (target.width_px - 1) * step;
  float* out = target_hwc.data();
  for (int row = 0; row < target.height_px; ++row, out += static_cast<std::ptrdiff_t>(target.width_px) * 3) {
    const double y = (row - 0.5 * (target.height_px - 1)) * step;
    sampler.Run(static_cast<float>(middle + cosine * x - sine * y), static_cast<float>(middle + sine * x + cosine * y),
                static_cast<float>(cosine * step), static_cast<float>(sine * step), target.width_px, out);
  }
}

}  // namespace posenet::image
