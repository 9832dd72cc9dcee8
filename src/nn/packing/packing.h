// SPDX-License-Identifier: Apache-2.0
// The weights of a network in the order in which kernels read them.
#ifndef POSENET_NN_PACKING_PACKING_H_
#define POSENET_NN_PACKING_PACKING_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "nn/graph/element_type.h"
#include "nn/graph/network.h"
#include "nn/kernels/kernels.h"
#include "nn/packing/aligned_buffer.h"
#include "nn/packing/layer_weights.h"
#include "nn/packing/quantized_conv.h"
#include "nn/packing/storage.h"
#include "nn/plan.h"

namespace posenet::nn {

/// A matrix for each group, of stretch_count * depth rows, cut into panels as GemmArgs or DotGemmArgs describe them.
struct PackedMatrices {
  /// How it is multiplied if not as floats; there is then one group and one stretch.
  const DotGemm* dot = nullptr;
  int stretch_count = 1;
  int depth = 0;
  int columns = 0;
  int panel_columns = 0;
  int tile_rows = 0;
  std::size_t panel_bytes = 0;
  AlignedBuffer<std::byte> panels;
  /// For rows that are stored as floats and multiplied as integers: row[i] is rounded to row[i] * row_factors[i] +
  /// row_zero_points[i].
  std::vector<float> row_factors;
  std::vector<float> row_zero_points;

  /// The element type of the rows that are multiplied with it.
  [[nodiscard]] ElementType RowType() const { return dot == nullptr ? ElementType::kFloat32 : dot->a_type; }
  [[nodiscard]] int PanelCount() const { return (columns + panel_columns - 1) / panel_columns; }
  [[nodiscard]] const std::byte* Panel(int group, int panel) const {
    const auto index = static_cast<std::size_t>(group) * static_cast<std::size_t>(PanelCount());
    return panels.get() + (index + static_cast<std::size_t>(panel)) * panel_bytes;
  }
  [[nodiscard]] const float* FloatPanel(int group, int panel) const {
    return reinterpret_cast<const float*>(Panel(group, panel));
  }
};

/// Weights [tap][channel], then the bias.
struct PackedDepthwise {
  AlignedBuffer<float> weights;
  const float* bias = nullptr;
};

/// Elements that the product loops of quantized convolutions handle at once: depth and columns are padded with zeros to
/// multiples of these.
inline constexpr int kQuantizedDepthUnit = 16;
inline constexpr int kQuantizedColumnUnit = 4;

/// Weights minus their zero point: [column][depth] for products, where depth runs over the cells of the window and
/// their channels; [tap][channel] for depthwise convolutions.
struct PackedQuantized {
  bool is_depthwise = false;
  int depth = 0;
  int columns = 0;
  AlignedBuffer<std::int16_t> weights;
  std::vector<std::int32_t> bias;  // One for each column.
  int input_zero_point = 0;
  Requantization requantization;
};

/// The LSTM's bias is that of `input`.
struct PackedLstm {
  PackedMatrices input;
  PackedMatrices recurrent;
};

/// A group for each cell of a transformed tile.
struct PackedWinograd {
  PackedMatrices matrices;
};

/// The packed weights of a layer; layers without weights have the monostate.
using PackedLayer =
    std::variant<std::monostate, PackedMatrices, PackedDepthwise, PackedLstm, PackedQuantized, PackedWinograd>;

/// Packs a quantized convolution of `in_channels` input channels. Errors: those of ReadQuantizedConv;
/// kResourceExhausted.
Result<PackedLayer> PackQuantizedConv(const QuantizedConv2d& conv, const Quantization& input, int in_channels,
                                      const TensorMap& tensors);

/// Whether the taps of one row of the window, which are adjacent in memory, are read as one stretch: for few channels
/// (the first layer's three), with which one tap is too short to be worth a pointer.
bool JoinsTapsOfRow(const Conv2d& conv, int in_channels);

/// Pointwise convolutions of one value that are all outputs (the heads of a network), packed side by side as one
/// matrix.
struct PackedHeads {
  std::vector<std::size_t> layers;
  PackedMatrices matrices;
};

/// The contents of a PackedNetwork.
struct PackedContents {
  Network network;
  const Kernels* kernels = nullptr;
  std::vector<int> channels;                              // Of each value.
  std::vector<ElementType> types;                         // Of each value.
  std::vector<std::optional<Quantization>> quantization;  // Of each value.
  std::vector<PackedLayer> layers;                        // Layers of `heads` have the monostate.
  std::vector<PackedHeads> heads;
};

/// Packs `network` for `kernels`, which must outlive the result. Errors: those of InferChannels; kCorruptData naming
/// the tensor: missing, of the wrong shape, or not finite; kUnsupported for weights of other integers than int8;
/// kResourceExhausted.
Result<std::unique_ptr<const PackedContents>> PackNetwork(const Network& network, const TensorMap& weights,
                                                          const Kernels& kernels, BFloat16Use bfloat16);

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKING_PACKING_H_
