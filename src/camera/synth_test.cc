// SPDX-License-Identifier: Apache-2.0
#include "camera/synth.h"

#include <cmath>
#include <cstdint>
#include <ostream>
#include <string>

#include "camera/scene_statistics.h"
#include "camera/testing/scenes.h"

namespace posenet::camera::synth {
namespace {

// Red grows with u, green with v: the color of a pixel encodes a point of the panel.
image::Image UvChart(int side_px) {
  image::Image image = {.width_px = side_px, .height_px = side_px, .rgb = {}};
  for (int y = 0; y < side_px; ++y) {
    for (int x = 0; x < side_px; ++x) {
      image.rgb.push_back(static_cast<std::uint8_t>(x));
      image.rgb.push_back(static_cast<std::uint8_t>(y));
      image.rgb.push_back(0);
    }
  }
  return image;
}

const std::uint8_t* PixelAt(const image::Image& image, int x, int y) {
  return image.rgb.data() + static_cast<std::ptrdiff_t>((y * image.width_px + x) * 3);
}

Vector3 ToImage(const Vector3& p_cam, const Intrinsics& camera) {
  return {camera.focal_x_px * p_cam.x / p_cam.z + camera.center_x_px,
          camera.focal_y_px * p_cam.y / p_cam.z + camera.center_y_px, p_cam.z};
}

TEST(SynthRender, ShowsKnownPointsWhereTheyProject) {
  World world;
  world.textures.push_back(MakeTexture(UvChart(256)));
  const Panel panel = {.corner_m = {-1, -1, 0.5}, .edge_u_m = {2, 0, 0.4}, .edge_v_m = {0, 1.5, 0}};
  world.panels.push_back(panel);
  Intrinsics camera = CameraOfSize(320, 240);
  camera.center_x_px += 7.0;
  camera.focal_y_px *= 1.1;
  const RigidPose world_from_cam = {RotationAbout({0.1, 1, 0.2}, 14.0), {-0.6, -0.4, -1.8}};
  const image::Image image = Render(world, world_from_cam, camera);
  int checked = 0;
  for (double u = 0.05; u < 1.0; u += 0.05) {
    for (double v = 0.05; v < 1.0; v += 0.05) {
      const Vector3 p_world = panel.corner_m + u * panel.edge_u_m + v * panel.edge_v_m;
      const Vector3 at_px = ToImage(Transform(Inverse(world_from_cam), p_world), camera);
      const int x = static_cast<int>(std::floor(at_px.x));
      const int y = static_cast<int>(std::floor(at_px.y));
      if (x < 0 || y < 0 || x >= camera.width_px || y >= camera.height_px) continue;
      // A pixel is about two texels wide; the point is within half a pixel of its center.
      EXPECT_NEAR(PixelAt(image, x, y)[0], 256.0 * u - 0.5, 1.6) << u << " " << v;
      EXPECT_NEAR(PixelAt(image, x, y)[1], 256.0 * v - 0.5, 1.6) << u << " " << v;
      ++checked;
    }
  }
  EXPECT_GT(checked, 200);
}

TEST(SynthRender, ShowsTheNearestPanelElseBlack) {
  World world;
  for (const int value : {200, 100}) {
    world.textures.push_back(MakeTexture(
        {.width_px = 2, .height_px = 2, .rgb = std::vector<std::uint8_t>(12, static_cast<std::uint8_t>(value))}));
  }
  world.panels.push_back({.corner_m = {-1, -1, 3}, .edge_u_m = {2, 0, 0}, .edge_v_m = {0, 2, 0}, .texture = 0});
  world.panels.push_back({.corner_m = {-0.1, -0.1, 2}, .edge_u_m = {0.2, 0, 0}, .edge_v_m = {0, 0.2, 0}, .texture = 1});
  const image::Image image = Render(world, {}, CameraOfSize(64, 64));
  EXPECT_EQ(PixelAt(image, 32, 32)[0], 100);
  EXPECT_EQ(PixelAt(image, 22, 32)[0], 200);
  EXPECT_EQ(PixelAt(image, 0, 0)[0], 0);
  const image::Image behind = Render(world, {RotationAbout({0, 1, 0}, 180.0), {}}, CameraOfSize(64, 64));
  EXPECT_EQ(PixelAt(behind, 32, 32)[0], 0);
}

struct Case {
  const char* name;
  Place place;
  Vector3 low_m;  // Bounds of the walks.
  Vector3 high_m;
  double max_oracle_share = 1.0 / 3.0;  // Of the constant pose's error.
};

void PrintTo(const Case& place, std::ostream* stream) { *stream << place.name; }

class SynthPlace : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(Places, SynthPlace,
                         testing::Values(Case{"room", Place::kRoom, {-2.5, -2.5, -2.0}, {2.5, -1.0, 2.0}},
                                         Case{"wall", Place::kWall, {-1.5, -2.0, -0.2}, {1.5, -1.0, 2.0}, 0.4},
                                         Case{"corridor", Place::kCorridor, {0.5, -2.2, -0.8}, {23.5, -1.0, 0.8}},
                                         Case{"street", Place::kStreet, {2.0, -2.2, -4.5}, {58.0, -1.0, 4.5}}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(SynthPlace, IsClosedAndTheSameForTheSameSeed) {
  const Place place = GetParam().place;
  const World world = MakeWorld(place, {}, 7);
  const World same = MakeWorld(place, {}, 7);
  const World other = MakeWorld(place, {}, 8);
  const Intrinsics camera = CameraOfSize(80, 60);
  for (const RigidPose& pose : Walk(place, 8, 0, 7)) {
    const image::Image image = Render(world, pose, camera);
    EXPECT_EQ(image.rgb, Render(same, pose, camera).rgb);
    EXPECT_NE(image.rgb, Render(other, pose, camera).rgb);
    // Rays without a panel give black pixels; patterns have none.
    int black = 0;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
      black += image.rgb[i] == 0 && image.rgb[i + 1] == 0 && image.rgb[i + 2] == 0 ? 1 : 0;
    }
    EXPECT_EQ(black, 0);
  }
}

TEST_P(SynthPlace, WalksStayInsideAndNearEachOther) {
  const Vector3& low_m = GetParam().low_m;
  const Vector3& high_m = GetParam().high_m;
  Scene scene;
  for (int number = 0; number < 5; ++number) {
    for (const RigidPose& pose : Walk(GetParam().place, 100, number, 1)) {
      const Vector3& at_m = pose.translation_m;
      EXPECT_TRUE(at_m.x > low_m.x && at_m.y > low_m.y && at_m.z > low_m.z) << at_m.x << " " << at_m.y << " " << at_m.z;
      EXPECT_TRUE(at_m.x < high_m.x && at_m.y < high_m.y && at_m.z < high_m.z)
          << at_m.x << " " << at_m.y << " " << at_m.z;
      scene.frames.push_back({.name = std::to_string(scene.frames.size()),
                              .image = "",
                              .world_from_cam = pose,
                              .split = number == 4 ? Split::kTest : Split::kTrain,
                              .sequence = std::to_string(number)});
    }
  }
  const SceneStatistics statistics = Describe(scene);
  EXPECT_EQ(statistics.overlap.outside_count, 0U);
  EXPECT_TRUE(statistics.warnings.empty());
  EXPECT_LT(statistics.oracle.median.position_m, GetParam().max_oracle_share * statistics.constant.median.position_m);
}

}  // namespace
}  // namespace posenet::camera::synth
