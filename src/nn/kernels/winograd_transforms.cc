// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/kernel_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/winograd_transforms.cc"
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "nn/kernels/vector_blocks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace posenet::nn::HWY_NAMESPACE {
namespace {

// Applies B^T to four values that are `step` apart.
template <typename Vector>
HWY_INLINE void TransformFour(Vector* values, int step) {
  const Vector first = hn::Sub(values[0], values[2 * step]);
  const Vector second = hn::Add(values[step], values[2 * step]);
  const Vector third = hn::Sub(values[2 * step], values[step]);
  values[3 * step] = hn::Sub(values[step], values[3 * step]);
  values[0] = first;
  values[step] = second;
  values[2 * step] = third;
}

void TransformInput(const WinogradInputArgs& args) {
  ForEachVector(args.channels, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
    hn::Vec<decltype(d)> cells[16];
    for (int cell = 0; cell < 16; ++cell) cells[cell] = hn::LoadU(d, args.cells[cell] + i);
    for (int column = 0; column < 4; ++column) TransformFour(cells + column, 4);
    for (int row = 0; row < 4; ++row) TransformFour(cells + 4 * row, 1);
    for (int cell = 0; cell < 16; ++cell) hn::StoreU(cells[cell], d, args.output + cell * args.output_step + i);
  });
}

void TransformOutput(const WinogradOutputArgs& args) {
  ForEachVector(args.channels, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
    using Vector = hn::Vec<decltype(d)>;
    Vector upper[4];
    Vector lower[4];
    for (int column = 0; column < 4; ++column) {
      Vector sums[4];
      for (int row = 0; row < 4; ++row) {
        sums[row] = hn::LoadU(d, args.input + (4 * row + column) * args.input_step + i);
      }
      upper[column] = hn::Add(hn::Add(sums[0], sums[1]), sums[2]);
      lower[column] = hn::Sub(hn::Sub(sums[1], sums[2]), sums[3]);
    }
    const auto store = [&](const Vector& result, float* results) HWY_ATTR {
      if (results == nullptr) return;
      hn::StoreU(hn::Min(hn::Max(result, hn::Set(d, args.clamp.low)), hn::Set(d, args.clamp.high)), d, results + i);
    };
    store(hn::Add(hn::Add(upper[0], upper[1]), upper[2]), args.results[0]);
    store(hn::Sub(hn::Sub(upper[1], upper[2]), upper[3]), args.results[1]);
    store(hn::Add(hn::Add(lower[0], lower[1]), lower[2]), args.results[2]);
    store(hn::Sub(hn::Sub(lower[1], lower[2]), lower[3]), args.results[3]);
  });
}

void SetKernels(Kernels& kernels) {
  kernels.winograd_input = &TransformInput;
  kernels.winograd_output = &TransformOutput;
}

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
POSENET_EXPORT_KERNELS(SetWinogradKernels)
#endif
