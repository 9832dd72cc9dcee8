// SPDX-License-Identifier: Apache-2.0
// Estimates where photos of a known scene were taken.
//
//   camera_localization MODEL IMAGE...
//
// MODEL is a model file that 'posenet camera train' made from photos of the scene; IMAGE is a JPEG, PNG or BMP file.
#define STB_IMAGE_IMPLEMENTATION
#include <posenet/camera.h>
#include <stb_image.h>

#include <cstdio>
#include <memory>
#include <string>

namespace {

int Fail(const std::string& message) {
  std::fprintf(stderr, "camera_localization: %s\n", message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: camera_localization MODEL IMAGE...\n");
    return 2;
  }

  const auto model = posenet::Model::Load(argv[1]);
  if (!model) return Fail(model.error().message);
  // Twenty passes with random dropout estimate how uncertain each pose is; 0 would be faster, without an uncertainty.
  const auto localizer = posenet::CameraLocalizer::Create(*model, {.uncertainty_passes = 20});
  if (!localizer) return Fail(localizer.error().message);

  for (int i = 2; i < argc; ++i) {
    int width_px = 0;
    int height_px = 0;
    const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> rgb(
        stbi_load(argv[i], &width_px, &height_px, nullptr, STBI_rgb), &stbi_image_free);
    if (rgb == nullptr) return Fail(std::string(argv[i]) + ": " + stbi_failure_reason());

    const auto estimate = localizer->Localize({.data = rgb.get(), .width_px = width_px, .height_px = height_px});
    if (!estimate) return Fail(std::string(argv[i]) + ": " + estimate.error().message);

    // The pose is world_from_cam: the position is the camera's center in the scene.
    const auto& [x, y, z] = estimate->pose.position;
    const auto& [qw, qx, qy, qz] = estimate->pose.rotation_wxyz;
    std::printf("%s: position %.3f %.3f %.3f, rotation (w x y z) %.4f %.4f %.4f %.4f", argv[i], x, y, z, qw, qx, qy,
                qz);
    if (estimate->uncertainty) {
      std::printf(", standard deviation %.3f and %.1f degrees", estimate->uncertainty->position_total_std,
                  estimate->uncertainty->rotation_std_deg);
    }
    std::printf("\n");
  }
  return 0;
}
