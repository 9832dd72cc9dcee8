// SPDX-License-Identifier: Apache-2.0
#include "nn/packed_network.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "nn/kernels/kernels.h"
#include "nn/packing/packing.h"
#include "posenet/runtime.h"

namespace posenet {
namespace nn {
namespace {

Result<const Kernels*> FindKernels(std::string_view instruction_set) {
  for (const Kernels& kernels : SupportedKernels()) {
    if (instruction_set.empty() || kernels.instruction_set == instruction_set) return &kernels;
  }
  std::string known;
  for (const Kernels& kernels : SupportedKernels()) {
    known += base::StrCat(known.empty() ? "" : ", ", kernels.instruction_set);
  }
  return base::Fail(ErrorCode::kUnsupported, "instruction set ", base::Printable(instruction_set),
                    " is not supported by this CPU and build; expected one of ", known);
}

/// Whether this CPU's dot products of bfloat16 outrun its multiply-adds of float32. By vendor rather than by
/// measurement: a machine must always choose the same precision, whatever its load. AMD's (Zen 4 and 5) do a dot
/// product of pairs in the time of a multiply-add, twice the arithmetic: networks take 0.55 times as long as in
/// float32. On an Intel Xeon with AVX512-BF16, they took 1.3 to 1.7 times as long (docs/benchmarks/accuracy.md). Others
/// were not measured.
bool HasFastBFloat16DotProducts() {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_cpu_is("amd") != 0;
#else
  return false;
#endif
}

}  // namespace

PackedNetwork::PackedNetwork(std::unique_ptr<const PackedContents> contents) : contents_(std::move(contents)) {}
PackedNetwork::~PackedNetwork() = default;

Result<std::shared_ptr<const PackedNetwork>> PackedNetwork::Create(const Network& network, const TensorMap& weights,
                                                                   const PackOptions& options) {
  POSENET_ASSIGN_OR_RETURN(const Kernels* const kernels, FindKernels(options.instruction_set));
  POSENET_ASSIGN_OR_RETURN(auto contents, PackNetwork(network, weights, *kernels, options.bfloat16));
  return std::shared_ptr<const PackedNetwork>(new PackedNetwork(std::move(contents)));
}

std::string_view PackedNetwork::instruction_set() const { return contents_->kernels->instruction_set; }

InstructionSetTraits TraitsOfInstructionSet(std::string_view instruction_set) {
  const auto kernels = FindKernels(instruction_set);
  if (!kernels) return {};
  const bool has_bfloat16 = (*kernels)->bfloat16_gemm.is_native;
  return {.has_bfloat16 = has_bfloat16,
          .is_bfloat16_fast = has_bfloat16 && HasFastBFloat16DotProducts(),
          .has_int8 = (*kernels)->int8_gemm.is_native};
}

}  // namespace nn

std::vector<std::string> SupportedInstructionSets() {
  std::vector<std::string> names;
  for (const nn::Kernels& kernels : nn::SupportedKernels()) names.emplace_back(kernels.instruction_set);
  return names;
}

}  // namespace posenet
