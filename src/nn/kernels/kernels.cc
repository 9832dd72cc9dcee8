// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/kernels.h"

#include <vector>

#include "nn/kernels/kernel_sets.h"
#define HWY_WANT_AVX3_DL  // Some kernels are compiled for it.
#include "nn/kernels/targets.h"

namespace posenet::nn {
namespace {

Kernels KernelsFor(std::int64_t target) {
  Kernels kernels = {};
  kernels.instruction_set = hwy::TargetName(target);
  SetGemmKernels(target, kernels);
  SetBFloat16Kernels(target, kernels);
  SetInt8Kernels(target, kernels);
  SetDepthwiseKernels(target, kernels);
  SetPoolKernels(target, kernels);
  SetWinogradKernels(target, kernels);
  SetElementwiseKernels(target, kernels);
  SetNormKernels(target, kernels);
  SetUpsampleKernels(target, kernels);
  SetLstmKernels(target, kernels);
  return kernels;
}

#if HWY_ARCH_WASM

// A module with SIMD does not load without it, so there is nothing to choose.
std::vector<Kernels> MakeKernels() { return {KernelsFor(HWY_STATIC_TARGET)}; }

#else

std::vector<Kernels> MakeKernels() {
  std::vector<Kernels> all;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) all.push_back(KernelsFor(target));
  // Highway counts an Arm CPU as supported only if it has crypto instructions, which some lack and no kernel uses.
  if (all.empty()) all.push_back(KernelsFor(HWY_STATIC_TARGET));
  if (Kernels kernels = all.front(); SetInt8DotProductKernels(kernels)) all.insert(all.begin(), kernels);
  return all;
}

#endif

}  // namespace

std::span<const Kernels> SupportedKernels() {
  static const std::vector<Kernels> kernels = MakeKernels();
  return kernels;
}

}  // namespace posenet::nn
