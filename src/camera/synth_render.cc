// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "camera/synth.h"

namespace posenet::camera::synth {
namespace {

using Color = std::array<float, 3>;

const std::uint8_t* TexelAt(const image::Image& image, int x, int y) {
  return image.rgb.data() +
         (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width_px) + static_cast<std::size_t>(x)) * 3;
}

// Each pixel is the mean of four; an odd last row or column is dropped.
image::Image HalfOf(const image::Image& image) {
  image::Image half = {.width_px = image.width_px / 2, .height_px = image.height_px / 2, .rgb = {}};
  half.rgb.reserve(static_cast<std::size_t>(half.width_px) * static_cast<std::size_t>(half.height_px) * 3);
  for (int y = 0; y < half.height_px; ++y) {
    for (int x = 0; x < half.width_px; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        const int sum = TexelAt(image, 2 * x, 2 * y)[channel] + TexelAt(image, 2 * x + 1, 2 * y)[channel] +
                        TexelAt(image, 2 * x, 2 * y + 1)[channel] + TexelAt(image, 2 * x + 1, 2 * y + 1)[channel];
        half.rgb.push_back(static_cast<std::uint8_t>((sum + 2) / 4));
      }
    }
  }
  return half;
}

// The color at (u, v) in [0, 1], bilinear between texel centers.
Color Sample(const image::Image& image, double u, double v) {
  const double x = std::clamp(u * image.width_px - 0.5, 0.0, image.width_px - 1.0);
  const double y = std::clamp(v * image.height_px - 0.5, 0.0, image.height_px - 1.0);
  const int left = static_cast<int>(x);
  const int top = static_cast<int>(y);
  const int right = std::min(left + 1, image.width_px - 1);
  const int bottom = std::min(top + 1, image.height_px - 1);
  const auto share_x = static_cast<float>(x - left);
  const auto share_y = static_cast<float>(y - top);
  Color color = {};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const auto at = [&](int column, int row) { return static_cast<float>(TexelAt(image, column, row)[channel]); };
    const float above = at(left, top) + share_x * (at(right, top) - at(left, top));
    const float below = at(left, bottom) + share_x * (at(right, bottom) - at(left, bottom));
    color[channel] = above + share_y * (below - above);
  }
  return color;
}

struct PixelRange {
  int first = 0;
  int last = 0;  // Inclusive.

  [[nodiscard]] bool Contains(int pixel) const { return pixel >= first && pixel <= last; }
};

// A panel in the frame of one camera: for a ray d from the camera's center, depth = offset / (normal . d),
// u = u_offset + depth * (u_axis . d), and v in the same way.
struct SeenPanel {
  Vector3 normal;
  double offset;
  Vector3 u_axis;
  double u_offset;
  Vector3 v_axis;
  double v_offset;
  const Texture* texture;
  double texels_per_m;
  PixelRange columns;  // Rays of other pixels miss it.
  PixelRange rows;
};

// The pixels that show `panel`, and perhaps some more: the bounding box of its corners, or the whole image if not all
// of them are in front of the camera.
void SetPixelRanges(const std::array<Vector3, 4>& corners_in_cam, const Intrinsics& camera, SeenPanel& panel) {
  constexpr double kNearM = 1e-3;
  constexpr double kMarginPx = 1.0;
  panel.columns = {.first = 0, .last = camera.width_px - 1};
  panel.rows = {.first = 0, .last = camera.height_px - 1};
  if (std::ranges::any_of(corners_in_cam, [](const Vector3& corner) { return corner.z < kNearM; })) return;
  const auto limit = [&corners_in_cam](PixelRange& range, const auto& project) {
    const auto [low, high] = std::ranges::minmax(corners_in_cam, {}, project);
    // Compared as doubles: corners nearly beside the camera are projected very far away.
    const double first = std::floor(project(low) - kMarginPx);
    const double last = std::ceil(project(high) + kMarginPx);
    const auto end = static_cast<double>(range.last);
    range.first = static_cast<int>(std::clamp(first, 0.0, end + 1.0));
    range.last = static_cast<int>(std::clamp(last, -1.0, end));
  };
  limit(panel.columns,
        [&](const Vector3& corner) { return camera.focal_x_px * corner.x / corner.z + camera.center_x_px; });
  limit(panel.rows,
        [&](const Vector3& corner) { return camera.focal_y_px * corner.y / corner.z + camera.center_y_px; });
}

SeenPanel Prepare(const World& world, const Panel& panel, const RigidPose& world_from_cam, const Intrinsics& camera) {
  const Quaternion cam_from_world = Inverse(world_from_cam.rotation);
  const Vector3 corner = Rotate(cam_from_world, panel.corner_m - world_from_cam.translation_m);
  const Vector3 u_edge = Rotate(cam_from_world, panel.edge_u_m);
  const Vector3 v_edge = Rotate(cam_from_world, panel.edge_v_m);
  const Vector3 u_axis = (1.0 / Dot(u_edge, u_edge)) * u_edge;
  const Vector3 v_axis = (1.0 / Dot(v_edge, v_edge)) * v_edge;
  const Vector3 cross = Cross(u_edge, v_edge);
  const Vector3 normal = (1.0 / Norm(cross)) * cross;
  const Texture& texture = world.textures[panel.texture];
  SeenPanel seen = {.normal = normal,
                    .offset = Dot(normal, corner),
                    .u_axis = u_axis,
                    .u_offset = -Dot(u_axis, corner),
                    .v_axis = v_axis,
                    .v_offset = -Dot(v_axis, corner),
                    .texture = &texture,
                    .texels_per_m = texture.levels.front().width_px / Norm(u_edge),
                    .columns = {},
                    .rows = {}};
  SetPixelRanges({corner, corner + u_edge, corner + v_edge, corner + u_edge + v_edge}, camera, seen);
  return seen;
}

// Whether no corner is in front of the camera.
bool IsBehind(const Panel& panel, const RigidPose& world_from_cam) {
  const RigidPose cam_from_world = Inverse(world_from_cam);
  const Vector3 opposite = panel.corner_m + panel.edge_u_m + panel.edge_v_m;
  const std::array corners = {panel.corner_m, panel.corner_m + panel.edge_u_m, panel.corner_m + panel.edge_v_m,
                              opposite};
  return std::ranges::all_of(corners,
                             [&](const Vector3& corner) { return Transform(cam_from_world, corner).z <= 0.0; });
}

// The color that a ray of column `x` hits; `ray_spread` is the width of the area that it samples, at a distance of 1 m.
Color Trace(std::span<const SeenPanel> panels, int x, const Vector3& ray, double ray_spread) {
  constexpr double kNearestM = 1e-3;
  double depth = std::numeric_limits<double>::infinity();
  const SeenPanel* seen = nullptr;
  double u = 0.0;
  double v = 0.0;
  for (const SeenPanel& panel : panels) {
    if (!panel.columns.Contains(x)) continue;
    const double candidate = panel.offset / Dot(panel.normal, ray);  // Infinite for a ray along the panel.
    if (!(candidate > kNearestM && candidate < depth)) continue;
    const double panel_u = panel.u_offset + candidate * Dot(panel.u_axis, ray);
    const double panel_v = panel.v_offset + candidate * Dot(panel.v_axis, ray);
    if (!(panel_u >= 0.0 && panel_u <= 1.0 && panel_v >= 0.0 && panel_v <= 1.0)) continue;
    depth = candidate;
    seen = &panel;
    u = panel_u;
    v = panel_v;
  }
  if (seen == nullptr) return {};
  // The number of texels across that area, which is stretched by the slant.
  const double slant = std::abs(Dot(seen->normal, ray)) / Norm(ray);
  const double texels = ray_spread * depth * seen->texels_per_m / std::max(slant, 0.1);
  const auto last = static_cast<double>(seen->texture->levels.size() - 1);
  const auto level =
      static_cast<std::size_t>(std::clamp(std::floor(std::log2(std::max(texels, 1.0)) + 0.5), 0.0, last));
  return Sample(seen->texture->levels[level], u, v);
}

// `panels` are those in this row.
void RenderRow(std::span<const SeenPanel> panels, const Intrinsics& camera, int y, std::uint8_t* row) {
  constexpr std::array kPlaces = {0.25, 0.75};
  for (int x = 0; x < camera.width_px; ++x) {
    Color sum = {};
    for (const double place_y : kPlaces) {
      for (const double place_x : kPlaces) {
        const Vector3 ray = {(x + place_x - camera.center_x_px) / camera.focal_x_px,
                             (y + place_y - camera.center_y_px) / camera.focal_y_px, 1.0};
        const Color color = Trace(panels, x, ray, 0.5 / camera.focal_x_px);
        for (std::size_t channel = 0; channel < 3; ++channel) sum[channel] += color[channel];
      }
    }
    for (const float channel : sum) *row++ = static_cast<std::uint8_t>(std::lround(channel / 4.0F));
  }
}

}  // namespace

Texture MakeTexture(image::Image image) {
  Texture texture;
  texture.levels.push_back(std::move(image));
  while (std::min(texture.levels.back().width_px, texture.levels.back().height_px) >= 2) {
    texture.levels.push_back(HalfOf(texture.levels.back()));
  }
  return texture;
}

image::Image Render(const World& world, const RigidPose& world_from_cam, const Intrinsics& camera) {
  std::vector<SeenPanel> panels;
  for (const Panel& panel : world.panels) {
    if (!IsBehind(panel, world_from_cam)) panels.push_back(Prepare(world, panel, world_from_cam, camera));
  }
  image::Image image = {.width_px = camera.width_px, .height_px = camera.height_px, .rgb = {}};
  const std::size_t row_bytes = static_cast<std::size_t>(camera.width_px) * 3;
  image.rgb.resize(row_bytes * static_cast<std::size_t>(camera.height_px));
  std::vector<SeenPanel> panels_in_row;
  for (int y = 0; y < camera.height_px; ++y) {
    panels_in_row.clear();
    std::ranges::copy_if(panels, std::back_inserter(panels_in_row),
                         [y](const SeenPanel& panel) { return panel.rows.Contains(y); });
    RenderRow(panels_in_row, camera, y, image.rgb.data() + static_cast<std::size_t>(y) * row_bytes);
  }
  return image;
}

}  // namespace posenet::camera::synth
