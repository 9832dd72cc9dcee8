// SPDX-License-Identifier: Apache-2.0
// Conversions between floats and TensorFlow Lite's uint8 values, and concatenations of the latter.
#include <algorithm>
#include <array>
#include <cstdint>

#include "nn/packing/quantized_conv.h"
#include "nn/steps/layer_steps.h"

namespace posenet::nn {
namespace {

// Elements that a task handles: as bytes, half of a first-level cache of 32 KiB.
constexpr std::int64_t kElementsPerTask = 16384;

class QuantizeStep final : public Step {
 public:
  QuantizeStep(const Quantize& quantize, const LayerContext& context)
      : Step(context.inputs, {context.output}),
        output_(quantize.output),
        count_(context.OutputShape().ElementCount()) {}

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const float* const input = workspace.Value(reads()[0]);
    auto* const output = static_cast<std::uint8_t*>(workspace.Data(writes()[0]));
    workspace.ForEachRange(pool, count_, kElementsPerTask, [&](std::int64_t first, std::int64_t count, std::byte*) {
      for (std::int64_t i = first; i < first + count; ++i) {
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
    for (int i = 0; i < 256; ++i) {
      values_[static_cast<std::size_t>(i)] = DequantizedValue(i, context.InputQuantization());
    }
  }

  void Run(const Workspace& workspace, base::ThreadPool& pool) const override {
    const auto* const input = static_cast<const std::uint8_t*>(workspace.Data(reads()[0]));
    float* const output = workspace.Value(writes()[0]);
    workspace.ForEachRange(pool, count_, kElementsPerTask, [&](std::int64_t first, std::int64_t count, std::byte*) {
      for (std::int64_t i = first; i < first + count; ++i) output[i] = values_[input[i]];
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
    const std::int64_t cells_per_task = std::max<std::int64_t>(kElementsPerTask / out_channels_, 1);
    workspace.ForEachRange(pool, cells_, cells_per_task, [&](std::int64_t first, std::int64_t count, std::byte*) {
      Copy(workspace, first, first + count);
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
