// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "camera/camera_model.h"
#include "camera/camera_spec.h"
#include "export/export.h"
#include "export/network_to_onnx.h"
#include "export/onnx_graph.h"
#include "model/model_file.h"
#include "model/network_weights.h"

namespace posenet::exporter {
namespace {

// Readers of protocol buffers count a message's bytes in a signed 32-bit integer.
constexpr std::uint64_t kMaxProtoBytes = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kMaxTextBytes = 100'000;

// The shortest decimal number that parses to the same bits, in any locale.
template <typename Number>
std::string NumberText(Number number) {
  std::array<char, 32> digits{};  // At most 24: "-1.2345678901234567e-308".
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return {digits.data(), end};
}

std::string BiasText(const model::ModelSpec& spec) {
  const auto& [red, green, blue] = spec.input_bias;
  return base::StrCat(NumberText(red), ",", NumberText(green), ",", NumberText(blue));
}

template <std::size_t kSize>
std::string ListText(const std::array<double, kSize>& numbers) {
  std::string text;
  for (const double number : numbers) text += base::StrCat(text.empty() ? "" : ",", NumberText(number));
  return text;
}

using Metadata = std::vector<std::pair<std::string, std::string>>;

void AddCamera(const camera::CameraSpec& camera, Metadata& metadata) {
  const bool is_quaternion = camera.rotation == camera::RotationParameters::kQuaternion;
  metadata.insert(metadata.end(), {{"posenet.camera_rotation", is_quaternion ? "quaternion" : "log_quaternion"},
                                   {"posenet.camera_origin", ListText(camera.origin)},
                                   {"posenet.camera_scale", NumberText(camera.scale)},
                                   {"posenet.camera_base_rotation", ListText(camera.base_rotation_wxyz)},
                                   {"posenet.camera_lengths", std::string(camera::LengthUnitName(camera.length_unit))},
                                   {"posenet.camera_crop_share", NumberText(camera.crop_share)},
                                   {"posenet.camera_sequence_length", std::to_string(camera.sequence_length)},
                                   {"posenet.camera_scene", base::Printable(camera.scene, kMaxTextBytes)}});
}

Result<Metadata> MetadataOf(const model::LoadedModel& model) {
  const model::ModelSpec& spec = model.spec;
  const auto text = [](std::string_view value) { return base::Printable(value, kMaxTextBytes); };
  Metadata metadata = {
      {"posenet.name", text(spec.name)},
      {"posenet.architecture", text(spec.architecture)},
      {"posenet.task", text(spec.task)},
      {"posenet.output_stride", std::to_string(spec.output_stride)},
      {"posenet.input_scale", NumberText(spec.input_scale)},
      {"posenet.input_bias", BiasText(spec)},
      {"posenet.source", text(spec.source)},
      {"posenet.license", text(spec.license)},
  };
  if (spec.task == kCameraTask) {
    POSENET_ASSIGN_OR_RETURN(const camera::CameraSpec camera, camera::CameraSpecOf(model));
    AddCamera(camera, metadata);
  }
  return metadata;
}

std::string DocOf(const model::ModelSpec& spec) {
  std::string doc = base::StrCat(
      base::Printable(spec.name), ": ", base::Printable(spec.architecture), ", ", base::Printable(spec.task),
      ". Input: float32 NCHW; the channels red, green and blue, of values v from 0 to 255 each, as "
      "v * ",
      NumberText(spec.input_scale), " + (", BiasText(spec), ").");
  if (spec.output_stride > 0) {
    doc += base::StrCat(" Output stride: ", spec.output_stride, " input pixels per cell.");
  }
  return doc +
         base::StrCat(" Source: ", base::Printable(spec.source), ". License: ", base::Printable(spec.license), ".");
}

tl::unexpected<Error> TooLarge() {
  return base::Fail(ErrorCode::kUnsupported, "the ONNX file would be larger than the ", kMaxProtoBytes,
                    " bytes that protocol buffers can hold");
}

// Checked before anything is converted: the weights are all but a few thousand bytes of the file.
Result<void> CheckSize(const model::LoadedModel& model) {
  POSENET_ASSIGN_OR_RETURN(const auto uses, model::WeightsOf(model.spec.network));
  std::uint64_t count = 0;
  for (const auto& [name, use] : uses) {
    // ElementCount is saturated at 2^63 - 1, so the sum of two such numbers fits.
    count += static_cast<std::uint64_t>(model.weights.find(name)->second.ElementCount());
    if (count > kMaxProtoBytes / sizeof(float)) return TooLarge();
  }
  return {};
}

}  // namespace

Result<base::ProtoMessage> OnnxModel(const model::LoadedModel& model, const OnnxOptions& options) {
  POSENET_RETURN_IF_ERROR(model::ValidateModel(model));
  POSENET_RETURN_IF_ERROR(CheckSize(model));
  const model::ModelSpec& spec = model.spec;
  POSENET_ASSIGN_OR_RETURN(Metadata metadata, MetadataOf(model));
  exporter::OnnxFile file{.doc_string = DocOf(spec), .metadata = std::move(metadata)};
  const std::string name = spec.name.empty() ? "posenet" : base::Printable(spec.name);  // A graph must have one.
  POSENET_ASSIGN_OR_RETURN(file.graph, exporter::NetworkToOnnx(name, spec.network, model.weights, options));
  base::ProtoMessage message = ToProto(std::move(file));
  if (message.size() > kMaxProtoBytes) return TooLarge();
  return message;
}

Result<void> WriteOnnx(const std::filesystem::path& path, const base::ProtoMessage& model) {
  POSENET_ASSIGN_OR_RETURN(base::AtomicFile file, base::AtomicFile::Create(path));
  for (const std::vector<std::byte>& chunk : model.chunks()) POSENET_RETURN_IF_ERROR(file.Write(chunk));
  return file.Commit();
}

}  // namespace posenet::exporter
