// SPDX-License-Identifier: Apache-2.0
// Main header of the module model: a network, how images are normalized for it, how its outputs are decoded, and where
// it comes from. The module also has the model file, the graphs of known architectures and their output strides.
#ifndef POSENET_MODEL_MODEL_SPEC_H_
#define POSENET_MODEL_MODEL_SPEC_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/decode.h"
#include "posenet/image.h"
#include "posenet/model.h"
#include "posenet/result.h"

namespace posenet::model {

/// Names of the outputs of a network for human pose (nn::Output::name); importers rename those of the source graph.
/// Displacements are two outputs of 32 channels each, or one of 64 (forward, then backward), as TFLite models have it.
inline constexpr const char* kHeatmapOutput = "heatmap";
inline constexpr const char* kOffsetOutput = "offset";
inline constexpr const char* kDisplacementFwdOutput = "displacement_fwd";
inline constexpr const char* kDisplacementBwdOutput = "displacement_bwd";
inline constexpr const char* kDisplacementOutput = "displacement";

/// Outputs of a MoveNet, all logits or offsets in cells of the map: the center heatmap (1 channel), keypoint heatmaps
/// (17), displacements from a person's center to the keypoints (34) and offsets of keypoints within their cells (34),
/// the latter two as y, x of each keypoint in turn. Networks for several people have boxes, too: the offset of a box's
/// center (y, x) and its extent (height, width).
inline constexpr const char* kCenterOutput = "center";
inline constexpr const char* kKeypointHeatmapOutput = "keypoint_heatmap";
inline constexpr const char* kKeypointRegressionOutput = "keypoint_regression";
inline constexpr const char* kKeypointOffsetOutput = "keypoint_offset";
inline constexpr const char* kBoxOffsetOutput = "box_offset";
inline constexpr const char* kBoxScaleOutput = "box_scale";

/// How a model's maps are decoded by default.
struct DecoderSpec {
  PoseDecoder decoder = PoseDecoder::kTfjsMultiple;
  MultiPoseOptions options = {};
};

/// Everything about a model but its weights. Input pixels are RGB.
struct ModelSpec {
  std::string name;
  std::string architecture;
  std::string task = kHumanTask;
  int output_stride = 0;
  float input_scale = 1.0F;  // An 8-bit channel value v enters the network as v * input_scale + input_bias[channel].
  std::array<float, 3> input_bias = {0.0F, 0.0F, 0.0F};
  int input_width_px = 0;  // The size that the network was made for, and its default; 0 for any.
  int input_height_px = 0;
  ImageFit fit = ImageFit::kPad;  // How images are fitted to the input by default.
  Resampling resampling = Resampling::kBilinear;
  /// The task's own section of the model file: a JSON object that only the task's module reads (for kCameraTask,
  /// camera::ParseCameraSpec). Empty for tasks without a section.
  std::string task_json;
  std::optional<DecoderSpec> decoder;  // The default decoder, if the model was made for one.
  std::string source;
  std::string license;
  nn::Network network;
};

/// A spec and its weights, with whatever keeps the weights in memory.
struct LoadedModel {
  ModelSpec spec;
  nn::TensorMap weights;
  std::shared_ptr<const void> storage = nullptr;
  /// SHA-256 of the weights as the model's file states it; empty for a model that was not read from a file.
  std::string sha256 = {};
  /// Of a quantized model: ModelIdOf the float model that it was made from; empty for others.
  std::string quantized_from = {};
};

/// Validates `model` like LoadModelFile and makes it a public Model. Errors: those of Model::Load except file errors.
Result<Model> MakeModel(LoadedModel model);

/// The spec and weights of a public Model; valid as long as any copy of it.
const LoadedModel& LoadedModelOf(const Model& model);

}  // namespace posenet::model

#endif  // POSENET_MODEL_MODEL_SPEC_H_
