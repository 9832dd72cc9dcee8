// SPDX-License-Identifier: Apache-2.0
#include "human/precision.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "posenet/runtime.h"

namespace posenet::human {
namespace {

std::vector<nn::DType> WeightTypes(const model::LoadedModel& model) {
  std::vector<nn::DType> types;
  for (const auto& [name, tensor] : model.weights) types.push_back(tensor.dtype);
  return types;
}

bool Contains(const std::vector<nn::DType>& types, nn::DType type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

Result<nn::PackOptions> ResolvePrecision(const model::LoadedModel& model, PoseEstimatorOptions& options) {
  const std::vector<std::string> instruction_sets = SupportedInstructionSets();
  if (options.instruction_set.empty()) options.instruction_set = instruction_sets.front();
  const nn::InstructionSetTraits traits = nn::TraitsOfInstructionSet(options.instruction_set);
  const std::vector<nn::DType> types = WeightTypes(model);
  const bool is_int8 = Contains(types, nn::DType::kInt8);
  const bool has_bfloat16 = Contains(types, nn::DType::kBFloat16);
  const auto where_fast = traits.is_bfloat16_fast ? nn::BFloat16Use::kWhereStored : nn::BFloat16Use::kNever;
  nn::PackOptions pack = {.instruction_set = options.instruction_set, .bfloat16 = nn::BFloat16Use::kNever};
  if (nn::IsQuantized(model.spec.network)) {
    if (options.precision == Precision::kBFloat16) {
      return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(model.spec.name),
                        " is quantized to uint8; its only precision is int8");
    }
    options.precision = Precision::kInt8;
    return pack;
  }
  switch (options.precision) {
    case Precision::kAuto:
      pack.bfloat16 = where_fast;
      if (is_int8) {
        options.precision = Precision::kInt8;
      } else {
        options.precision = has_bfloat16 && traits.is_bfloat16_fast ? Precision::kBFloat16 : Precision::kFloat32;
      }
      return pack;
    case Precision::kInt8:
      if (!is_int8) {
        return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(model.spec.name),
                          " has no int8 weights; quantize it with 'posenet model quantize', or use another precision");
      }
      pack.bfloat16 = where_fast;
      return pack;
    case Precision::kFloat32:
    case Precision::kBFloat16:
      if (is_int8) {
        return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(model.spec.name),
                          " has int8 weights; use the precision int8, or the float model that was quantized");
      }
      if (options.precision == Precision::kBFloat16) {
        pack.bfloat16 = has_bfloat16 ? nn::BFloat16Use::kWhereStored : nn::BFloat16Use::kEverywhere;
      }
      return pack;
  }
  return base::Fail(ErrorCode::kInvalidArgument, "precision ", static_cast<int>(options.precision), " does not exist");
}

}  // namespace posenet::human
