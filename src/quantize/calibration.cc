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
namespace {

struct Prepared {
  std::shared_ptr<const nn::Plan> plan;
  std::unique_ptr<nn::Context> context;
};

}  // namespace

std::string_view CommonInstructionSet() {
  constexpr std::string_view kCommon = "AVX2";
  const std::vector<std::string> known = SupportedInstructionSets();
  return std::ranges::find(known, kCommon) != known.end() ? kCommon : std::string_view();
}

Result<void> VisitValues(const Weighted& weighted, std::span<const int> values,
                         std::span<const CalibrationInput> inputs, int thread_count, const Visitor& visitor) {
  nn::Network network = weighted.network;
  network.outputs.clear();
  for (const int value : values) network.outputs.push_back({base::StrCat("value", value), value});
  // Layers with bfloat16 weights are computed in bfloat16 even if that is slow.
  POSENET_ASSIGN_OR_RETURN(const auto packed, nn::PackedNetwork::Create(network, weighted.tensors,
                                                                        {.instruction_set = CommonInstructionSet(),
                                                                         .bfloat16 = nn::BFloat16Use::kWhereStored}));
  base::ThreadPool pool(thread_count);
  std::vector<Prepared> prepared;  // For each shape; there are few.
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto same_shape = [&](const Prepared& it) { return it.plan->input_shape() == inputs[i].shape; };
    auto found = std::ranges::find_if(prepared, same_shape);
    if (found == prepared.end()) {
      POSENET_ASSIGN_OR_RETURN(auto plan, nn::Plan::Create(packed, inputs[i].shape));
      POSENET_ASSIGN_OR_RETURN(auto context, nn::Context::Create(plan, thread_count));
      found = prepared.insert(found, {std::move(plan), std::move(context)});
    }
    nn::Context& context = *found->context;
    std::ranges::copy(inputs[i].values, context.input().begin());
    found->plan->Run(context, pool);
    for (std::size_t v = 0; v < values.size(); ++v) visitor(i, values[v], context.output(static_cast<int>(v)));
  }
  return {};
}

}  // namespace posenet::quantize
