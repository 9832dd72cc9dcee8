// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/kernel_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/elementwise.cc"
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

void AddPair(const float* a, const float* b, float* output, std::ptrdiff_t count, Clamp clamp) {
  ForEachVector(count, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
    const auto sum = hn::Add(hn::LoadU(d, a + i), hn::LoadU(d, b + i));
    hn::StoreU(hn::Min(hn::Max(sum, hn::Set(d, clamp.low)), hn::Set(d, clamp.high)), d, output + i);
  });
}

void Scale(const float* input, float* output, std::ptrdiff_t count, float scale, Clamp clamp) {
  ForEachVector(count, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
    const auto product = hn::Mul(hn::LoadU(d, input + i), hn::Set(d, scale));
    hn::StoreU(hn::Min(hn::Max(product, hn::Set(d, clamp.low)), hn::Set(d, clamp.high)), d, output + i);
  });
}

void Sigmoid(const float* input, float* output, std::ptrdiff_t count) {
  ForEachVector(count, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
    // Beyond +-87, where exp(x) nears the largest float, the result is 0 or 1 to within 1e-37.
    const auto negated = hn::Neg(hn::LoadU(d, input + i));
    const auto x = hn::Min(hn::Max(negated, hn::Set(d, -87.0F)), hn::Set(d, 87.0F));
    const auto one = hn::Set(d, 1.0F);
    hn::StoreU(hn::Div(one, hn::Add(one, hn::Exp(d, x))), d, output + i);
  });
}

void SetKernels(Kernels& kernels) {
  kernels.add = &AddPair;
  kernels.scale = &Scale;
  kernels.sigmoid = &Sigmoid;
}

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
POSENET_EXPORT_KERNELS(SetElementwiseKernels)
#endif
