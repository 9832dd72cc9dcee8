// SPDX-License-Identifier: Apache-2.0
// Weights in the order in which the kernels read them.
#ifndef POSENET_NN_PACKING_PACKING_H_
#define POSENET_NN_PACKING_PACKING_H_

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "nn/graph/element_type.h"
#include "nn/graph/network.h"
#include "nn/kernels/kernels.h"
#include "nn/packing/aligned_buffer.h"
#include "nn/packing/layer_weights.h"
#include "nn/plan.h"
#include "nn/steps/quantized_conv.h"

namespace posenet::nn {

/// A matrix for each group, cut into panels as GemmArgs or DotGemmArgs describe them. Its rows are stretch_count *
/// depth.
struct PackedMatrices {
  /// How it is multiplied when not as floats. Then there is one group and one stretch.
  const DotGemm* dot = nullptr;
  int stretch_count = 1;
  int depth = 0;
  int columns = 0;
  int panel_columns = 0;
  int tile_rows = 0;
  std::size_t panel_bytes = 0;
  AlignedBuffer<std::byte> panels;

  /// What the rows are, that are multiplied with it.
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

/// [tap][channel], then the bias.
struct PackedDepthwise {
  AlignedBuffer<float> weights;
  const float* bias = nullptr;
};

/// What the product loops of quantized convolutions take at once; depth and columns are rounded up, by zeros.
inline constexpr int kQuantizedDepthUnit = 16;
inline constexpr int kQuantizedColumnUnit = 4;

/// Weights less their zero point: [column][depth] for products, where depth counts the cells of the window and their
/// channels; [tap][channel] for depthwise convolutions.
struct PackedQuantized {
  bool is_depthwise = false;
  int depth = 0;
  int columns = 0;
  AlignedBuffer<std::int16_t> weights;
  std::vector<std::int32_t> bias;  // One for each column.
  int input_zero_point = 0;
  Requantization requantization;
};

/// The bias is that of `input`.
struct PackedLstm {
  PackedMatrices input;
  PackedMatrices recurrent;
};

/// A group for each cell of a transformed tile.
struct PackedWinograd {
  PackedMatrices matrices;
};

/// By layer; layers without weights have the monostate.
using PackedLayer =
    std::variant<std::monostate, PackedMatrices, PackedDepthwise, PackedLstm, PackedQuantized, PackedWinograd>;

/// `in_channels` is that of the layer's input. Errors: those of ReadQuantizedConv; kResourceExhausted.
Result<PackedLayer> PackQuantizedConv(const QuantizedConv2d& conv, const Quantization& input, int in_channels,
                                      const TensorMap& tensors);

/// Each channel by itself, and one result for each: what the depthwise kernels compute. (With several results for a
/// channel it is a grouped convolution like any other.)
bool IsDepthwise(const Conv2d& conv, int in_channels);

/// Each result from one cell of the input, at the same place.
bool IsPointwise(const Conv2d& conv);

/// Whether the taps of one row of the window, which lie side by side in memory, are read as one stretch. For few
/// channels (the first layer's three), where a stretch for each tap would be too short to be worth its pointer.
bool JoinsTapsOfRow(const Conv2d& conv, int in_channels);

/// Pointwise convolutions of one value that are all outputs (the heads of a network), as one product: their columns
/// side by side.
struct PackedHeads {
  std::vector<std::size_t> layers;
  PackedMatrices matrices;
};

/// What a PackedNetwork holds.
struct PackedContents {
  Network network;
  const Kernels* kernels = nullptr;
  std::vector<int> channels;                              // Of each value.
  std::vector<ElementType> types;                         // Of each value.
  std::vector<std::optional<Quantization>> quantization;  // Of each value.
  std::vector<PackedLayer> layers;                        // Those of heads have the monostate.
  std::vector<PackedHeads> heads;
};

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKING_PACKING_H_
