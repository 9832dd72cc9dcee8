// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "camera/synth.h"

namespace posenet::camera::synth {
namespace {

// Random numbers that are the same on every machine, which those of <random>'s distributions are not.
// Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014 (SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  // In [low, high).
  double Between(double low, double high) { return low + (high - low) * static_cast<double>(Next() >> 11) * 0x1p-53; }
  int Below(int bound) { return static_cast<int>(Next() % static_cast<std::uint64_t>(bound)); }

 private:
  std::uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

using Rgb = std::array<double, 3>;

Rgb RandomColor(Random& random, double low, double high) {
  return {random.Between(low, high), random.Between(low, high), random.Between(low, high)};
}

// Calls `color(x, y)` for each pixel; what it answers is clamped to [0, 255].
template <typename ColorAt>
Image Paint(int width_px, int height_px, ColorAt color_at) {
  Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  image.rgb.reserve(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3);
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      for (const double channel : color_at(x, y)) {
        image.rgb.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(channel, 0.0, 255.0))));
      }
    }
  }
  return image;
}

// A soft wave in one direction, of one colour.
struct Wave {
  double x_per_px, y_per_px, phase, strength;
  Rgb color;
};

std::vector<Wave> RandomWaves(Random& random, int count, double strength) {
  std::vector<Wave> waves;
  for (int i = 0; i < count; ++i) {
    const double direction = random.Between(0.0, 2.0 * std::numbers::pi);
    const double per_px = 2.0 * std::numbers::pi / random.Between(20.0, 160.0);
    waves.push_back({.x_per_px = per_px * std::cos(direction),
                     .y_per_px = per_px * std::sin(direction),
                     .phase = random.Between(0.0, 6.0),
                     .strength = strength,
                     .color = RandomColor(random, -1.0, 1.0)});
  }
  return waves;
}

// Something round on it, so that no two parts of a wall look alike.
struct Blob {
  double x_px, y_px, radius_px;
  Rgb color;
};

// Waves with blobs on them: smooth enough for coarse pictures, and different everywhere.
Image Pattern(Random& random, int width_px, int height_px, int blob_count, double contrast) {
  const Rgb base = RandomColor(random, 70.0, 190.0);
  const std::vector<Wave> waves = RandomWaves(random, 6, contrast);
  std::vector<Blob> blobs;
  blobs.reserve(static_cast<std::size_t>(blob_count));
  for (int i = 0; i < blob_count; ++i) {
    blobs.push_back({.x_px = random.Between(0.0, width_px),
                     .y_px = random.Between(0.0, height_px),
                     .radius_px = random.Between(0.03, 0.12) * height_px,
                     .color = RandomColor(random, 0.0, 255.0)});
  }
  return Paint(width_px, height_px, [&](int x, int y) {
    Rgb color = base;
    for (const Wave& wave : waves) {
      const double height = wave.strength * std::sin(wave.x_per_px * x + wave.y_per_px * y + wave.phase);
      for (std::size_t i = 0; i < 3; ++i) color[i] += height * wave.color[i];
    }
    for (const Blob& blob : blobs) {
      if (std::hypot(x - blob.x_px, y - blob.y_px) < blob.radius_px) color = blob.color;
    }
    return color;
  });
}

// Rooms under construction.
class Furnisher {
 public:
  Furnisher(std::vector<Image> photos, std::uint64_t seed) : random_(seed) {
    constexpr int kPatterns = 12;
    for (int i = 0; photos.empty() && i < kPatterns; ++i) {
      room_.textures.push_back(MakeTexture(Pattern(random_, 192, 192, 12, 60.0)));
    }
    for (Image& photo : photos) room_.textures.push_back(MakeTexture(std::move(photo)));
    photo_count_ = room_.textures.size();
  }

  Room Build() {
    AddShell();
    AddPictures();
    for (int i = 0; i < 4; ++i) AddBox(i);
    return std::move(room_);
  }

 private:
  void Add(const Vector3& corner_m, const Vector3& edge_u_m, const Vector3& edge_v_m, std::size_t texture) {
    room_.panels.push_back({.corner_m = corner_m, .edge_u_m = edge_u_m, .edge_v_m = edge_v_m, .texture = texture});
  }

  // 40 pixels a metre: coarse, as plaster and carpets are.
  std::size_t AddPattern(double width_m, double height_m, int blob_count) {
    constexpr double kPxPerM = 40.0;
    room_.textures.push_back(MakeTexture(
        Pattern(random_, static_cast<int>(kPxPerM * width_m), static_cast<int>(kPxPerM * height_m), blob_count, 18.0)));
    return room_.textures.size() - 1;
  }

  // Photos in turn.
  std::size_t NextPhoto() { return next_photo_++ % photo_count_; }

  // A wall from its top left corner, as seen from inside.
  struct Wall {
    Vector3 corner_m;
    Vector3 right;   // Unit length.
    Vector3 inward;  // Unit length.
    double width_m;
  };
  static std::array<Wall, 4> Walls() {
    const double x = kHalfWidthM;
    const double z = kHalfDepthM;
    return {{{{-x, -kHeightM, z}, {1, 0, 0}, {0, 0, -1}, 2 * x},
             {{x, -kHeightM, z}, {0, 0, -1}, {-1, 0, 0}, 2 * z},
             {{x, -kHeightM, -z}, {-1, 0, 0}, {0, 0, 1}, 2 * x},
             {{-x, -kHeightM, -z}, {0, 0, 1}, {1, 0, 0}, 2 * z}}};
  }

  void AddShell() {
    const Vector3 width = {2 * kHalfWidthM, 0, 0};
    const Vector3 depth = {0, 0, 2 * kHalfDepthM};
    Add({-kHalfWidthM, 0, -kHalfDepthM}, width, depth, AddPattern(width.x, depth.z, 30));
    Add({-kHalfWidthM, -kHeightM, -kHalfDepthM}, width, depth, AddPattern(width.x, depth.z, 8));
    for (const Wall& wall : Walls()) {
      Add(wall.corner_m, wall.width_m * wall.right, {0, kHeightM, 0}, AddPattern(wall.width_m, kHeightM, 10));
    }
  }

  // Two rows of pictures on each wall, in the proportions of their photos.
  void AddPictures() {
    constexpr double kOffWallM = 0.02;
    for (const Wall& wall : Walls()) {
      const int count = static_cast<int>(wall.width_m / 1.25);
      for (int i = 0; i < 2 * count; ++i) {
        const std::size_t texture = NextPhoto();
        const Image& photo = room_.textures[texture].levels.front();
        const double aspect = std::clamp(static_cast<double>(photo.width_px) / photo.height_px, 0.4, 2.5);
        const double longer_m = random_.Between(0.75, 1.05);
        const double width_m = aspect >= 1.0 ? longer_m : longer_m * aspect;
        const double height_m = aspect >= 1.0 ? longer_m / aspect : longer_m;
        const double cell_m = wall.width_m / count;
        const int column = i / 2;
        const double along_m = (column + 0.5) * cell_m - width_m / 2.0 + random_.Between(-0.1, 0.1);
        const double down_m = (i % 2 == 0 ? 0.72 : 1.9) - height_m / 2.0 + random_.Between(-0.08, 0.08);
        Add(wall.corner_m + along_m * wall.right + Vector3{0, down_m, 0} + kOffWallM * wall.inward,
            width_m * wall.right, {0, height_m, 0}, texture);
      }
    }
  }

  // Below eye level, turned somehow, near a corner of its own.
  void AddBox(int corner) {
    const double turn_deg = random_.Between(0.0, 90.0);
    const Vector3 right = Rotate(RotationAbout({0, 1, 0}, turn_deg), {random_.Between(0.5, 0.9), 0, 0});
    const Vector3 back = Rotate(RotationAbout({0, 1, 0}, turn_deg), {0, 0, random_.Between(0.4, 0.8)});
    const Vector3 up = {0, -random_.Between(0.5, 1.0), 0};
    const Vector3 center = {(corner % 2 == 0 ? -1.0 : 1.0) * random_.Between(1.2, 2.0), 0,
                            (corner < 2 ? -1.0 : 1.0) * random_.Between(0.8, 1.6)};
    const Vector3 front_left = center - 0.5 * right - 0.5 * back + up;
    const Vector3 down = -1.0 * up;
    Add(front_left, right, back, NextPhoto());
    Add(front_left, right, down, NextPhoto());
    Add(front_left + right, back, down, NextPhoto());
    Add(front_left + right + back, -1.0 * right, down, NextPhoto());
    Add(front_left + back, -1.0 * back, down, NextPhoto());
  }

  Random random_;
  Room room_;
  std::size_t photo_count_ = 0;
  std::size_t next_photo_ = 0;
};

}  // namespace

Room FurnishRoom(std::vector<Image> photos, std::uint64_t seed) { return Furnisher(std::move(photos), seed).Build(); }

std::vector<RigidPose> WalkAround(int count, int number, std::uint64_t seed) {
  constexpr double kTurn = 2.0 * std::numbers::pi;
  Random random(seed ^ (0xD1B54A32D192ED03U * static_cast<std::uint64_t>(number + 1)));
  const double start = random.Between(0.0, kTurn);
  const double radius_m = random.Between(0.85, 1.2);
  const double height_m = random.Between(1.35, 1.65);
  std::array<double, 5> phases = {};
  for (double& phase : phases) phase = random.Between(0.0, kTurn);
  std::vector<RigidPose> path;
  for (int i = 0; i < count; ++i) {
    const double progress = kTurn * i / count;
    const double around = start + progress;
    const double r_m = radius_m + 0.15 * std::sin(2.0 * progress + phases[0]);
    const Vector3 center = {1.2 * r_m * std::sin(around), -height_m - 0.12 * std::sin(3.0 * progress + phases[1]),
                            r_m * std::cos(around)};
    // Across the room, that is back over the middle, with a glance to either side.
    const double yaw_deg = around * 360.0 / kTurn + 180.0 + 15.0 * std::sin(2.0 * progress + phases[2]);
    const double pitch_deg = -4.0 + 8.0 * std::sin(3.0 * progress + phases[3]);
    const double roll_deg = 4.0 * std::sin(2.0 * progress + phases[4]);
    const Quaternion rotation =
        RotationAbout({0, 1, 0}, yaw_deg) * RotationAbout({1, 0, 0}, pitch_deg) * RotationAbout({0, 0, 1}, roll_deg);
    path.push_back({InHemisphere(rotation), center});
  }
  return path;
}

Intrinsics CameraOfSize(int width_px, int height_px) {
  const double focal_px = 525.0 / 640.0 * width_px;
  return {.width_px = width_px,
          .height_px = height_px,
          .focal_x_px = focal_px,
          .focal_y_px = focal_px,
          .center_x_px = width_px / 2.0,
          .center_y_px = height_px / 2.0};
}

}  // namespace posenet::camera::synth
