// SPDX-License-Identifier: Apache-2.0
#include "model/model_file.h"

#include <map>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/file.h"
#include "model/foreign_format.h"
#include "model/model_spec_json.h"
#include "model/network_weights.h"
#include "model/output_stride.h"
#include "model/safetensors.h"
#include "model/sha256.h"

namespace posenet::model {
namespace {

using Metadata = std::map<std::string, std::string>;

constexpr const char* kFormatKey = "posenet.format";
constexpr const char* kFormatVersion = "1";
constexpr const char* kModelKey = "posenet.model";
constexpr const char* kSha256Key = "posenet.sha256";
constexpr const char* kQuantizedFromKey = "posenet.quantized_from";

struct ParsedFile {
  SafetensorsView container;
  LoadedModel model;  // Without storage.
};

// A model that is an invalid argument in memory is corrupt data in a file.
Error AsDamage(Error error) {
  if (error.code == ErrorCode::kInvalidArgument) error.code = ErrorCode::kCorruptData;
  return error;
}

Result<ModelSpec> ReadSpec(const Metadata& metadata) {
  const auto version = metadata.find(kFormatKey);
  if (version == metadata.end()) {
    return base::Fail(ErrorCode::kUnsupported,
                      "is a safetensors file without a PoseNet network: its metadata has no \"", kFormatKey, "\"");
  }
  if (version->second != kFormatVersion) {
    return base::Fail(ErrorCode::kUnsupported, "has version \"", base::Printable(version->second, 20),
                      "\" of the model format, expected \"", kFormatVersion, "\"");
  }
  const auto text = metadata.find(kModelKey);
  if (text == metadata.end()) return base::Fail(ErrorCode::kCorruptData, "metadata \"", kModelKey, "\" is missing");
  auto spec = ParseModelSpec(text->second);
  if (!spec) return base::FailIn(spec.error(), "metadata \"", kModelKey, "\"");
  return spec;
}

// The value of `key`, or an empty text.
std::string ValueOf(const Metadata& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? "" : found->second;
}

Result<ParsedFile> ParseFile(std::span<const std::byte> bytes) {
  ParsedFile file;
  auto container = ParseSafetensors(bytes);
  if (!container) {
    const auto foreign = DescribeForeignFormat(bytes);
    return foreign ? base::Fail(ErrorCode::kUnsupported, *foreign) : tl::unexpected(container.error());
  }
  file.container = *std::move(container);
  POSENET_ASSIGN_OR_RETURN(file.model.spec, ReadSpec(file.container.metadata));
  file.model.weights = file.container.tensors;
  file.model.sha256 = ValueOf(file.container.metadata, kSha256Key);
  file.model.quantized_from = ValueOf(file.container.metadata, kQuantizedFromKey);
  const auto valid = ValidateModel(file.model);
  if (!valid) return tl::unexpected(AsDamage(valid.error()));
  return file;
}

// Checks layers that read whole images, whose weights fit one image size only.
Result<void> CheckWeightsForSize(const LoadedModel& model) {
  const ModelSpec& spec = model.spec;
  const auto shapes = nn::InferShapes(
      spec.network,
      {.height = spec.input_height_px, .width = spec.input_width_px, .channels = spec.network.input_channels});
  if (!shapes) return base::Fail(ErrorCode::kCorruptData, "at the model's size: ", shapes.error().message);
  for (const nn::Layer& layer : spec.network.layers) {
    const nn::Shape& input = (*shapes)[static_cast<std::size_t>(layer.inputs.front())];
    const std::string* tensor = nullptr;
    std::int64_t expected = 0;
    if (const auto* full = std::get_if<nn::FullyConnected>(&layer.operation)) {
      tensor = &full->weights;
      expected = input.ElementCount();
    } else if (const auto* lstm = std::get_if<nn::Lstm>(&layer.operation)) {
      tensor = &lstm->input_weights;
      expected = nn::StepInputs(*lstm, input);
    }
    if (tensor == nullptr) continue;
    const std::int64_t actual = model.weights.find(*tensor)->second.shape[0];
    if (actual != expected) {
      return base::Fail(ErrorCode::kCorruptData, "layer ", base::Printable(layer.name), ": weights for ", actual,
                        " inputs; expected ", expected, " at the model's size");
    }
  }
  return {};
}

Result<VerifyReport> Verify(const ParsedFile& file) {
  VerifyReport report;
  report.sha256 = Sha256Hex(file.container.data);
  const auto promised = file.container.metadata.find(kSha256Key);
  if (promised == file.container.metadata.end()) {
    return base::Fail(ErrorCode::kCorruptData, "metadata \"", kSha256Key, "\" is missing");
  }
  if (promised->second != report.sha256) {
    return base::Fail(ErrorCode::kCorruptData, "the SHA-256 of the tensor data is ", report.sha256,
                      ", but the metadata states ", base::Printable(promised->second, 80));
  }
  POSENET_ASSIGN_OR_RETURN(const auto uses, WeightsOf(file.model.spec.network));
  for (const auto& [name, use] : uses) {
    const nn::TensorView& tensor = file.model.weights.find(name)->second;
    report.parameter_count += tensor.ElementCount();
    const bool is_integer =
        tensor.dtype == nn::DType::kInt8 || use.elements == ElementRule::kBytes || use.elements == ElementRule::kInt32;
    if (is_integer) continue;  // Any bytes are valid integers.
    const auto elements = nn::ToFloat(tensor);
    if (!elements) return base::FailIn(elements.error(), "tensor ", base::Printable(name));
  }
  // ValidateModel has checked the shapes of a model that has a size.
  if (file.model.spec.output_stride > 0 && file.model.spec.input_width_px == 0) {
    constexpr int kSize = 257;  // A valid size at strides 8, 16 and 32.
    const auto shapes = nn::InferShapes(
        file.model.spec.network, {.height = kSize, .width = kSize, .channels = file.model.spec.network.input_channels});
    if (!shapes) return base::FailIn(AsDamage(shapes.error()), "with an image of ", kSize, " x ", kSize);
  }
  return report;
}

}  // namespace

Result<void> ValidateModel(const LoadedModel& model) {
  const ModelSpec& spec = model.spec;
  POSENET_RETURN_IF_ERROR(ValidateWeights(spec.network, model.weights));
  if (spec.input_width_px > 0) POSENET_RETURN_IF_ERROR(CheckWeightsForSize(model));
  if (spec.output_stride == 0 && spec.task != kHumanTask) return {};
  POSENET_ASSIGN_OR_RETURN(const int stride, OutputStrideOf(spec.network));
  if (stride != spec.output_stride) {
    return base::Fail(ErrorCode::kCorruptData, "the output stride is stated as ", spec.output_stride,
                      ", but that of the network is ", stride);
  }
  return {};
}

Result<LoadedModel> LoadModelFile(const std::filesystem::path& path) {
  POSENET_ASSIGN_OR_RETURN(base::MappedFile mapped, base::MappedFile::Open(path));
  const auto storage = std::make_shared<const base::MappedFile>(std::move(mapped));
  auto model = ParseModelFile(storage->bytes(), storage);
  if (!model) return base::FailIn(model.error(), base::Printable(path.native()));
  return model;
}

Result<LoadedModel> ParseModelFile(std::span<const std::byte> bytes, std::shared_ptr<const void> storage) {
  POSENET_ASSIGN_OR_RETURN(ParsedFile file, ParseFile(bytes));
  file.model.storage = std::move(storage);
  return std::move(file.model);
}

Result<void> WriteModelFile(const std::filesystem::path& path, const LoadedModel& model) {
  auto valid = ValidateModel(model);
  if (!valid) return base::FailIn(valid.error(), base::Printable(path.native()), ": cannot write the model");
  POSENET_ASSIGN_OR_RETURN(const auto uses, WeightsOf(model.spec.network));
  nn::TensorMap used;
  for (const auto& [name, use] : uses) used.emplace(name, model.weights.find(name)->second);

  // The hash of the data is part of the header before it, so the data is first laid out without the hash.
  Metadata metadata = {{kFormatKey, kFormatVersion}, {kModelKey, ModelSpecToJson(model.spec)}};
  if (!model.quantized_from.empty()) metadata.emplace(kQuantizedFromKey, model.quantized_from);
  std::vector<std::byte> bytes = SerializeSafetensors(metadata, used);
  POSENET_ASSIGN_OR_RETURN(const SafetensorsView layout, ParseSafetensors(bytes));
  metadata[kSha256Key] = Sha256Hex(layout.data);
  bytes = SerializeSafetensors(metadata, used);
  // Text that is not UTF-8, or a number out of the format's ranges, would not be read back as it is.
  const auto written = ParseFile(bytes);
  if (!written) return base::FailIn(written.error(), base::Printable(path.native()), ": cannot write the model");
  return base::WriteFile(path, bytes);
}

Result<VerifyReport> VerifyModelFile(const std::filesystem::path& path) {
  POSENET_ASSIGN_OR_RETURN(const base::MappedFile mapped, base::MappedFile::Open(path));
  auto file = ParseFile(mapped.bytes());
  if (!file) return base::FailIn(file.error(), base::Printable(path.native()));
  auto report = Verify(*file);
  if (!report) return base::FailIn(report.error(), base::Printable(path.native()));
  return report;
}

}  // namespace posenet::model
