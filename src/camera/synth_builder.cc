// SPDX-License-Identifier: Apache-2.0
#include "camera/synth_builder.h"

#include <algorithm>
#include <array>
#include <utility>

namespace posenet::camera::synth {

std::array<Wall, 4> Interior::Walls() const {
  const double width_m = high_x_m - low_x_m;
  const double depth_m = high_z_m - low_z_m;
  return {{{{low_x_m, -height_m, high_z_m}, {1, 0, 0}, {0, 0, -1}, width_m},
           {{high_x_m, -height_m, high_z_m}, {0, 0, -1}, {-1, 0, 0}, depth_m},
           {{high_x_m, -height_m, low_z_m}, {-1, 0, 0}, {0, 0, 1}, width_m},
           {{low_x_m, -height_m, low_z_m}, {0, 0, 1}, {1, 0, 0}, depth_m}}};
}

Builder::Builder(std::vector<image::Image> photos, Random& random) : random_(random) {
  constexpr int kPatterns = 12;
  constexpr int kPatternSidePx = 192;
  for (int i = 0; photos.empty() && i < kPatterns; ++i) {
    world_.textures.push_back(
        MakeTexture(Pattern(random_, kPatternSidePx, kPatternSidePx, {.blob_count = 12, .contrast = 60.0})));
  }
  for (image::Image& photo : photos) world_.textures.push_back(MakeTexture(std::move(photo)));
  photo_count_ = world_.textures.size();
}

void Builder::Add(const Vector3& corner_m, const Vector3& edge_u_m, const Vector3& edge_v_m, std::size_t texture) {
  world_.panels.push_back({.corner_m = corner_m, .edge_u_m = edge_u_m, .edge_v_m = edge_v_m, .texture = texture});
}

std::size_t Builder::AddPattern(double width_m, double height_m, double px_per_m, const PatternStyle& style) {
  const auto pixels = [px_per_m](double length_m) { return std::max(1, static_cast<int>(px_per_m * length_m)); };
  world_.textures.push_back(MakeTexture(Pattern(random_, pixels(width_m), pixels(height_m), style)));
  return world_.textures.size() - 1;
}

void Builder::AddInterior(const Interior& interior, const InteriorBlobs& blobs) {
  // Coarse, like plaster and carpets.
  constexpr double kPxPerM = 40.0;
  constexpr double kContrast = 18.0;
  const auto pattern = [&](double width_m, double height_m, int count) {
    return AddPattern(width_m, height_m, kPxPerM, {.blob_count = count, .contrast = kContrast});
  };
  const Vector3 width = {interior.high_x_m - interior.low_x_m, 0, 0};
  const Vector3 depth = {0, 0, interior.high_z_m - interior.low_z_m};
  Add({interior.low_x_m, 0, interior.low_z_m}, width, depth, pattern(width.x, depth.z, blobs.floor));
  Add({interior.low_x_m, -interior.height_m, interior.low_z_m}, width, depth, pattern(width.x, depth.z, blobs.ceiling));
  for (const Wall& wall : interior.Walls()) {
    Add(wall.corner_m, wall.width_m * wall.right, {0, interior.height_m, 0},
        pattern(wall.width_m, interior.height_m, blobs.wall));
  }
}

void Builder::AddImages(const Wall& wall, const ImageGrid& grid) {
  constexpr double kOffWallM = 0.02;
  const double cell_m = wall.width_m / grid.columns;
  for (int column = 0; column < grid.columns; ++column) {
    for (const double center_m : grid.heights_m) {
      const std::size_t texture = NextPhoto();
      const image::Image& photo = world_.textures[texture].levels.front();
      const double aspect = std::clamp(static_cast<double>(photo.width_px) / photo.height_px, 0.4, 2.5);
      const double longer_m = random_.Between(grid.shortest_m, grid.longest_m);
      const double width_m = aspect >= 1.0 ? longer_m : longer_m * aspect;
      const double height_m = aspect >= 1.0 ? longer_m / aspect : longer_m;
      const double along_m = (column + 0.5) * cell_m - width_m / 2.0 + random_.Between(-grid.jitter_m, grid.jitter_m);
      const double down_m = center_m - height_m / 2.0 + random_.Between(-0.8 * grid.jitter_m, 0.8 * grid.jitter_m);
      Add(wall.corner_m + along_m * wall.right + Vector3{0, down_m, 0} + kOffWallM * wall.inward, width_m * wall.right,
          {0, height_m, 0}, texture);
    }
  }
}

void Builder::AddBox(const BoxPlace& place) {
  const Quaternion turn = RotationAbout({0, 1, 0}, place.turn_deg);
  const Vector3 right = Rotate(turn, {place.size_m.x, 0, 0});
  const Vector3 back = Rotate(turn, {0, 0, place.size_m.z});
  const Vector3 down = {0, place.size_m.y, 0};
  const Vector3 front_left = place.center_m - 0.5 * right - 0.5 * back - down;
  Add(front_left, right, back, NextPhoto());
  Add(front_left, right, down, NextPhoto());
  Add(front_left + right, back, down, NextPhoto());
  Add(front_left + right + back, -1.0 * right, down, NextPhoto());
  Add(front_left + back, -1.0 * back, down, NextPhoto());
}

}  // namespace posenet::camera::synth
