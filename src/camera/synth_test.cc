// SPDX-License-Identifier: Apache-2.0
#include "camera/synth.h"

#include <cmath>
#include <cstdint>

#include "camera/scene_statistics.h"
#include "camera/test_scenes.h"

namespace posenet::camera::synth {
namespace {

// Red grows with u, green with v: a pixel's colour says which point of the panel it shows.
Image UvChart(int side_px) {
  Image image = {.width_px = side_px, .height_px = side_px, .rgb = {}};
  for (int y = 0; y < side_px; ++y) {
    for (int x = 0; x < side_px; ++x) {
      image.rgb.push_back(static_cast<std::uint8_t>(x));
      image.rgb.push_back(static_cast<std::uint8_t>(y));
      image.rgb.push_back(0);
    }
  }
  return image;
}

const std::uint8_t* PixelAt(const Image& image, int x, int y) {
  return image.rgb.data() + static_cast<std::ptrdiff_t>((y * image.width_px + x) * 3);
}

Vector3 ToPicture(const Vector3& p_cam, const Intrinsics& camera) {
  return {camera.focal_x_px * p_cam.x / p_cam.z + camera.center_x_px,
          camera.focal_y_px * p_cam.y / p_cam.z + camera.center_y_px, p_cam.z};
}

TEST(SynthRender, ShowsKnownPointsWhereTheyProject) {
  Room room;
  room.textures.push_back(MakeTexture(UvChart(256)));
  const Panel panel = {.corner_m = {-1, -1, 0.5}, .edge_u_m = {2, 0, 0.4}, .edge_v_m = {0, 1.5, 0}};
  room.panels.push_back(panel);
  Intrinsics camera = CameraOfSize(320, 240);
  camera.center_x_px += 7.0;
  camera.focal_y_px *= 1.1;
  const RigidPose world_from_cam = {RotationAbout({0.1, 1, 0.2}, 14.0), {-0.6, -0.4, -1.8}};
  ThreadPool pool(2);
  const Image image = Render(room, world_from_cam, camera, pool);
  int checked = 0;
  for (double u = 0.05; u < 1.0; u += 0.05) {
    for (double v = 0.05; v < 1.0; v += 0.05) {
      const Vector3 p_world = panel.corner_m + u * panel.edge_u_m + v * panel.edge_v_m;
      const Vector3 at_px = ToPicture(Transform(Inverse(world_from_cam), p_world), camera);
      const int x = static_cast<int>(std::floor(at_px.x));
      const int y = static_cast<int>(std::floor(at_px.y));
      if (x < 0 || y < 0 || x >= camera.width_px || y >= camera.height_px) continue;
      // A pixel is some two texels wide here; the point lies within half a pixel of its centre.
      EXPECT_NEAR(PixelAt(image, x, y)[0], 256.0 * u - 0.5, 1.6) << u << " " << v;
      EXPECT_NEAR(PixelAt(image, x, y)[1], 256.0 * v - 0.5, 1.6) << u << " " << v;
      ++checked;
    }
  }
  EXPECT_GT(checked, 200);
}

TEST(SynthRender, ShowsTheNearestAndBlackWhereThereIsNothing) {
  Room room;
  for (const int value : {200, 100}) {
    room.textures.push_back(MakeTexture(
        {.width_px = 2, .height_px = 2, .rgb = std::vector<std::uint8_t>(12, static_cast<std::uint8_t>(value))}));
  }
  room.panels.push_back({.corner_m = {-1, -1, 3}, .edge_u_m = {2, 0, 0}, .edge_v_m = {0, 2, 0}, .texture = 0});
  room.panels.push_back({.corner_m = {-0.1, -0.1, 2}, .edge_u_m = {0.2, 0, 0}, .edge_v_m = {0, 0.2, 0}, .texture = 1});
  ThreadPool pool(1);
  const Image image = Render(room, {}, CameraOfSize(64, 64), pool);
  EXPECT_EQ(PixelAt(image, 32, 32)[0], 100);
  EXPECT_EQ(PixelAt(image, 22, 32)[0], 200);
  EXPECT_EQ(PixelAt(image, 0, 0)[0], 0);
  const Image behind = Render(room, {RotationAbout({0, 1, 0}, 180.0), {}}, CameraOfSize(64, 64), pool);
  EXPECT_EQ(PixelAt(behind, 32, 32)[0], 0);
}

TEST(SynthRoom, IsClosedAndTheSameForTheSameSeed) {
  const Room room = FurnishRoom({}, 7);
  const Room same = FurnishRoom({}, 7);
  const Room other = FurnishRoom({}, 8);
  ThreadPool pool(2);
  const Intrinsics camera = CameraOfSize(80, 60);
  for (const RigidPose& pose : WalkAround(8, 0, 7)) {
    const Image image = Render(room, pose, camera, pool);
    EXPECT_EQ(image.rgb, Render(same, pose, camera, pool).rgb);
    EXPECT_NE(image.rgb, Render(other, pose, camera, pool).rgb);
  }
}

TEST(SynthRoom, WalksStayInsideAndNearEachOther) {
  Scene scene;
  for (int number = 0; number < 5; ++number) {
    for (const RigidPose& pose : WalkAround(100, number, 1)) {
      EXPECT_LT(std::abs(pose.translation_m.x), kHalfWidthM - 0.5);
      EXPECT_LT(std::abs(pose.translation_m.z), kHalfDepthM - 0.5);
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
  EXPECT_LT(statistics.oracle.median.position_m, statistics.constant.median.position_m / 3.0);
}

}  // namespace
}  // namespace posenet::camera::synth
