// SPDX-License-Identifier: Apache-2.0
// Uses every public header but the OpenCV adapter, and links.
#include <posenet/camera.h>
#include <posenet/decode.h>
#include <posenet/human.h>
#include <posenet/image.h>
#include <posenet/model.h>
#include <posenet/pose.h>
#include <posenet/result.h>

#include <cstdio>
#include <vector>

int main(int argc, char** argv) {
  // Without a model: what an application sees when the file is missing, and a decoder on maps of its own.
  const auto missing = posenet::Model::Load("no such file.safetensors");
  if (missing.has_value() || missing.error().code != posenet::ErrorCode::kNotFound) return 1;
  const std::vector<float> heatmap(17, 0.9F);
  const std::vector<float> offsets(34, 1.0F);
  const auto pose = posenet::DecodeSinglePose({.height = 1,
                                               .width = 1,
                                               .output_stride = 16,
                                               .heatmap_kind = posenet::HeatmapKind::kProbabilities,
                                               .heatmap = {.data = heatmap.data()},
                                               .offsets = {.data = offsets.data()}});
  if (!pose.has_value() || (*pose)[posenet::Part::kNose].position_px.x != 1.0F) return 1;
  if (argc < 2) return 0;

  const auto model = posenet::Model::Load(argv[1]);
  if (!model.has_value()) {
    std::fprintf(stderr, "%s\n", model.error().message.c_str());
    return 1;
  }
  // A model for people finds no cameras.
  const auto localizer = posenet::CameraLocalizer::Create(*model);
  if (localizer.has_value() || localizer.error().code != posenet::ErrorCode::kUnsupported) return 1;
  const auto estimator = posenet::PoseEstimator::Create(*model, {.input_width_px = 129, .input_height_px = 129});
  const std::vector<unsigned char> gray(64 * 48, 128);
  const auto poses = estimator->Estimate(
      {.data = gray.data(), .width_px = 64, .height_px = 48, .format = posenet::PixelFormat::kGray});
  return poses.has_value() ? 0 : 1;
}
