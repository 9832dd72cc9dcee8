// SPDX-License-Identifier: Apache-2.0
// Prints the keypoints of the people in an image.
//
//   image_to_poses MODEL IMAGE
//
// MODEL is a model file, such as mobilenet100.safetensors; IMAGE is a JPEG, PNG or BMP file.
#define STB_IMAGE_IMPLEMENTATION
#include <posenet/human.h>
#include <stb_image.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace {

// Poses of a lower score are mostly duplicates and false detections, keypoints of a lower score guesses.
constexpr float kMinPoseScore = 0.15F;
constexpr float kMinKeypointScore = 0.3F;

int Fail(const std::string& message) {
  std::fprintf(stderr, "image_to_poses: %s\n", message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: image_to_poses MODEL IMAGE\n");
    return 2;
  }

  // Load the model and prepare it once. An estimator packs the weights and plans its memory, which takes longer than
  // one image does. It does not need the model afterwards.
  const auto model = posenet::Model::Load(argv[1]);
  if (!model) return Fail(model.error().message);
  const auto estimator = posenet::PoseEstimator::Create(*model, {.input_width_px = 513, .input_height_px = 513});
  if (!estimator) return Fail(estimator.error().message);

  // Any 8-bit RGB, BGR or gray pixels will do; the image may have any size.
  int width_px = 0;
  int height_px = 0;
  const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> rgb(
      stbi_load(argv[2], &width_px, &height_px, nullptr, STBI_rgb), &stbi_image_free);
  if (rgb == nullptr) return Fail(std::string(argv[2]) + ": " + stbi_failure_reason());

  auto poses = estimator->Estimate({.data = rgb.get(), .width_px = width_px, .height_px = height_px});
  if (!poses) return Fail(poses.error().message);
  std::erase_if(*poses, [](const posenet::Pose& pose) { return pose.score < kMinPoseScore; });

  std::printf("image: %d x %d pixels, people: %zu\n", width_px, height_px, poses->size());
  for (const posenet::Pose& pose : *poses) {
    std::printf("a person, score %.2f\n", pose.score);
    for (std::size_t i = 0; i < pose.keypoints.size(); ++i) {
      const posenet::Keypoint& keypoint = pose.keypoints[i];
      if (keypoint.score < kMinKeypointScore) continue;
      std::printf("  %-14s x %6.1f  y %6.1f  score %.2f\n", std::string(posenet::kPartNames[i]).c_str(),
                  keypoint.position_px.x, keypoint.position_px.y, keypoint.score);
    }
  }
  return 0;
}
