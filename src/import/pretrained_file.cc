// SPDX-License-Identifier: Apache-2.0
#include "import/pretrained_file.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "import/caffe_file.h"
#include "import/map_weights.h"
#include "import/source_tensors.h"
#include "import/torch_file.h"
#include "model/model_file.h"
#include "model/safetensors.h"

namespace posenet::importer {
namespace {

namespace fs = std::filesystem;

using Bytes = std::span<const std::byte>;

struct NamedSource {
  SourceTensors tensors;
  std::string_view format;
  std::optional<model::BackboneInput> input;  // If the file has it.
};

// A safetensors file starts with the length of its header in eight bytes, of which the last four are 0, and JSON.
bool IsSafetensors(Bytes bytes) {
  constexpr std::size_t kLengthBytes = 8;
  if (bytes.size() <= kLengthBytes || bytes[kLengthBytes] != std::byte{'{'}) return false;
  for (std::size_t i = kLengthBytes / 2; i < kLengthBytes; ++i) {
    if (bytes[i] != std::byte{0}) return false;
  }
  return true;
}

Result<NamedSource> ReadSource(Bytes bytes) {
  if (IsTorchFile(bytes)) {
    POSENET_ASSIGN_OR_RETURN(SourceTensors tensors, ReadTorchFile(bytes));
    return NamedSource{std::move(tensors), "a PyTorch file", {}};
  }
  if (IsSafetensors(bytes)) {
    POSENET_ASSIGN_OR_RETURN(model::SafetensorsView view, model::ParseSafetensors(bytes));
    NamedSource source = {{.tensors = std::move(view.tensors), .copies = {}}, "a safetensors file", {}};
    if (!view.metadata.contains("posenet.format")) return source;
    POSENET_ASSIGN_OR_RETURN(const model::LoadedModel model, model::ParseModelFile(bytes, nullptr));
    source.format = "a model file";
    source.input = {.scale = model.spec.input_scale, .bias = model.spec.input_bias};
    return source;
  }
  if (MayBeCaffe(bytes)) {
    POSENET_ASSIGN_OR_RETURN(SourceTensors tensors, ReadCaffeFile(bytes));
    return NamedSource{std::move(tensors), "a Caffe model", {}};
  }
  return base::Fail(ErrorCode::kUnsupported,
                    "is neither a safetensors file, nor a PyTorch file (.pth), nor a .caffemodel");
}

bool IsSameInput(const model::BackboneInput& a, const model::BackboneInput& b) {
  constexpr float kTolerance = 1e-5F;  // Relative; conversions may have rounded scales and biases.
  const auto near = [](float x, float y) { return std::abs(x - y) <= kTolerance * std::max(std::abs(x), std::abs(y)); };
  return near(a.scale, b.scale) && std::equal(a.bias.begin(), a.bias.end(), b.bias.begin(), near);
}

Result<LoadedWeights> MapFile(Bytes bytes, const PretrainedNetwork& wanted) {
  POSENET_ASSIGN_OR_RETURN(const NamedSource source, ReadSource(bytes));
  POSENET_ASSIGN_OR_RETURN(LoadedWeights weights, MapWeights(source.tensors.tensors, wanted.namings, wanted.network));
  if (source.input && !IsSameInput(*source.input, wanted.input)) {
    return base::Fail(ErrorCode::kUnsupported, "is a model with the normalization v * ", source.input->scale, " + ",
                      source.input->bias[0], "; expected v * ", wanted.input.scale, " + ", wanted.input.bias[0]);
  }
  weights.source = base::StrCat(weights.source, ", from ", source.format);
  return weights;
}

}  // namespace

Result<LoadedWeights> ReadPretrained(const fs::path& path, const PretrainedNetwork& wanted) {
  POSENET_ASSIGN_OR_RETURN(const base::MappedFile file, base::MappedFile::Open(path));
  auto weights = MapFile(file.bytes(), wanted);
  if (!weights) return base::FailIn(weights.error(), base::Printable(path.string()));
  return weights;
}

}  // namespace posenet::importer
