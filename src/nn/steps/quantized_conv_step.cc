// SPDX-License-Identifier: Apache-2.0
// Convolutions in TensorFlow Lite's uint8 arithmetic: plain loops, written so that compilers vectorize them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "nn/packing/quantized_conv.h"
#include "nn/steps/layer_steps.h"
#include "nn/steps/sliding_window.h"

namespace posenet::nn {
namespace {

// Positions whose inputs are gathered before they are multiplied with all weights: enough to read the weights from the
// second-level cache in less time than multiplying takes, and few enough to stay in the first-level cache.
constexpr int kTilePositions = 16;

// Equals Multiply followed by a clamp, without branches. The first of Multiply's roundings rounds halves up, for
// positive and for negative products: its nudge and the division's rounding towards zero amount to that.
std::uint8_t Requantize(std::int32_t sum, const Requantization& to) {
  constexpr std::int64_t kMinInt32 = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kMaxSum = std::numeric_limits<std::int32_t>::max();
  const int left = std::max(to.multiplier.exponent, 0);
  const int right = std::max(-to.multiplier.exponent, 0);
  const std::int64_t shifted = std::clamp(std::int64_t{sum} * (std::int64_t{1} << left), kMinInt32, kMaxSum);
  const std::int64_t high = (shifted * to.multiplier.mantissa + (std::int64_t{1} << 30)) >> 31;
  // Halves away from zero.
  const std::int64_t half = (std::int64_t{1} << right) >> 1;
  const std::int64_t rounded = (high + half - (right > 0 && high < 0 ? 1 : 0)) >> right;
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(rounded + to.zero_point, to.min, to.max));
}

// Requantize in few instructions for the common case, a multiplier below one half.
class Requantizer {
 public:
  explicit Requantizer(const Requantization& to) : to_(to), right_(-to.multiplier.exponent) {}

  // Requantizes `count` sums.
  void Run(const std::int32_t* sums, int count, std::uint8_t* out) const {
    if (right_ < 1) {
      for (int i = 0; i < count; ++i) out[i] = Requantize(sums[i], to_);
      return;
    }
    const std::int64_t mantissa = to_.multiplier.mantissa;
    // |high| is at most 2^31, and 2^30 is added at most.
    const std::int64_t half = std::int64_t{1} << (right_ - 1);
    for (int i = 0; i < count; ++i) {
      const std::int64_t high = (sums[i] * mantissa + (std::int64_t{1} << 30)) >> 31;
      const auto rounded = static_cast<std::int32_t>((high + half - (high < 0 ? 1 : 0)) >> right_);
      out[i] = static_cast<std::uint8_t>(std::clamp(rounded, to_.min - to_.zero_point, to_.max - to_.zero_point) +
                                         to_.zero_point);
    }
  }

 private:
  Requantization to_;
  int right_;
};

// The dot products of two rows with four columns, as sums[row][column].
void MultiplyTile(const std::int16_t* __restrict row0, const std::int16_t* __restrict row1,
                  const std::int16_t* __restrict columns, std::ptrdiff_t depth, std::int32_t* __restrict sums) {
  const std::int16_t* const c0 = columns;
  const std::int16_t* const c1 = columns + depth;
  const std::int16_t* const c2 = columns + 2 * depth;
  const std::int16_t* const c3 = columns + 3 * depth;
  std::int32_t s00 = 0;
  std::int32_t s01 = 0;
  std::int32_t s02 = 0;
  std::int32_t s03 = 0;
  std::int32_t s10 = 0;
  std::int32_t s11 = 0;
  std::int32_t s12 = 0;
  std::int32_t s13 = 0;
  for (std::ptrdiff_t k = 0; k < depth; ++k) {
    s00 += row0[k] * c0[k];
    s01 += row0[k] * c1[k];
    s02 += row0[k] * c2[k];
    s03 += row0[k] * c3[k];
    s10 += row1[k] * c0[k];
    s11 += row1[k] * c1[k];
    s12 += row1[k] * c2[k];
    s13 += row1[k] * c3[k];
  }
  const std::int32_t all[] = {s00, s01, s02, s03, s10, s11, s12, s13};
  std::copy_n(all, 8, sums);
}

// A convolution whose results depend on all channels, as a product of gathered inputs and weights.
class QuantizedProductStep final : public Step {
 public:
  QuantizedProductStep(const QuantizedConv2d& conv, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        packed_(std::get<PackedQuantized>(context.packed)),
        window_(conv.window, context.InputShape(), context.OutputShape()),
        requantizer_(packed_.requantization) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const auto* const input = static_cast<const std::uint8_t*>(workspace.Data(reads()[0]));
    auto* const output = static_cast<std::uint8_t*>(workspace.Data(writes()[0]));
    workspace.ForEachTask(pool, window_.output.batch * window_.output.height, [&](int row, std::byte* scratch) {
      auto* const rows = reinterpret_cast<std::int16_t*>(scratch);
      auto* const sums = reinterpret_cast<std::int32_t*>(scratch + RowBytes());
      for (int x = 0; x < window_.output.width; x += kTilePositions) {
        const int count = std::min(kTilePositions, window_.output.width - x);
        for (int i = 0; i < count; ++i) Gather(input, row, x + i, rows + i * packed_.depth);
        const std::ptrdiff_t first = std::ptrdiff_t{row} * window_.output.width + x;
        MultiplyRows(rows, count, sums, output + first * window_.output.channels);
      }
    });
  }

  [[nodiscard]] std::size_t scratch_bytes() const override {
    return RowBytes() + 2 * static_cast<std::size_t>(packed_.columns) * sizeof(std::int32_t);
  }

 private:
  // A multiple of 64, as depth is a multiple of kQuantizedDepthUnit: the sums that follow are aligned.
  [[nodiscard]] std::size_t RowBytes() const {
    return kTilePositions * static_cast<std::size_t>(packed_.depth) * sizeof(std::int16_t);
  }

  // The inputs under the window at one position minus their zero point; padding is zero.
  void Gather(const std::uint8_t* input, int row, int x, std::int16_t* out) const {
    const int channels = window_.input.channels;
    const std::ptrdiff_t image_row = std::ptrdiff_t{row / window_.output.height} * window_.input.height;
    std::int16_t* const end = out + packed_.depth;
    for (int tap_y = 0; tap_y < window_.rows.kernel(); ++tap_y) {
      const std::ptrdiff_t y = window_.rows.CellOf(row % window_.output.height, tap_y);
      for (int tap_x = 0; tap_x < window_.columns.kernel(); ++tap_x, out += channels) {
        const std::ptrdiff_t column = window_.columns.CellOf(x, tap_x);
        if (!window_.rows.IsOnInput(y) || !window_.columns.IsOnInput(column)) {
          std::fill_n(out, channels, std::int16_t{0});
          continue;
        }
        const std::uint8_t* const cell = input + ((image_row + y) * window_.input.width + column) * channels;
        for (int c = 0; c < channels; ++c) out[c] = static_cast<std::int16_t>(cell[c] - packed_.input_zero_point);
      }
    }
    std::fill(out, end, std::int16_t{0});
  }

  void MultiplyRows(const std::int16_t* rows, int count, std::int32_t* sums, std::uint8_t* output) const {
    const int columns = packed_.columns;
    const int channels = window_.output.channels;
    for (int row = 0; row < count; row += 2) {
      const std::int16_t* const row0 = rows + row * packed_.depth;
      const std::int16_t* const row1 = row + 1 < count ? row0 + packed_.depth : row0;
      for (int column = 0; column < columns; column += kQuantizedColumnUnit) {
        std::array<std::int32_t, 2 * kQuantizedColumnUnit> tile;
        MultiplyTile(row0, row1, packed_.weights.get() + column * packed_.depth, packed_.depth, tile.data());
        for (int i = 0; i < kQuantizedColumnUnit; ++i) {
          const std::int32_t bias = packed_.bias[static_cast<std::size_t>(column) + static_cast<std::size_t>(i)];
          sums[column + i] = tile[static_cast<std::size_t>(i)] + bias;
          sums[columns + column + i] =
              tile[static_cast<std::size_t>(kQuantizedColumnUnit) + static_cast<std::size_t>(i)] + bias;
        }
      }
      requantizer_.Run(sums, channels, output + std::ptrdiff_t{row} * channels);
      if (row + 1 < count) requantizer_.Run(sums + columns, channels, output + std::ptrdiff_t{row + 1} * channels);
    }
  }

  const PackedQuantized& packed_;
  SlidingWindow window_;
  Requantizer requantizer_;
};

// A depthwise convolution with one or several results for each channel.
class QuantizedDepthwiseStep final : public Step {
 public:
  QuantizedDepthwiseStep(const QuantizedConv2d& conv, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        packed_(std::get<PackedQuantized>(context.packed)),
        window_(conv.window, context.InputShape(), context.OutputShape()),
        requantizer_(packed_.requantization) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const auto* const input = static_cast<const std::uint8_t*>(workspace.Data(reads()[0]));
    auto* const output = static_cast<std::uint8_t*>(workspace.Data(writes()[0]));
    const int channels = window_.output.channels;
    workspace.ForEachTask(pool, window_.output.batch * window_.output.height, [&](int row, std::byte* scratch) {
      auto* const sums = reinterpret_cast<std::int32_t*>(scratch);
      for (int x = 0; x < window_.output.width; ++x) {
        std::copy_n(packed_.bias.data(), channels, sums);
        AddTaps(input, row, x, sums);
        const std::ptrdiff_t position = std::ptrdiff_t{row} * window_.output.width + x;
        requantizer_.Run(sums, channels, output + position * channels);
      }
    });
  }

  [[nodiscard]] std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(window_.output.channels) * sizeof(std::int32_t);
  }

 private:
  void AddTaps(const std::uint8_t* input, int row, int x, std::int32_t* sums) const {
    const int channels = window_.input.channels;
    const std::ptrdiff_t image_row = std::ptrdiff_t{row / window_.output.height} * window_.input.height;
    const CoveredTaps taps_y = window_.rows.TapsAt(row % window_.output.height);
    const CoveredTaps taps_x = window_.columns.TapsAt(x);
    for (int i = 0; i < taps_y.count; ++i) {
      const std::ptrdiff_t y = image_row + taps_y.cell + i * window_.rows.dilation();
      for (int k = 0; k < taps_x.count; ++k) {
        const std::ptrdiff_t column = taps_x.cell + k * window_.columns.dilation();
        const std::ptrdiff_t tap = std::ptrdiff_t{taps_y.first + i} * window_.columns.kernel() + taps_x.first + k;
        AddTap(input + (y * window_.input.width + column) * channels,
               packed_.weights.get() + tap * window_.output.channels, sums);
      }
    }
  }

  void AddTap(const std::uint8_t* __restrict cell, const std::int16_t* __restrict weights,
              std::int32_t* __restrict sums) const {
    const int channels = window_.input.channels;
    const int multiplier = window_.output.channels / channels;
    const auto zero_point = static_cast<std::int16_t>(packed_.input_zero_point);
    if (multiplier == 1) {
      for (int c = 0; c < channels; ++c) {
        sums[c] += static_cast<std::int16_t>(cell[c] - zero_point) * weights[c];
      }
      return;
    }
    for (int o = 0; o < window_.output.channels; ++o) sums[o] += (cell[o / multiplier] - zero_point) * weights[o];
  }

  const PackedQuantized& packed_;
  SlidingWindow window_;
  Requantizer requantizer_;
};

}  // namespace

std::unique_ptr<Step> MakeQuantizedConvStep(const QuantizedConv2d& conv, const LayerContext& context) {
  if (std::get<PackedQuantized>(context.packed).is_depthwise) {
    return std::make_unique<QuantizedDepthwiseStep>(conv, context);
  }
  return std::make_unique<QuantizedProductStep>(conv, context);
}

}  // namespace posenet::nn
