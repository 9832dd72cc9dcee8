// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/kernel_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/lstm.cc"
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

template <class D>
HWY_INLINE hn::Vec<D> SigmoidOf(D d, hn::Vec<D> x) {
  // Beyond +-87, where exp(x) nears the largest float, the result is 0 or 1 to within 1e-37.
  const auto bounded = hn::Min(hn::Max(hn::Neg(x), hn::Set(d, -87.0F)), hn::Set(d, 87.0F));
  const auto one = hn::Set(d, 1.0F);
  return hn::Div(one, hn::Add(one, hn::Exp(d, bounded)));
}

void LstmStep(const LstmStepArgs& args) {
  ForEachVector(args.hidden, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
    const auto gate = [&](std::ptrdiff_t index) HWY_ATTR {
      const std::ptrdiff_t at = index * args.hidden + i;
      return hn::Add(hn::LoadU(d, args.input_gates + at), hn::LoadU(d, args.recurrent_gates + at));
    };
    const auto added = hn::Mul(SigmoidOf(d, gate(0)), hn::Tanh(d, gate(2)));
    const auto cell = hn::MulAdd(SigmoidOf(d, gate(1)), hn::LoadU(d, args.cell + i), added);
    hn::StoreU(cell, d, args.cell + i);
    hn::StoreU(hn::Mul(SigmoidOf(d, gate(3)), hn::Tanh(d, cell)), d, args.state + i);
  });
}

void SetKernels(Kernels& kernels) { kernels.lstm_step = &LstmStep; }

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
POSENET_EXPORT_KERNELS(SetLstmKernels)
#endif
