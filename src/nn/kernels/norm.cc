// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/kernel_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/norm.cc"
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "nn/kernels/vector_blocks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace posenet::nn::HWY_NAMESPACE {
namespace {

// `power(d, base)` computes base^-beta.
template <typename Power>
HWY_INLINE void Normalize(const NormArgs& args, const Power& power) {
  const float* HWY_RESTRICT input = args.input;
  float* HWY_RESTRICT squares = args.scratch;
  ForEachVector(args.channels, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
    const auto x = hn::LoadU(d, input + i);
    hn::StoreU(hn::Mul(x, x), d, squares + args.reach + i);
  });
  ForEachVector(args.channels, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
    auto sum = hn::LoadU(d, squares + i);
    for (int tap = 1; tap <= 2 * args.reach; ++tap) sum = hn::Add(sum, hn::LoadU(d, squares + i + tap));
    const auto base = hn::MulAdd(sum, hn::Set(d, args.scale), hn::Set(d, args.k));
    hn::StoreU(hn::Mul(hn::LoadU(d, input + i), power(d, base)), d, args.output + i);
  });
}

void LocalResponseNorm(const NormArgs& args) {
  // The beta of every published network: base^-(1/2 + 1/4), without a logarithm.
  if (args.beta == 0.75F) {
    return Normalize(args, [](auto d, auto base) HWY_ATTR {
      const auto root = hn::Sqrt(base);
      return hn::Div(hn::Set(d, 1.0F), hn::Mul(root, hn::Sqrt(root)));
    });
  }
  Normalize(args,
            [&](auto d, auto base) HWY_ATTR { return hn::Exp(d, hn::Mul(hn::Log(d, base), hn::Set(d, -args.beta))); });
}

void SetKernels(Kernels& kernels) { kernels.local_response_norm = &LocalResponseNorm; }

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
POSENET_EXPORT_KERNELS(SetNormKernels)
#endif
