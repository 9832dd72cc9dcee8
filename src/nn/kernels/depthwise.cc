// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/depthwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/depthwise.cc"
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <utility>

#include "nn/kernels/vector_blocks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace posenet::nn::HWY_NAMESPACE {
namespace {

// Positions x vectors of channels are computed together. A weight that is loaded once serves all positions; the sums
// are independent chains of multiply-adds, and 8 are what it takes to keep two units of 4 cycles' latency busy. Two
// vectors rather than twice the positions, for two of 32 bytes are the cache line that was loaded for them: where a
// cell of the input is a multiple of 2 KiB, lines of neighbouring cells fall on one place in the first-level cache and
// do not stay there.
constexpr int kMaxPositions = 4;
constexpr int kMaxVectors = 2;

template <class D>
HWY_INLINE hn::Vec<D> Clamped(D d, hn::Vec<D> sum, const Clamp& clamp) {
  return hn::Min(hn::Max(sum, hn::Set(d, clamp.low)), hn::Set(d, clamp.high));
}

// Any window. Each tap of each position is loaded for itself.
template <int kPositions>
void AnyWindow(const DepthwiseArgs& args, const float* HWY_RESTRICT input, float* HWY_RESTRICT output) {
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
    for (int p = 0; p < kPositions; ++p) {
      hn::StoreU(Clamped(d, sums[p], args.clamp), d, output + p * window.output_step + channel);
    }
  });
}

// Windows of kColumns columns, for positions kStride and taps kDilation cells apart (in units of their common divisor,
// `cell_step`). That several positions read the same cells is known when compiling: they are loaded once.
template <int kColumns, int kPositions, int kStride, int kDilation, int kVectors, class D>
HWY_INLINE void FixedWindowAt(D d, std::ptrdiff_t channel, const DepthwiseArgs& args, const float* HWY_RESTRICT input,
                              float* HWY_RESTRICT output) {
  using V = hn::Vec<D>;
  constexpr int kLanes = static_cast<int>(hn::MaxLanes(D()));
  const WindowArgs& window = args.window;
  const std::ptrdiff_t cell_step = window.tap_column_step / kDilation;
  V sums[kPositions][kVectors];
  for (int v = 0; v < kVectors; ++v) {
    const V bias = hn::LoadU(d, args.bias + channel + v * kLanes);
    for (int p = 0; p < kPositions; ++p) sums[p][v] = bias;
  }
  const float* HWY_RESTRICT cells = input + channel;
  const float* HWY_RESTRICT weights = args.weights + channel;
  for (int row = 0; row < window.tap_rows; ++row) {
    for (int v = 0; v < kVectors; ++v) {
      V weight[kColumns];
      for (int t = 0; t < kColumns; ++t) {
        weight[t] = hn::LoadU(d, weights + t * std::ptrdiff_t{window.channels} + v * kLanes);
      }
      for (int p = 0; p < kPositions; ++p) {
        for (int t = 0; t < kColumns; ++t) {
          const V cell = hn::LoadU(d, cells + (p * kStride + t * kDilation) * cell_step + v * kLanes);
          sums[p][v] = hn::MulAdd(cell, weight[t], sums[p][v]);
        }
      }
    }
    cells += window.tap_row_step;
    weights += args.weights_row_step;
  }
  for (int p = 0; p < kPositions; ++p) {
    for (int v = 0; v < kVectors; ++v) {
      hn::StoreU(Clamped(d, sums[p][v], args.clamp), d, output + p * window.output_step + channel + v * kLanes);
    }
  }
}

template <int kColumns, int kPositions, int kStride = 1, int kDilation = 1>
void FixedWindow(const DepthwiseArgs& shared_args, const float* HWY_RESTRICT input, float* HWY_RESTRICT output) {
  const DepthwiseArgs args =
      shared_args;  // A copy that no store to the output can change, as far as the compiler knows.
  const hn::ScalableTag<float> full;
  constexpr std::ptrdiff_t kPair = kMaxVectors * static_cast<std::ptrdiff_t>(hn::MaxLanes(full));
  const std::ptrdiff_t channels = args.window.channels;
  const std::ptrdiff_t paired = channels / kPair * kPair;
  for (std::ptrdiff_t channel = 0; channel < paired; channel += kPair) {
    FixedWindowAt<kColumns, kPositions, kStride, kDilation, kMaxVectors>(full, channel, args, input, output);
  }
  ForEachVector(channels - paired, [&](auto d, std::ptrdiff_t channel) HWY_ATTR {
    FixedWindowAt<kColumns, kPositions, kStride, kDilation, 1>(d, paired + channel, args, input, output);
  });
}

using PositionsFunction = void (*)(const DepthwiseArgs& args, const float* input, float* output);

// By positions, less one.
using PositionsFunctions = std::array<PositionsFunction, kMaxPositions>;
using PositionCounts = std::make_integer_sequence<int, kMaxPositions>;

template <int... kPositionsLessOne>
constexpr PositionsFunctions MakeAnyWindow(std::integer_sequence<int, kPositionsLessOne...>) {
  return {&AnyWindow<kPositionsLessOne + 1>...};
}

template <int kStride, int kDilation, int... kPositionsLessOne>
constexpr PositionsFunctions MakeThreeColumns(std::integer_sequence<int, kPositionsLessOne...>) {
  return {&FixedWindow<3, kPositionsLessOne + 1, kStride, kDilation>...};
}

// At the left and right border of a 3x3 window, where positions come one by one.
constexpr PositionsFunctions MakeTwoColumns(PositionsFunctions functions) {
  functions[0] = &FixedWindow<2, 1>;
  return functions;
}

constexpr PositionsFunctions kAnyWindow = MakeAnyWindow(PositionCounts());
constexpr PositionsFunctions kTwoColumns = MakeTwoColumns(kAnyWindow);
template <int kStride, int kDilation>
constexpr PositionsFunctions kThreeColumns = MakeThreeColumns<kStride, kDilation>(PositionCounts());

const PositionsFunctions& FunctionsFor(const WindowArgs& window) {
  if (window.tap_columns == 2) return kTwoColumns;
  if (window.tap_columns == 3) {
    if (window.input_step == window.tap_column_step) return kThreeColumns<1, 1>;
    if (window.input_step == 2 * window.tap_column_step) return kThreeColumns<2, 1>;
    if (window.input_step * 2 == window.tap_column_step) return kThreeColumns<1, 2>;
  }
  return kAnyWindow;
}

void Depthwise(const DepthwiseArgs& args) {
  const WindowArgs& window = args.window;
  const PositionsFunctions& functions = FunctionsFor(window);
  for (int position = 0; position < window.positions; position += kMaxPositions) {
    const int count = std::min(kMaxPositions, window.positions - position);
    functions[static_cast<std::size_t>(count - 1)](args, window.input + position * window.input_step,
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
void SetDepthwiseKernels([[maybe_unused]] std::int64_t target, Kernels& kernels) {
  POSENET_DISPATCH(SetKernels, target)(kernels);
}

}  // namespace posenet::nn
#endif
