// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/kernel_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/depthwise.cc"
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "nn/kernels/tile_store-inl.h"

HWY_BEFORE_NAMESPACE();
namespace posenet::nn::HWY_NAMESPACE {
namespace {

// Positions x vectors of channels that are computed together. A weight is loaded once for all positions; the sums are
// independent chains of multiply-adds, 8 of which keep two units of 4 cycles' latency busy. Two vectors rather than
// twice the positions, because two vectors of 32 bytes use up the cache line that was loaded for them: if a cell of the
// input is a multiple of 2 KiB, the lines of neighboring cells share one set of the first-level cache and evict each
// other.
constexpr int kMaxPositions = 4;
#if HWY_TARGET == HWY_WASM
// The 16 registers suffice for one vector. V8 also delays the last operations on a vector until it is stored, and
// spills weights and cells to memory meanwhile, so each vector is stored before the next one is begun.
constexpr int kMaxVectors = 1;

// Stores results of one vector as 16-bit integers.
template <int kPositions>
HWY_INLINE void StoreColumnAs16Bit(const V (&sums)[kPositions][1], const Clamp& clamp, const OutputView& output) {
  const D d;
  auto* out = static_cast<std::uint16_t*>(output.values);
  const V low = hn::Set(d, clamp.low);
  const V high = hn::Set(d, clamp.high);
  for (int p = 0; p < kPositions; ++p, out += output.step) {
    const auto whole = NearestInteger(d, hn::Min(hn::Max(sums[p][0], low), high));
    wasm_v128_store64_lane(out, wasm_u16x8_narrow_i32x4(whole.raw, whole.raw), 0);
  }
}
#else
constexpr int kMaxVectors = 2;
#endif

// Any window. Each tap of each position is loaded separately.
template <class Element, int kPositions>
void AnyWindow(const DepthwiseArgs& args, const Element* HWY_RESTRICT input, const OutputView& output) {
  const WindowArgs& window = args.window;
  ForEachVector(window.channels, [&](auto d, std::ptrdiff_t channel) HWY_ATTR {
    using Vector = hn::Vec<decltype(d)>;
    constexpr int kWidth = static_cast<int>(hn::MaxLanes(decltype(d)()));
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
    StoreRows(results, kWidth, kPositions, kWidth, output.From(0, channel));
  });
}

// Windows of kColumns columns, for positions kStride and taps kDilation cells apart (in units of their common divisor,
// `cell_step`). Which cells several positions share is known at compile time: they are loaded once.
template <class Element, int kColumns, int kPositions, int kStride, int kDilation, int kVectors>
HWY_INLINE void FixedWindowAt(std::ptrdiff_t channel, const DepthwiseArgs& args, const Element* HWY_RESTRICT input,
                              const OutputView& output) {
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
#if HWY_TARGET == HWY_WASM
  if (Is16BitInteger(output.type)) return StoreColumnAs16Bit(sums, args.clamp, output.From(0, channel));
#endif
  StoreTile<kPositions, kVectors>(sums, args.clamp, kVectors * kLanes, output.From(0, channel));
}

template <class Element, int kColumns, int kPositions, int kStride = 1, int kDilation = 1>
void FixedWindow(const DepthwiseArgs& shared_args, const Element* HWY_RESTRICT input, const OutputView& shared_output) {
  // Copies, so that the compiler knows that no store to the output changes them.
  const DepthwiseArgs args = shared_args;
  const OutputView output = shared_output;
  const std::ptrdiff_t channels = args.window.channels;
  if (channels < kLanes) return AnyWindow<Element, kPositions>(args, input, output);
  std::ptrdiff_t channel = 0;
  for (; channel + kMaxVectors * kLanes <= channels; channel += kMaxVectors * kLanes) {
    FixedWindowAt<Element, kColumns, kPositions, kStride, kDilation, kMaxVectors>(channel, args, input, output);
  }
  // The last vector may overlap the one before it: results that are computed twice are the same.
  for (; channel < channels; channel += kLanes) {
    FixedWindowAt<Element, kColumns, kPositions, kStride, kDilation, 1>(std::min(channel, channels - kLanes), args,
                                                                        input, output);
  }
}

// A WASM module is downloaded, so it leaves out what is rarely used: functions for two and three positions (the last
// four of a row are computed together, some of them twice), and those for known windows of element types that depthwise
// layers rarely read there.
#if HWY_TARGET == HWY_WASM
using PositionCounts = std::integer_sequence<int, 1, kMaxPositions>;
template <class Element>
constexpr bool kHasFixedWindows = std::is_same_v<Element, float> || std::is_same_v<Element, std::uint16_t>;
#else
using PositionCounts = std::integer_sequence<int, 1, 2, 3, kMaxPositions>;
template <class Element>
constexpr bool kHasFixedWindows = true;
#endif

// The functions for elements of one type, indexed as PositionCounts.
template <class Element>
struct Windows {
  using Function = void (*)(const DepthwiseArgs& args, const Element* input, const OutputView& output);
  using Functions = std::array<Function, PositionCounts::size()>;

  template <int... kPositions>
  static constexpr Functions MakeAny(std::integer_sequence<int, kPositions...>) {
    return {&AnyWindow<Element, kPositions>...};
  }

  template <int kStride, int kDilation, int... kPositions>
  static constexpr Functions MakeThreeColumns(std::integer_sequence<int, kPositions...>) {
    return {&FixedWindow<Element, 3, kPositions, kStride, kDilation>...};
  }

  // For 3x3 windows at the left and right border, where positions come one by one.
  static constexpr Functions MakeTwoColumns() {
    Functions functions = MakeAny(PositionCounts());
    functions[0] = &FixedWindow<Element, 2, 1>;
    return functions;
  }

  static constexpr Functions kAny = MakeAny(PositionCounts());
  static constexpr Functions kTwoColumns = MakeTwoColumns();
  template <int kStride, int kDilation>
  static constexpr Functions kThreeColumns = MakeThreeColumns<kStride, kDilation>(PositionCounts());

  static const Functions& For(const WindowArgs& window) {
    if constexpr (kHasFixedWindows<Element>) {
      if (window.tap_columns == 2) return kTwoColumns;
      if (window.tap_columns == 3) {
        if (window.input_step == window.tap_column_step) return kThreeColumns<1, 1>;
        if (window.input_step == 2 * window.tap_column_step) return kThreeColumns<2, 1>;
        if (window.input_step * 2 == window.tap_column_step) return kThreeColumns<1, 2>;
      }
    }
    return kAny;
  }
};

template <class Element>
void Slide(const DepthwiseArgs& args) {
  const WindowArgs& window = args.window;
  const auto& functions = Windows<Element>::For(window);
  const auto run = [&](std::size_t function, int position) {
    functions[function](args, static_cast<const Element*>(window.input) + position * window.input_step,
                        window.output.From(position, 0));
  };
  if constexpr (PositionCounts::size() == kMaxPositions) {
    for (int position = 0; position < window.positions; position += kMaxPositions) {
      run(static_cast<std::size_t>(std::min(kMaxPositions, window.positions - position) - 1), position);
    }
  } else if (window.positions < kMaxPositions) {
    for (int position = 0; position < window.positions; ++position) run(0, position);
  } else {
    for (int position = 0; position < window.positions; position += kMaxPositions) {
      run(1, std::min(position, window.positions - kMaxPositions));
    }
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
POSENET_EXPORT_KERNELS(SetDepthwiseKernels)
#endif
