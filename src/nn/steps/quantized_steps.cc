// SPDX-License-Identifier: Apache-2.0
// Steps of TFLite's uint8 arithmetic: plain loops, written so that compilers turn them into vector instructions.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

#include "nn/graph/sliding_window.h"
#include "nn/steps/quantized_conv.h"
#include "nn/steps/step.h"

namespace posenet::nn {
namespace {

// Elements that a task of an element-wise step handles.
constexpr std::int64_t kChunkElements = 16384;

int ChunksOf(std::int64_t count) { return static_cast<int>((count + kChunkElements - 1) / kChunkElements); }

// Positions whose inputs are gathered before they are multiplied with all weights: enough to read the weights from the
// second-level cache in less time than multiplying takes, few enough to stay in the first.
constexpr int kTilePositions = 16;

// The same as Multiply and a clamp, without branches. A rounded half goes up in the first of Multiply's roundings, for
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

// The usual case, a multiplier of less than one half, in few instructions.
class Requantizer {
 public:
  explicit Requantizer(const Requantization& to) : to_(to), right_(-to.multiplier.exponent) {}

  // count sums to whole numbers.
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

// Sums of products of two rows with four columns, [row][column].
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

// A convolution whose results read all channels, as a product of gathered inputs and weights.
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
  // A multiple of 64, so that sums behind it are aligned: depth is one of kQuantizedDepthUnit.
  [[nodiscard]] std::size_t RowBytes() const {
    return kTilePositions * static_cast<std::size_t>(packed_.depth) * sizeof(std::int16_t);
  }

  // The inputs under the window at one position, less their zero point; the padding is zero.
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

// A depthwise convolution, of one or several results for each channel.
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

class QuantizeStep final : public Step {
 public:
  QuantizeStep(const Quantize& quantize, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        output_(quantize.output),
        count_(context.OutputShape().ElementCount()) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const float* const input = workspace.Value(reads()[0]);
    auto* const output = static_cast<std::uint8_t*>(workspace.Data(writes()[0]));
    workspace.ForEachTask(pool, ChunksOf(count_), [&](int task, std::byte*) {
      const std::int64_t first = task * kChunkElements;
      const std::int64_t end = std::min(first + kChunkElements, count_);
      for (std::int64_t i = first; i < end; ++i) {
        output[i] = static_cast<std::uint8_t>(QuantizedValue(input[i], output_));
      }
    });
  }

 private:
  Quantization output_;
  std::int64_t count_;
};

class DequantizeStep final : public Step {
 public:
  explicit DequantizeStep(const LayerContext& context)
      : Step(context.inputs, {context.output}), count_(context.OutputShape().ElementCount()) {
    for (int i = 0; i < 256; ++i)
      values_[static_cast<std::size_t>(i)] = DequantizedValue(i, context.InputQuantization());
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const auto* const input = static_cast<const std::uint8_t*>(workspace.Data(reads()[0]));
    float* const output = workspace.Value(writes()[0]);
    workspace.ForEachTask(pool, ChunksOf(count_), [&](int task, std::byte*) {
      const std::int64_t first = task * kChunkElements;
      const std::int64_t end = std::min(first + kChunkElements, count_);
      for (std::int64_t i = first; i < end; ++i) output[i] = values_[input[i]];
    });
  }

 private:
  std::array<float, 256> values_ = {};
  std::int64_t count_;
};

class QuantizedConcatStep final : public Step {
 public:
  QuantizedConcatStep(const QuantizedConcat& concat, const LayerContext& context)
      : Step(context.inputs, {context.output}), out_channels_(context.OutputShape().channels) {
    for (const int input : context.inputs) {
      Part part = {.channels = context.shapes[static_cast<std::size_t>(input)].channels};
      const Quantization& quantization = *context.quantization[static_cast<std::size_t>(input)];
      for (int i = 0; i < 256; ++i) {
        part.converted[static_cast<std::size_t>(i)] =
            static_cast<std::uint8_t>(ConvertQuantized(i, quantization, concat.output));
      }
      parts_.push_back(part);
    }
    cells_ = context.OutputShape().ElementCount() / out_channels_;
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const std::int64_t cells_per_task = std::max<std::int64_t>(kChunkElements / out_channels_, 1);
    const auto tasks = static_cast<int>((cells_ + cells_per_task - 1) / cells_per_task);
    workspace.ForEachTask(pool, tasks, [&](int task, std::byte*) {
      const std::int64_t first = task * cells_per_task;
      Copy(workspace, first, std::min(first + cells_per_task, cells_));
    });
  }

 private:
  struct Part {
    int channels = 0;
    std::array<std::uint8_t, 256> converted = {};
  };

  void Copy(const Workspace& workspace, std::int64_t first_cell, std::int64_t end_cell) const {
    auto* output = static_cast<std::uint8_t*>(workspace.Data(writes()[0]));
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const Part& part = parts_[i];
      const auto* const input = static_cast<const std::uint8_t*>(workspace.Data(reads()[i]));
      for (std::int64_t cell = first_cell; cell < end_cell; ++cell) {
        const std::uint8_t* const from = input + cell * part.channels;
        std::transform(from, from + part.channels, output + cell * out_channels_,
                       [&](std::uint8_t value) { return part.converted[value]; });
      }
      output += part.channels;
    }
  }

  std::vector<Part> parts_;
  int out_channels_;
  std::int64_t cells_ = 0;
};

}  // namespace

std::unique_ptr<Step> MakeQuantizedConvStep(const QuantizedConv2d& conv, const LayerContext& context) {
  if (std::get<PackedQuantized>(context.packed).is_depthwise) {
    return std::make_unique<QuantizedDepthwiseStep>(conv, context);
  }
  return std::make_unique<QuantizedProductStep>(conv, context);
}

std::unique_ptr<Step> MakeQuantizeStep(const Quantize& quantize, const LayerContext& context) {
  return std::make_unique<QuantizeStep>(quantize, context);
}

std::unique_ptr<Step> MakeQuantizedConcatStep(const QuantizedConcat& concat, const LayerContext& context) {
  return std::make_unique<QuantizedConcatStep>(concat, context);
}

std::unique_ptr<Step> MakeDequantizeStep(const LayerContext& context) {
  return std::make_unique<DequantizeStep>(context);
}

}  // namespace posenet::nn
