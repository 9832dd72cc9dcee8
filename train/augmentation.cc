// SPDX-License-Identifier: Apache-2.0
#include "train/augmentation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

namespace posenet::train {
namespace {

constexpr float kGray = 127.5F;
constexpr double kDegree = std::numbers::pi / 180.0;
// The share of images that each blur and the occlusion apply to: most images are sharp and unoccluded.
constexpr float kBlurShare = 0.25F;
constexpr float kOcclusionShare = 0.5F;

// In [-1, 1]. Not std::uniform_real_distribution, which differs between standard libraries.
double DrawSigned(Random& random) { return static_cast<double>(random() >> 11) * 0x1p-52 - 1.0; }
// In [0, 1).
float DrawShare(Random& random) { return static_cast<float>(random() >> 40) * 0x1p-24F; }
float Factor(float strength, Random& random) { return std::exp(strength * static_cast<float>(DrawSigned(random))); }

// The homography from pixels of the changed view to pixels of the original, K R K'^-1: K' has the magnified focal
// length.
using Homography = std::array<double, 9>;

Homography OriginalFromChanged(const ViewCamera& camera, const ViewChange& change) {
  const camera::Matrix3 turn = camera::RotationMatrix(change.old_from_new);
  const double f = camera.focal_px;
  const double g = f * change.magnification;
  Homography h = {};
  for (std::size_t row = 0; row < 3; ++row) {
    const double a = turn[3 * row] / g;
    const double b = turn[3 * row + 1] / g;
    h[3 * row] = a;
    h[3 * row + 1] = b;
    h[3 * row + 2] = turn[3 * row + 2] - a * camera.center_x_px - b * camera.center_y_px;
  }
  for (std::size_t column = 0; column < 3; ++column) {
    h[column] = f * h[column] + camera.center_x_px * h[6 + column];
    h[3 + column] = f * h[3 + column] + camera.center_y_px * h[6 + column];
  }
  return h;
}

// Reflects `cell` in [-size, 2 * size) into [0, size), at the nearer border.
int Mirrored(int cell, int size) {
  if (cell < 0) return -1 - cell;
  return cell < size ? cell : 2 * size - 1 - cell;
}

// One sample of a blur, in pixels.
struct Offset {
  float x = 0.0F;
  float y = 0.0F;
};

class Blur {
 public:
  Blur(int width_px, int height_px) : width_px_(width_px), height_px_(height_px) {}

  // The mean of copies of the image shifted by `offsets`, rounded to whole pixels; borders are repeated.
  void Run(std::span<const Offset> offsets, std::span<float> image_hwc) {
    thread_local std::vector<float> source;
    source.assign(image_hwc.begin(), image_hwc.end());
    std::ranges::fill(image_hwc, 0.0F);
    const float share = 1.0F / static_cast<float>(offsets.size());
    for (const Offset& offset : offsets) {
      AddMoved(source, static_cast<int>(std::lround(offset.x)), static_cast<int>(std::lround(offset.y)), share,
               image_hwc);
    }
  }

 private:
  void AddMoved(std::span<const float> source, int dx, int dy, float share, std::span<float> sum) const {
    for (int y = 0; y < height_px_; ++y) {
      const std::size_t from = Row(std::clamp(y + dy, 0, height_px_ - 1));
      float* const to = sum.data() + Row(y);
      for (int x = 0; x < width_px_; ++x) {
        const float* const pixel =
            source.data() + from + 3 * static_cast<std::size_t>(std::clamp(x + dx, 0, width_px_ - 1));
        for (std::size_t c = 0; c < 3; ++c) to[3 * static_cast<std::size_t>(x) + c] += share * pixel[c];
      }
    }
  }

  [[nodiscard]] std::size_t Row(int y) const {
    return 3 * static_cast<std::size_t>(y) * static_cast<std::size_t>(width_px_);
  }

  int width_px_;
  int height_px_;
};

void BlurByMotion(float length_px, float angle, Blur& blur, std::span<float> image_hwc) {
  const int count = static_cast<int>(length_px) + 1;
  if (count < 2) return;
  std::vector<Offset> offsets;
  for (int i = 0; i < count; ++i) {
    const float t = static_cast<float>(i) - 0.5F * static_cast<float>(count - 1);
    offsets.push_back({.x = t * std::cos(angle), .y = t * std::sin(angle)});
  }
  blur.Run(offsets, image_hwc);
}

void BlurByDefocus(float radius_px, Blur& blur, std::span<float> image_hwc) {
  if (radius_px < 0.5F) return;
  const int reach = static_cast<int>(std::ceil(radius_px));
  std::vector<Offset> offsets;
  for (int y = -reach; y <= reach; ++y) {
    for (int x = -reach; x <= reach; ++x) {
      const auto [u, v] = std::pair(static_cast<float>(x), static_cast<float>(y));
      if (u * u + v * v <= radius_px * radius_px + 0.25F) offsets.push_back({.x = u, .y = v});
    }
  }
  blur.Run(offsets, image_hwc);
}

void ChangeLight(const AugmentationOptions& options, Random& random, std::span<float> image_hwc) {
  const float exposure = Factor(options.exposure, random);
  const float contrast = Factor(options.contrast, random);
  std::array<float, 3> gain = {};
  for (float& channel : gain) channel = exposure * Factor(options.color, random);
  double sum = 0.0;
  for (const float value : image_hwc) sum += value;
  const float mean = static_cast<float>(sum / static_cast<double>(image_hwc.size()));
  for (std::size_t i = 0; i < image_hwc.size(); i += 3) {
    for (std::size_t c = 0; c < 3; ++c) {
      image_hwc[i + c] = std::clamp(((image_hwc[i + c] - mean) * contrast + mean) * gain[c], 0.0F, 255.0F);
    }
  }
}

void AddNoise(float deviation, Random& random, std::span<float> image_hwc) {
  if (deviation <= 0.0F) return;
  for (float& value : image_hwc) {
    // The sum of four uniform bytes is almost normal: mean 510, variance 4 * (256^2 - 1) / 12.
    const std::uint64_t bits = random();
    const auto byte = [bits](int i) { return static_cast<float>((bits >> (8 * i)) & 255U); };
    const float normal = (byte(0) + byte(1) + byte(2) + byte(3) - 510.0F) / 147.8F;
    value = std::clamp(value + deviation * normal, 0.0F, 255.0F);
  }
}

void Hide(const AugmentationOptions& options, int width_px, int height_px, Random& random, std::span<float> image_hwc) {
  const auto side = [&](int px) {
    return static_cast<int>(options.occlusion * DrawShare(random) * static_cast<float>(px));
  };
  const int width = side(width_px);
  const int height = side(height_px);
  const int left = static_cast<int>(DrawShare(random) * static_cast<float>(width_px - width));
  const int top = static_cast<int>(DrawShare(random) * static_cast<float>(height_px - height));
  std::array<float, 3> color = {};
  for (float& channel : color) channel = 255.0F * DrawShare(random);
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) {
      const std::size_t pixel =
          3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_px) + static_cast<std::size_t>(x));
      std::ranges::copy(color, image_hwc.begin() + static_cast<std::ptrdiff_t>(pixel));
    }
  }
}

}  // namespace

ViewChange DrawViewChange(const AugmentationOptions& options, Focal focal, Random& random) {
  const double roll = options.roll_deg * DrawSigned(random);
  const double across = focal == Focal::kKnown ? options.turn_deg : 0.0;
  const double pitch = across * DrawSigned(random);
  const double yaw = across * DrawSigned(random);
  // One rotation vector for all three.
  const camera::Vector3 axis = {pitch, yaw, roll};
  const double angle_deg = camera::Norm(axis);
  ViewChange change;
  if (angle_deg > 0.0) change.old_from_new = camera::RotationAbout(axis, angle_deg);
  change.magnification = std::exp(options.zoom * DrawSigned(random));
  return change;
}

AugmentationOptions FadedAt(const AugmentationOptions& options, double progress) {
  const double left = 1.0 - progress;
  if (options.fade <= 0.0F || left >= options.fade) return options;
  const auto strength = static_cast<float>(left / options.fade);
  AugmentationOptions faded = options;
  for (float* const change : {&faded.roll_deg, &faded.turn_deg, &faded.zoom}) *change *= strength;
  return faded;
}

camera::RigidPose ChangedPose(const camera::RigidPose& world_from_cam, const ViewChange& change) {
  camera::RigidPose pose = world_from_cam;
  pose.rotation = world_from_cam.rotation * change.old_from_new;
  return pose;
}

void WarpView(std::span<const std::uint8_t> view_hwc, const ViewCamera& camera, const ViewChange& change,
              std::span<float> changed_hwc) {
  const Homography h = OriginalFromChanged(camera, change);
  const int width = camera.width_px;
  const int height = camera.height_px;
  float* out = changed_hwc.data();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, out += 3) {
      const double u = x + 0.5;
      const double v = y + 0.5;
      const double depth = h[6] * u + h[7] * v + h[8];
      out[0] = out[1] = out[2] = kGray;
      if (depth <= 1e-6) continue;  // Behind the original camera.
      const float sx = static_cast<float>((h[0] * u + h[1] * v + h[2]) / depth - 0.5);
      const float sy = static_cast<float>((h[3] * u + h[4] * v + h[5]) / depth - 0.5);
      // One reflection is enough unless the camera was rotated away from almost the whole image.
      const float fx = std::floor(sx);
      const float fy = std::floor(sy);
      if (!(fx >= -static_cast<float>(width) && fx < static_cast<float>(2 * width - 1) &&
            fy >= -static_cast<float>(height) && fy < static_cast<float>(2 * height - 1))) {
        continue;
      }
      const int x0 = static_cast<int>(fx);
      const int y0 = static_cast<int>(fy);
      std::array<float, 3> sum = {};
      for (int j = 0; j < 2; ++j) {
        for (int i = 0; i < 2; ++i) {
          const float share = (i == 0 ? 1.0F - (sx - fx) : sx - fx) * (j == 0 ? 1.0F - (sy - fy) : sy - fy);
          const auto px = static_cast<std::size_t>(Mirrored(x0 + i, width));
          const auto py = static_cast<std::size_t>(Mirrored(y0 + j, height));
          const std::size_t at = 3 * (py * static_cast<std::size_t>(width) + px);
          for (std::size_t c = 0; c < 3; ++c) sum[c] += share * static_cast<float>(view_hwc[at + c]);
        }
      }
      std::copy(sum.begin(), sum.end(), out);
    }
  }
}

void ChangeLook(const AugmentationOptions& options, int width_px, int height_px, Random& random,
                std::span<float> image_hwc) {
  const float width = static_cast<float>(width_px);
  Blur blur(width_px, height_px);
  if (options.motion_blur > 0.0F && DrawShare(random) < kBlurShare) {
    const float length = options.motion_blur * width * DrawShare(random);
    BlurByMotion(length, std::numbers::pi_v<float> * DrawShare(random), blur, image_hwc);
  }
  if (options.defocus > 0.0F && DrawShare(random) < kBlurShare) {
    BlurByDefocus(options.defocus * width * DrawShare(random), blur, image_hwc);
  }
  ChangeLight(options, random, image_hwc);
  AddNoise(255.0F * options.noise * DrawShare(random), random, image_hwc);
  if (options.occlusion > 0.0F && DrawShare(random) < kOcclusionShare)
    Hide(options, width_px, height_px, random, image_hwc);
}

}  // namespace posenet::train
