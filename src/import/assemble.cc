// SPDX-License-Identifier: Apache-2.0
#include "import/assemble.h"

#include <cmath>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/error.h"
#include "import/architecture.h"
#include "import/coral_decoder.h"
#include "import/lower.h"
#include "import/lower_quantized.h"
#include "import/roles.h"
#include "model/output_stride.h"
#include "nn/graph/network.h"

namespace posenet::importer {
namespace {

// A size that every PoseNet accepts, 1 modulo all output strides, and one for MoveNets, a multiple of all.
constexpr nn::Shape kPoseNetInput{1, 257, 257, 3};
constexpr nn::Shape kMoveNetInput{1, 256, 256, 3};

// Checks that the layers fit each other and that the outputs are maps of one size.
Result<void> CheckShapes(const nn::Network& network) {
  const bool is_movenet = network.outputs[0].name == model::kCenterOutput;
  const auto shapes = nn::InferShapes(network, is_movenet ? kMoveNetInput : kPoseNetInput);
  if (!shapes) {
    const ErrorCode code =
        shapes.error().code == ErrorCode::kInvalidArgument ? ErrorCode::kCorruptData : shapes.error().code;
    return base::Fail(code, "its layers do not fit: ", shapes.error().message);
  }
  const nn::Shape& first = (*shapes)[static_cast<std::size_t>(network.outputs[0].value)];
  for (const nn::Output& output : network.outputs) {
    const nn::Shape& shape = (*shapes)[static_cast<std::size_t>(output.value)];
    if (shape.height != first.height || shape.width != first.width || shape.channels != ChannelsOfRole(output.name)) {
      return base::Fail(ErrorCode::kUnsupported, "not a ", is_movenet ? "MoveNet" : "PoseNet", ": its ", output.name,
                        " map is ", shape.height, "x", shape.width, "x", shape.channels, ", expected ", first.height,
                        "x", first.width, "x", ChannelsOfRole(output.name));
    }
  }
  return {};
}

struct OwnedTensors {
  std::map<std::string, FloatTensor> floats;
  std::map<std::string, IntegerTensor> integers;
};

// Makes `tensors` the weights of the model, which owns them.
void Own(OwnedTensors tensors, model::LoadedModel& model) {
  auto storage = std::make_shared<const OwnedTensors>(std::move(tensors));
  for (const auto& [name, tensor] : storage->floats) {
    model.weights[name] = {nn::DType::kFloat32, tensor.shape, std::as_bytes(std::span(tensor.values))};
  }
  for (const auto& [name, tensor] : storage->integers) {
    model.weights[name] = {tensor.type, tensor.shape, tensor.bytes};
  }
  model.storage = std::move(storage);
}

void SetNormalization(const Architecture& architecture, const std::optional<Preprocessing>& preprocessing,
                      model::ModelSpec& spec) {
  spec.input_scale = architecture.input_scale;
  spec.input_bias = architecture.input_bias;
  if (!preprocessing) return;
  // A graph that maps [0, 1] to [-1, 1] by itself takes images in [0, 1].
  const auto near = [](double a, double b) { return std::abs(a - b) < 1e-6; };
  const bool takes_unit_range = near(preprocessing->scale, 2.0) && near(preprocessing->bias[0], -1.0);
  spec.input_scale = static_cast<float>(takes_unit_range ? preprocessing->scale / 255.0 : preprocessing->scale);
  for (std::size_t c = 0; c < spec.input_bias.size(); ++c) {
    spec.input_bias[c] = static_cast<float>(preprocessing->bias[c]);
  }
}

// Sets the decoder and the input of Coral's models.
Result<void> SetCoralTraits(const Graph& graph, model::ModelSpec& spec) {
  if (graph.decoder && graph.decoder->output_stride != spec.output_stride) {
    return base::Fail(ErrorCode::kCorruptData, "its PosenetDecoderOp expects an output stride of ",
                      graph.decoder->output_stride, ", but that of the network is ", spec.output_stride);
  }
  if (graph.decoder) spec.decoder = graph.decoder->spec;
  if (!graph.is_quantized) return {};
  if (!spec.decoder) spec.decoder = DefaultCoralDecoder();
  spec.name += "-uint8";
  spec.architecture += ", uint8";
  spec.input_width_px = graph.input_width;
  spec.input_height_px = graph.input_height;
  spec.fit = ImageFit::kStretch;
  spec.resampling = Resampling::kNearest;
  return {};
}

}  // namespace

Result<model::LoadedModel> AssembleModel(Graph graph, std::string source) {
  CheckInputCounts(graph);
  FoldSpaceToBatch(graph);
  FoldUpsampling(graph);
  POSENET_ASSIGN_OR_RETURN(const std::vector<RoleOutput> outputs, AssignRoles(graph));
  POSENET_ASSIGN_OR_RETURN(LoweredGraph lowered,
                           graph.is_quantized ? LowerQuantized(graph, outputs) : Lower(graph, outputs));
  POSENET_RETURN_IF_ERROR(CheckShapes(lowered.network));
  const Architecture architecture = RecognizeArchitecture(lowered.network);

  model::LoadedModel model;
  model::ModelSpec& spec = model.spec;
  POSENET_ASSIGN_OR_RETURN(spec.output_stride, model::OutputStrideOf(lowered.network));
  spec.name = architecture.name;
  spec.architecture = architecture.description;
  SetNormalization(architecture, lowered.preprocessing, spec);
  if (architecture.input_size_px > 0) {
    spec.input_width_px = graph.input_width > 0 ? graph.input_width : architecture.input_size_px;
    spec.input_height_px = graph.input_height > 0 ? graph.input_height : architecture.input_size_px;
  }
  POSENET_RETURN_IF_ERROR(SetCoralTraits(graph, spec));
  spec.source = std::move(source);
  spec.license = "Apache-2.0";
  spec.network = std::move(lowered.network);
  Own({std::move(lowered.tensors), std::move(lowered.integer_tensors)}, model);
  return model;
}

}  // namespace posenet::importer
