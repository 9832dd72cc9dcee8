// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/depthwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/depthwise.cc"
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "nn/kernels/vector_blocks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace posenet::nn::HWY_NAMESPACE {
namespace {

// Positions computed together: a weight that is loaded once serves them all, which leaves about one load for each
// multiply-add, and their sums are that many independent chains.
constexpr int kMaxPositions = 4;

template <int kPositions>
HWY_INLINE void ComputePositions(const DepthwiseArgs& args, const float* HWY_RESTRICT input,
                                 float* HWY_RESTRICT output) {
  const WindowArgs& window = args.window;
  ForEachVector(window.channels, [&](auto d, std::ptrdiff_t channel) HWY_ATTR {
    using V = hn::Vec<decltype(d)>;
    const V bias = hn::LoadU(d, args.bias + channel);
    V sums[kPositions];
    for (int p = 0; p < kPositions; ++p) sums[p] = bias;
    for (int row = 0; row < window.tap_rows; ++row) {
      const float* HWY_RESTRICT tap = input + row * window.tap_row_step + channel;
      const float* HWY_RESTRICT weights = args.weights + row * args.weights_row_step + channel;
      for (int column = 0; column < window.tap_columns; ++column) {
        const V weight = hn::LoadU(d, weights);
        for (int p = 0; p < kPositions; ++p) {
          sums[p] = hn::MulAdd(hn::LoadU(d, tap + p * window.input_step), weight, sums[p]);
        }
        tap += window.tap_column_step;
        weights += window.channels;
      }
    }
    const V low = hn::Set(d, args.clamp.low);
    const V high = hn::Set(d, args.clamp.high);
    for (int p = 0; p < kPositions; ++p) {
      hn::StoreU(hn::Min(hn::Max(sums[p], low), high), d, output + p * window.output_step + channel);
    }
  });
}

void Depthwise(const DepthwiseArgs& args) {
  const WindowArgs& window = args.window;
  int position = 0;
  for (; position + kMaxPositions <= window.positions; position += kMaxPositions) {
    ComputePositions<kMaxPositions>(args, window.input + position * window.input_step,
                                    window.output + position * window.output_step);
  }
  for (; position < window.positions; ++position) {
    ComputePositions<1>(args, window.input + position * window.input_step,
                        window.output + position * window.output_step);
  }
}

void SetKernels(Kernels& kernels) { kernels.depthwise = &Depthwise; }

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace posenet::nn {

HWY_EXPORT(SetKernels);
void SetDepthwiseKernels(std::int64_t target, Kernels& kernels) { POSENET_DISPATCH(SetKernels, target)(kernels); }

}  // namespace posenet::nn
#endif
