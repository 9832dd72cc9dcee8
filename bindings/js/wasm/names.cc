// SPDX-License-Identifier: Apache-2.0
#include "names.h"

#include <nlohmann/json.hpp>
#include <string>

#include "errors.h"
#include "export.h"
#include "posenet/pose.h"

namespace posenet::wasm {
namespace {

template <typename Pairs>
nlohmann::json PartPairs(const Pairs& pairs) {
  nlohmann::json names = nlohmann::json::array();
  for (const auto& [from, to] : pairs) names.push_back({PartName(from), PartName(to)});
  return names;
}

std::string NamesAsJson() {
  const nlohmann::json names = {
      {"errorCodes", AllNames<ErrorCode>()},
      {"decoders", AllNames<PoseDecoder>()},
      {"precisions", AllNames<Precision>()},
      {"fits", AllNames<ImageFit>()},
      {"resamplings", AllNames<Resampling>()},
      {"similarities", AllNames<TrackSimilarity>()},
      {"parts", kPartNames},
      {"poseChain", PartPairs(kPoseChain)},
      {"limbs", PartPairs(kSkeleton)},
  };
  return names.dump();
}

}  // namespace
}  // namespace posenet::wasm

/// Every name that the package also has, as JSON, for the test that compares them. Null after an error.
POSENET_EXPORT(posenet_names)
const char* posenet_names() {
  static std::string names;
  return posenet::wasm::Guard<const char*>(nullptr, [&]() -> posenet::Result<const char*> {
    names = posenet::wasm::NamesAsJson();
    return names.c_str();
  });
}
