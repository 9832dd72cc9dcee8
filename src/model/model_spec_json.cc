// SPDX-License-Identifier: Apache-2.0
#include "model/model_spec_json.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/error.h"
#include "model/json_names.h"
#include "model/json_reader.h"
#include "model/network_json.h"

namespace posenet::model {
namespace {

using OrderedJson = nlohmann::ordered_json;  // Keeps the order of the fields, which is chosen for people.

constexpr std::pair<std::string_view, ImageFit> kFits[] = {
    {"pad", ImageFit::kPad}, {"stretch", ImageFit::kStretch}, {"crop", ImageFit::kCrop}};
constexpr std::pair<std::string_view, Resampling> kResamplings[] = {
    {"bilinear", Resampling::kBilinear}, {"nearest", Resampling::kNearest}, {"antialiased", Resampling::kAntialiased}};
constexpr std::pair<std::string_view, PoseDecoder> kDecoders[] = {{"tfjs-single", PoseDecoder::kTfjsSingle},
                                                                  {"tfjs", PoseDecoder::kTfjsMultiple},
                                                                  {"coral", PoseDecoder::kCoral},
                                                                  {"hough", PoseDecoder::kHough},
                                                                  {"movenet-single", PoseDecoder::kMoveNetSingle},
                                                                  {"movenet-multiple", PoseDecoder::kMoveNetMultiple}};

// The key of a task's own section (ModelSpec::task_json); null for tasks without one.
const char* TaskKey(std::string_view task) { return task == kCameraTask ? "camera" : nullptr; }

// ---- Writing ----

OrderedJson InputToJson(const ModelSpec& spec) {
  OrderedJson json = {{"scale", spec.input_scale}, {"bias", spec.input_bias}};
  if (spec.input_width_px > 0) json["size"] = {spec.input_height_px, spec.input_width_px};
  if (spec.fit != ImageFit::kPad) json["fit"] = NameOf<ImageFit>(kFits, spec.fit);
  if (spec.resampling != Resampling::kBilinear) json["resample"] = NameOf<Resampling>(kResamplings, spec.resampling);
  return json;
}

OrderedJson ToJson(const DecoderSpec& decoder) {
  return {{"kind", NameOf<PoseDecoder>(kDecoders, decoder.decoder)},
          {"max_poses", decoder.options.max_poses},
          {"score_threshold", decoder.options.score_threshold},
          {"nms_radius", decoder.options.nms_radius_px}};
}

// ---- Reading ----

void ReadInput(const JsonNode& node, ModelSpec& spec) {
  node.AllowOnly({"scale", "bias", "size", "fit", "resample"});
  spec.input_scale = node.Member("scale").Float();
  const JsonNode bias = node.Member("bias");
  if (bias.ArraySize(3, 3) == 3) {
    for (std::size_t i = 0; i < 3; ++i) spec.input_bias[i] = bias.Element(i).Float();
  }
  if (node.Has("size") && node.Member("size").ArraySize(2, 2) == 2) {
    spec.input_height_px = node.Member("size").Element(0).Int(1, nn::kMaxWindowExtent);
    spec.input_width_px = node.Member("size").Element(1).Int(1, nn::kMaxWindowExtent);
  }
  if (node.Has("fit")) spec.fit = node.Member("fit").Choice<ImageFit>(kFits);
  if (node.Has("resample")) spec.resampling = node.Member("resample").Choice<Resampling>(kResamplings);
}

DecoderSpec ReadDecoder(const JsonNode& node) {
  node.AllowOnly({"kind", "max_poses", "score_threshold", "nms_radius"});
  DecoderSpec decoder;
  decoder.decoder = node.Member("kind").Choice<PoseDecoder>(kDecoders);
  MultiPoseOptions& options = decoder.options;
  options.max_poses = node.Member("max_poses").Int(1, kMaxPoses);
  options.score_threshold = node.Member("score_threshold").Float();
  if (!(options.score_threshold >= 0.0F && options.score_threshold <= 1.0F)) {
    node.Member("score_threshold").Expected("a number from 0 to 1");
  }
  options.nms_radius_px = node.Member("nms_radius").Float();
  if (!(options.nms_radius_px > 0.0F)) node.Member("nms_radius").Expected("a number above 0");
  return decoder;
}

}  // namespace

std::string ModelSpecToJson(const ModelSpec& spec) {
  OrderedJson json = {{"name", spec.name},
                      {"architecture", spec.architecture},
                      {"task", spec.task},
                      {"output_stride", spec.output_stride},
                      {"input", InputToJson(spec)}};
  if (const char* const key = TaskKey(spec.task)) {
    json[key] = OrderedJson::parse(spec.task_json, /*cb=*/nullptr, /*allow_exceptions=*/false);
  }
  if (spec.decoder) json["decoder"] = ToJson(*spec.decoder);
  json["source"] = spec.source;
  json["license"] = spec.license;
  json["network"] = NetworkToJson(spec.network);
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

Result<ModelSpec> ParseModelSpec(std::string_view json) {
  POSENET_ASSIGN_OR_RETURN(const nlohmann::json document, ParseStrictJson(json));
  std::optional<Error> error;
  const JsonNode root(document, error);
  ModelSpec spec;
  spec.name = root.Member("name").String();
  spec.architecture = root.Member("architecture").String();
  spec.task = root.Member("task").String();
  const char* const task_key = TaskKey(spec.task);
  root.AllowOnly({"name", "architecture", "task", "output_stride", "input", task_key != nullptr ? task_key : "decoder",
                  "decoder", "source", "license", "network"});
  spec.output_stride = root.Member("output_stride").Int(0, nn::kMaxWindowExtent);
  ReadInput(root.Member("input"), spec);
  if (task_key != nullptr) spec.task_json = root.Member(task_key).ObjectText();
  if (root.Has("decoder")) spec.decoder = ReadDecoder(root.Member("decoder"));
  spec.source = root.Member("source").String();
  spec.license = root.Member("license").String();
  spec.network = ReadNetwork(root.Member("network"));
  if (error) return tl::unexpected(*error);
  return spec;
}

}  // namespace posenet::model
