// SPDX-License-Identifier: Apache-2.0
#include "import/import.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "import/assemble.h"
#include "import/tfjs.h"
#include "import/tflite.h"

namespace posenet::importer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxJsonBytes = std::size_t{64} << 20;  // Those of PoseNets have about 50 kB.
constexpr std::size_t kMaxTfliteBytes = std::size_t{1} << 30;

using Bytes = std::span<const std::byte>;

bool LooksLikeJson(Bytes bytes) {
  const auto first = std::find_if_not(bytes.begin(), bytes.end(), [](std::byte byte) {
    const char c = static_cast<char>(byte);
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  });
  return first != bytes.end() && static_cast<char>(*first) == '{';
}

Result<model::LoadedModel> Import(Bytes bytes, const fs::path& source) {
  if (importer::IsTflite(bytes)) {
    POSENET_ASSIGN_OR_RETURN(importer::Graph graph, importer::ReadTflite(bytes));
    return importer::AssembleModel(std::move(graph), base::Printable(source.filename().string()));
  }
  if (LooksLikeJson(bytes)) {
    if (bytes.size() > kMaxJsonBytes) {
      return base::Fail(ErrorCode::kResourceExhausted, "is larger than the maximum of ", kMaxJsonBytes,
                        " bytes for a model.json");
    }
    return importer::ParseTfjsGraphModel(bytes, source);
  }
  return base::Fail(ErrorCode::kUnsupported,
                    "is neither the model.json of a TensorFlow.js graph model nor a TFLite model");
}

}  // namespace

Result<model::LoadedModel> ImportModel(const fs::path& source) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<std::byte> bytes, base::ReadFile(source, kMaxTfliteBytes));
  auto model = Import(bytes, source);
  if (!model) return base::FailIn(model.error(), base::Printable(source.string()));
  return model;
}

Result<model::LoadedModel> ImportTfjsGraphModel(const fs::path& model_json) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<std::byte> bytes, base::ReadFile(model_json, kMaxJsonBytes));
  auto model = importer::ParseTfjsGraphModel(bytes, model_json);
  if (!model) return base::FailIn(model.error(), base::Printable(model_json.string()));
  return model;
}

Result<model::LoadedModel> ImportTflite(const fs::path& tflite) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<std::byte> bytes, base::ReadFile(tflite, kMaxTfliteBytes));
  auto graph = importer::ReadTflite(bytes);
  if (!graph) return base::FailIn(graph.error(), base::Printable(tflite.string()));
  auto model = importer::AssembleModel(*std::move(graph), base::Printable(tflite.filename().string()));
  if (!model) return base::FailIn(model.error(), base::Printable(tflite.string()));
  return model;
}

}  // namespace posenet::importer
