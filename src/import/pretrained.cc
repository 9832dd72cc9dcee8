// SPDX-License-Identifier: Apache-2.0
#include "import/pretrained.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "import/caffe_file.h"
#include "import/map_weights.h"
#include "import/source_tensors.h"
#include "import/torch_file.h"
#include "model/safetensors.h"

namespace posenet {
namespace importer {
namespace {

namespace fs = std::filesystem;

using Bytes = std::span<const std::byte>;

struct NamedSource {
  SourceTensors tensors;
  std::string_view format;
};

// The header of a safetensors file is JSON behind eight bytes, of which the last four are 0 in files of our days.
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
    return NamedSource{std::move(tensors), "a PyTorch file"};
  }
  if (IsSafetensors(bytes)) {
    POSENET_ASSIGN_OR_RETURN(SafetensorsView view, ParseSafetensors(bytes));
    return NamedSource{{.tensors = std::move(view.tensors), .copies = {}}, "a safetensors file"};
  }
  if (MayBeCaffe(bytes)) {
    POSENET_ASSIGN_OR_RETURN(SourceTensors tensors, ReadCaffeFile(bytes));
    return NamedSource{std::move(tensors), "a Caffe model"};
  }
  return Fail(ErrorCode::kUnsupported, "is neither a safetensors file, nor one of PyTorch (.pth), nor a .caffemodel");
}

Result<LoadedWeights> MapFile(Bytes bytes, std::span<const SourceNaming> namings, const nn::Network& network) {
  POSENET_ASSIGN_OR_RETURN(const NamedSource source, ReadSource(bytes));
  POSENET_ASSIGN_OR_RETURN(LoadedWeights weights, MapWeights(source.tensors.tensors, namings, network));
  weights.source = StrCat(weights.source, ", from ", source.format);
  return weights;
}

}  // namespace

Result<LoadedWeights> ReadPretrained(const fs::path& path, std::span<const SourceNaming> namings,
                                     const nn::Network& network) {
  POSENET_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(path));
  auto weights = MapFile(file.bytes(), namings, network);
  if (!weights) return FailIn(weights.error(), Printable(path.string()));
  return weights;
}

}  // namespace importer
}  // namespace posenet
