// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/kernel_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/pool.cc"
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "nn/kernels/vector_blocks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace posenet::nn::HWY_NAMESPACE {
namespace {

// `combine(a, b)` reduces the taps of a position to one vector v, `finish(d, v)` turns v into the result.
template <typename Combine, typename Finish>
HWY_INLINE void Reduce(const WindowArgs& args, const Combine& combine, const Finish& finish) {
  for (int position = 0; position < args.positions; ++position) {
    const float* HWY_RESTRICT input = static_cast<const float*>(args.input) + position * args.input_step;
    auto* HWY_RESTRICT output = static_cast<float*>(args.output.At(position, 0));
    ForEachVector(args.channels, [&](auto d, std::ptrdiff_t channel) HWY_ATTR {
      auto result = hn::LoadU(d, input + channel);
      for (int row = 0; row < args.tap_rows; ++row) {
        // The first tap is in `result` already.
        for (int column = row == 0 ? 1 : 0; column < args.tap_columns; ++column) {
          const float* const tap = input + row * args.tap_row_step + column * args.tap_column_step;
          result = combine(result, hn::LoadU(d, tap + channel));
        }
      }
      hn::StoreU(finish(d, result), d, output + channel);
    });
  }
}

void MaxPool(const WindowArgs& args) {
  Reduce(
      args, [](auto a, auto b) HWY_ATTR { return hn::Max(a, b); }, [](auto, auto v) HWY_ATTR { return v; });
}

void AveragePool(const WindowArgs& args) {
  const float scale = 1.0F / (static_cast<float>(args.tap_rows) * static_cast<float>(args.tap_columns));
  Reduce(
      args, [](auto a, auto b) HWY_ATTR { return hn::Add(a, b); },
      [scale](auto d, auto v) HWY_ATTR { return hn::Mul(v, hn::Set(d, scale)); });
}

void SumRows(const float* HWY_RESTRICT input, std::ptrdiff_t stride, int rows, int channels, float* HWY_RESTRICT sums) {
  for (int row = 0; row < rows; ++row) {
    ForEachVector(channels, [&](auto d, std::ptrdiff_t channel) HWY_ATTR {
      hn::StoreU(hn::Add(hn::LoadU(d, sums + channel), hn::LoadU(d, input + row * stride + channel)), d,
                 sums + channel);
    });
  }
}

void SetKernels(Kernels& kernels) {
  kernels.max_pool = &MaxPool;
  kernels.average_pool = &AveragePool;
  kernels.sum_rows = &SumRows;
}

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
POSENET_EXPORT_KERNELS(SetPoolKernels)
#endif
