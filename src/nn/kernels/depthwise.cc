// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/depthwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/depthwise.cc"
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#include <algorithm>
#include <array>
#include <utility>

#include "nn/kernels/tile_store-inl.h"

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

// Any window. Each tap of each position is loaded for itself. Channels from `first_channel` on.
template <class Element, int kPositions>
void AnyWindowFrom(std::ptrdiff_t first_channel, const DepthwiseArgs& args, const Element* HWY_RESTRICT input,
                   const Target& output) {
  const WindowArgs& window = args.window;
  ForEachVector(window.channels - first_channel, [&](auto d, std::ptrdiff_t offset) HWY_ATTR {
    using Vector = hn::Vec<decltype(d)>;
    constexpr int kWidth = static_cast<int>(hn::MaxLanes(decltype(d)()));
    const std::ptrdiff_t channel = first_channel + offset;
    const Vector bias = hn::LoadU(d, args.bias + channel);
    Vector sums[kPositions];
    for (int p = 0; p < kPositions; ++p) sums[p] = bias;
    for (int row = 0; row < window.tap_rows; ++row) {
      const Element* HWY_RESTRICT tap = input + row * window.tap_row_step + channel;
      const float* HWY_RESTRICT weights = args.weights + row * args.weights_row_step + channel;
      for (int column = 0; column < window.tap_columns; ++column) {
        const Vector weight = hn::LoadU(d, weights);
        for (int p = 0; p < kPositions; ++p) {
          sums[p] = hn::MulAdd(LoadFloats(d, tap + p * window.input_step), weight, sums[p]);
        }
        tap += window.tap_column_step;
        weights += window.channels;
      }
    }
    HWY_ALIGN float results[kPositions * kWidth];
    for (int p = 0; p < kPositions; ++p) {
      const Vector low = hn::Set(d, args.clamp.low);
      hn::StoreU(hn::Min(hn::Max(sums[p], low), hn::Set(d, args.clamp.high)), d, results + p * kWidth);
    }
    StoreRows(results, kWidth, kPositions, kWidth, {output.At(0, channel), output.step, output.type});
  });
}

template <class Element, int kPositions>
void AnyWindow(const DepthwiseArgs& args, const Element* HWY_RESTRICT input, const Target& output) {
  AnyWindowFrom<Element, kPositions>(0, args, input, output);
}

// Windows of kColumns columns, for positions kStride and taps kDilation cells apart (in units of their common divisor,
// `cell_step`). That several positions read the same cells is known when compiling: they are loaded once.
template <class Element, int kColumns, int kPositions, int kStride, int kDilation, int kVectors>
HWY_INLINE void FixedWindowAt(std::ptrdiff_t channel, const DepthwiseArgs& args, const Element* HWY_RESTRICT input,
                              const Target& output) {
  const D d;
  const WindowArgs& window = args.window;
  const std::ptrdiff_t cell_step = window.tap_column_step / kDilation;
  V sums[kPositions][kVectors];
  for (int v = 0; v < kVectors; ++v) {
    const V bias = hn::LoadU(d, args.bias + channel + v * kLanes);
    for (int p = 0; p < kPositions; ++p) sums[p][v] = bias;
  }
  const Element* HWY_RESTRICT cells = input + channel;
  const float* HWY_RESTRICT weights = args.weights + channel;
  for (int row = 0; row < window.tap_rows; ++row) {
    for (int v = 0; v < kVectors; ++v) {
      V weight[kColumns];
      for (int t = 0; t < kColumns; ++t) {
        weight[t] = hn::LoadU(d, weights + t * std::ptrdiff_t{window.channels} + v * kLanes);
      }
      for (int p = 0; p < kPositions; ++p) {
        for (int t = 0; t < kColumns; ++t) {
          const V cell = LoadFloats(d, cells + (p * kStride + t * kDilation) * cell_step + v * kLanes);
          sums[p][v] = hn::MulAdd(cell, weight[t], sums[p][v]);
        }
      }
    }
    cells += window.tap_row_step;
    weights += args.weights_row_step;
  }
  StoreTile<kPositions, kVectors>(sums, args.clamp, kVectors * kLanes,
                                  {output.At(0, channel), output.step, output.type});
}

template <class Element, int kColumns, int kPositions, int kStride = 1, int kDilation = 1>
void FixedWindow(const DepthwiseArgs& shared_args, const Element* HWY_RESTRICT input, const Target& shared_output) {
  const DepthwiseArgs args =
      shared_args;  // Copies that no store to the output can change, as far as the compiler knows.
  const Target output = shared_output;
  const std::ptrdiff_t channels = args.window.channels;
  std::ptrdiff_t channel = 0;
  for (; channel + kMaxVectors * kLanes <= channels; channel += kMaxVectors * kLanes) {
    FixedWindowAt<Element, kColumns, kPositions, kStride, kDilation, kMaxVectors>(channel, args, input, output);
  }
  if (channel < channels) AnyWindowFrom<Element, kPositions>(channel, args, input, output);
}

// The functions for elements of one type, by positions, less one.
template <class Element>
struct Windows {
  using Function = void (*)(const DepthwiseArgs& args, const Element* input, const Target& output);
  using Functions = std::array<Function, kMaxPositions>;
  using Counts = std::make_integer_sequence<int, kMaxPositions>;

  template <int... kPositionsLessOne>
  static constexpr Functions MakeAny(std::integer_sequence<int, kPositionsLessOne...>) {
    return {&AnyWindow<Element, kPositionsLessOne + 1>...};
  }

  template <int kStride, int kDilation, int... kPositionsLessOne>
  static constexpr Functions MakeThreeColumns(std::integer_sequence<int, kPositionsLessOne...>) {
    return {&FixedWindow<Element, 3, kPositionsLessOne + 1, kStride, kDilation>...};
  }

  // At the left and right border of a 3x3 window, where positions come one by one.
  static constexpr Functions MakeTwoColumns() {
    Functions functions = MakeAny(Counts());
    functions[0] = &FixedWindow<Element, 2, 1>;
    return functions;
  }

  static constexpr Functions kAny = MakeAny(Counts());
  static constexpr Functions kTwoColumns = MakeTwoColumns();
  template <int kStride, int kDilation>
  static constexpr Functions kThreeColumns = MakeThreeColumns<kStride, kDilation>(Counts());

  static const Functions& For(const WindowArgs& window) {
    if (window.tap_columns == 2) return kTwoColumns;
    if (window.tap_columns == 3) {
      if (window.input_step == window.tap_column_step) return kThreeColumns<1, 1>;
      if (window.input_step == 2 * window.tap_column_step) return kThreeColumns<2, 1>;
      if (window.input_step * 2 == window.tap_column_step) return kThreeColumns<1, 2>;
    }
    return kAny;
  }
};

template <class Element>
void Slide(const DepthwiseArgs& args) {
  const WindowArgs& window = args.window;
  const auto& functions = Windows<Element>::For(window);
  const auto* const input = static_cast<const Element*>(window.input);
  for (int position = 0; position < window.positions; position += kMaxPositions) {
    const int count = std::min(kMaxPositions, window.positions - position);
    const Target output = {
        .values = window.output.At(position, 0), .step = window.output.step, .type = window.output.type};
    functions[static_cast<std::size_t>(count - 1)](args, input + position * window.input_step, output);
  }
}

void Depthwise(const DepthwiseArgs& args) {
  if (args.input_type == ElementType::kFloat32) return Slide<float>(args);
  if (args.input_type == ElementType::kBFloat16) return Slide<BFloat16>(args);
  if (args.input_type == ElementType::kUint16) return Slide<std::uint16_t>(args);
  Slide<std::uint8_t>(args);
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
