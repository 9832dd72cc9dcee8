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

#include "nn/kernels/elements-inl.h"
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

template <ElementType kType>
void RoundToIntegers(const RoundArgs& args) {
  for (int row = 0; row < args.rows; ++row) {
    const float* HWY_RESTRICT input = args.input + row * args.input_step;
    void* const output = args.output.At(row, 0);
    ForEachOverlappingVector(args.columns, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
      const auto scaled =
          hn::MulAdd(hn::LoadU(d, input + i), hn::LoadU(d, args.factors + i), hn::LoadU(d, args.zero_points + i));
      StoreAs<kType>(d, hn::Min(hn::Max(scaled, hn::Zero(d)), hn::Set(d, 255.0F)), output, i);
    });
  }
}

void RoundToBFloat16(const RoundArgs& args) {
  for (int row = 0; row < args.rows; ++row) {
    const float* HWY_RESTRICT input = args.input + row * args.input_step;
    void* const output = args.output.At(row, 0);
    ForEachOverlappingVector(args.columns, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
      StoreAs<ElementType::kBFloat16>(d, hn::LoadU(d, input + i), output, i);
    });
  }
}

void Round(const RoundArgs& args) {
  if (args.output.type == ElementType::kUint8) return RoundToIntegers<ElementType::kUint8>(args);
  if (args.output.type == ElementType::kUint8In16) return RoundToIntegers<ElementType::kUint8In16>(args);
  RoundToBFloat16(args);
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
  kernels.round = &Round;
  kernels.sigmoid = &Sigmoid;
}

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
POSENET_EXPORT_KERNELS(SetElementwiseKernels)
#endif
