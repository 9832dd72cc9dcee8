// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/kernels.h"

#include <vector>

#include "nn/kernels/depthwise.h"
#include "nn/kernels/elementwise.h"
#include "nn/kernels/gemm.h"
#include "nn/kernels/gemm_bfloat16.h"
#include "nn/kernels/gemm_int8.h"
#include "nn/kernels/gemm_int8_dotprod.h"
#include "nn/kernels/lstm.h"
#include "nn/kernels/norm.h"
#include "nn/kernels/pool.h"
#include "nn/kernels/winograd.h"
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
  SetNormKernel(target, kernels);
  SetLstmKernel(target, kernels);
  return kernels;
}

#if HWY_ARCH_WASM

// A module has SIMD or does not load: there is nothing to choose.
std::vector<Kernels> MakeKernels() { return {KernelsFor(HWY_STATIC_TARGET)}; }

#else

std::vector<Kernels> MakeKernels() {
  std::vector<Kernels> all;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) all.push_back(KernelsFor(target));
  // Highway asks for crypto instructions before it calls an Arm CPU supported, which some lack and no kernel uses.
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
