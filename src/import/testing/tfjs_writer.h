// SPDX-License-Identifier: Apache-2.0
// Writes TensorFlow.js graph models in all forms that converters produce.
#ifndef POSENET_IMPORT_TESTING_TFJS_WRITER_H_
#define POSENET_IMPORT_TESTING_TFJS_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/model_spec.h"
#include "posenet/result.h"

namespace posenet::importer {

enum class TfjsStorage { kFloat32, kFloat16, kUint8, kUint16 };

/// A graph model under construction. Everything may be changed before it is written.
class TfjsModel {
 public:
  void AddNode(const std::string& op, const std::string& name, std::vector<std::string> inputs,
               nlohmann::json attributes = nlohmann::json::object());
  void AddConstant(const std::string& name, std::vector<std::int64_t> shape, const std::vector<float>& values,
                   TfjsStorage storage = TfjsStorage::kFloat32);
  void AddIntegers(const std::string& name, std::vector<std::int64_t> shape, const std::vector<std::int32_t>& values);

  /// The node called `name`; fails the test if there is none.
  nlohmann::json& Node(const std::string& name);

  /// The model.json in `folder`, its weights beside it cut into files of at most `shard_bytes`.
  std::filesystem::path Write(const std::filesystem::path& folder, std::size_t shard_bytes = std::size_t{1} << 30);

  nlohmann::json nodes = nlohmann::json::array();
  nlohmann::json entries = nlohmann::json::array();  // Of the weightsManifest.
  nlohmann::json signature;                          // Omitted if null.
  std::vector<char> weights;
};

/// Attributes as TensorFlow.js writes them.
nlohmann::json StringAttribute(const std::string& text);
nlohmann::json StringsAttribute(const std::vector<std::string>& texts);
nlohmann::json IntegersAttribute(const std::vector<int>& numbers);

enum class TfjsStyle { kPlain, kFused, kBatchNorm, kBatchNormArithmetic };
enum class TfjsDilation { kAttribute, kSpaceToBatch };

struct TfjsForm {
  TfjsStyle style = TfjsStyle::kPlain;
  TfjsDilation dilation = TfjsDilation::kAttribute;
  TfjsStorage storage = TfjsStorage::kFloat32;
  int size = 33;  // Of the image that SpaceToBatchND's paddings are computed for.
};

/// `model` as a TensorFlow graph: explicit padding by Pad; groups only for depthwise convolutions.
TfjsModel ToTfjs(const model::LoadedModel& model, const TfjsForm& form = {});

/// Writes `tfjs` to temporary files and imports it.
Result<model::LoadedModel> Import(TfjsModel tfjs);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TESTING_TFJS_WRITER_H_
