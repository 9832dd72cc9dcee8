// SPDX-License-Identifier: Apache-2.0
#include "quantize/calibration.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/strings.h"
#include "nn/plan.h"
#include "posenet/runtime.h"

namespace posenet::quantize {

Result<void> VisitValues(const Weighted& weighted, std::span<const int> values,
                         std::span<const CalibrationInput> inputs, int thread_count, const Visitor& visitor) {
  nn::Network network = weighted.network;
  network.outputs.clear();
  for (const int value : values) network.outputs.push_back({base::StrCat("value", value), value});
  // Layers with bfloat16 weights are computed in bfloat16 even if that is slow, and with the same instructions on every
  // CPU that has them: the result must not depend on the CPU.
  constexpr std::string_view kCommonInstructionSet = "AVX2";
  const std::vector<std::string> known = SupportedInstructionSets();
  const bool is_common = std::find(known.begin(), known.end(), kCommonInstructionSet) != known.end();
  POSENET_ASSIGN_OR_RETURN(
      const auto packed,
      nn::PackedNetwork::Create(network, weighted.tensors,
                                {.instruction_set = is_common ? kCommonInstructionSet : std::string_view(),
                                 .bfloat16 = nn::BFloat16Use::kWhereStored}));
  base::ThreadPool pool(thread_count);
  std::shared_ptr<const nn::Plan> plan;
  std::unique_ptr<nn::Context> context;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (plan == nullptr || plan->input_shape() != inputs[i].shape) {
      POSENET_ASSIGN_OR_RETURN(plan, nn::Plan::Create(packed, inputs[i].shape));
      POSENET_ASSIGN_OR_RETURN(context, nn::Context::Create(plan, thread_count));
    }
    std::copy(inputs[i].values.begin(), inputs[i].values.end(), context->input().begin());
    plan->Run(*context, pool);
    for (std::size_t v = 0; v < values.size(); ++v) visitor(i, values[v], context->output(static_cast<int>(v)));
  }
  return {};
}

}  // namespace posenet::quantize
