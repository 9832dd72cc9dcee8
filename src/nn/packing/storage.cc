// SPDX-License-Identifier: Apache-2.0
#include "nn/packing/storage.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace posenet::nn {
namespace {

// Every DotGemm reads its rows in groups of at most this many elements.
constexpr int kMaxDotGroup = 4;

class StorageChooser {
 public:
  StorageChooser(const Network& network, const std::vector<int>& channels, const TensorMap& tensors,
                 BFloat16Use bfloat16)
      : network_(network),
        channels_(channels),
        bfloat16_(bfloat16),
        readers_(channels.size()),
        is_output_(channels.size()),
        storage_{.types = std::vector<ElementType>(channels.size(), ElementType::kFloat32),
                 .kinds = std::vector<ProductKind>(network.layers.size(), ProductKind::kFloat32)} {
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      for (const int input : network.layers[i].inputs) readers_[static_cast<std::size_t>(input)].push_back(i);
      storage_.kinds[i] = WantedKind(i, tensors);
    }
    for (const Output& output : network.outputs) is_output_[static_cast<std::size_t>(output.value)] = true;
  }

  Storage Choose() {
    for (std::size_t value = 0; value < channels_.size(); ++value) {
      storage_.types[value] = TypeOf(value);
      // A product whose input is neither stored as what it multiplies nor can be rounded to it is computed in floats.
      for (const std::size_t reader : readers_[value]) {
        if (!CanRead(value, storage_.kinds[reader])) storage_.kinds[reader] = ProductKind::kFloat32;
      }
    }
    return storage_;
  }

 private:
  [[nodiscard]] const Conv2d* ConvOf(std::size_t layer) const {
    return std::get_if<Conv2d>(&network_.layers[layer].operation);
  }

  [[nodiscard]] bool IsDepthwiseLayer(std::size_t layer) const {
    const Conv2d* const conv = ConvOf(layer);
    return conv != nullptr && IsDepthwise(*conv, channels_[static_cast<std::size_t>(network_.layers[layer].inputs[0])]);
  }

  [[nodiscard]] bool HasScales(std::size_t value) const {
    return value > 0 && !network_.layers[value - 1].scales.empty();
  }

  [[nodiscard]] bool CanRead(std::size_t value, ProductKind kind) const {
    const ElementType type = storage_.types[value];
    const bool is_float = type == ElementType::kFloat32;
    if (kind == ProductKind::kInt8) return type == ElementType::kUint8 || (is_float && HasScales(value));
    return is_float || (kind == ProductKind::kBFloat16 && type == ElementType::kBFloat16);
  }

  [[nodiscard]] ProductKind WantedKind(std::size_t layer, const TensorMap& tensors) const {
    const Conv2d* const conv = ConvOf(layer);
    if (conv == nullptr) return ProductKind::kFloat32;
    const int in_channels = channels_[static_cast<std::size_t>(network_.layers[layer].inputs[0])];
    if (!IsDotProduct(*conv, in_channels)) return ProductKind::kFloat32;
    const auto weights = tensors.find(conv->weights);
    if (weights == tensors.end()) return ProductKind::kFloat32;
    if (weights->second.dtype == DType::kInt8) return ProductKind::kInt8;
    const bool is_stored_so = weights->second.dtype == DType::kBFloat16;
    if (bfloat16_ == BFloat16Use::kEverywhere || (bfloat16_ == BFloat16Use::kWhereStored && is_stored_so)) {
      return ProductKind::kBFloat16;
    }
    return ProductKind::kFloat32;
  }

  [[nodiscard]] bool AllReadersTake(std::size_t value, ProductKind kind) const {
    return std::all_of(readers_[value].begin(), readers_[value].end(),
                       [&](std::size_t reader) { return IsDepthwiseLayer(reader) || storage_.kinds[reader] == kind; });
  }

  [[nodiscard]] bool WritesQuantized(std::size_t layer) const {
    const Operation& operation = network_.layers[layer].operation;
    return std::holds_alternative<Quantize>(operation) || std::holds_alternative<QuantizedConv2d>(operation) ||
           std::holds_alternative<QuantizedConcat>(operation);
  }

  [[nodiscard]] ElementType TypeOf(std::size_t value) const {
    if (value == 0 || is_output_[value]) return ElementType::kFloat32;
    const std::size_t writer = value - 1;
    if (WritesQuantized(writer)) return ElementType::kUint8;
    const Conv2d* const conv = ConvOf(writer);
    if (conv == nullptr || conv->activation == Activation::kSigmoid) return ElementType::kFloat32;
    if (HasScales(value) && AllReadersTake(value, ProductKind::kInt8)) {
      const auto depthwise_readers = std::count_if(readers_[value].begin(), readers_[value].end(),
                                                   [&](std::size_t reader) { return IsDepthwiseLayer(reader); });
      if (depthwise_readers == 0) return ElementType::kUint8;
      // Depthwise layers pad with the integer 0, which must stand for 0.
      if (network_.layers[writer].zero_points.empty()) {
        // They are computed in floats, so what they alone read can be stored more precisely.
        const bool is_multiplied = depthwise_readers < std::ssize(readers_[value]);
        return is_multiplied ? ElementType::kUint8 : ElementType::kUint16;
      }
    }
    const bool is_among_bfloat16 =
        bfloat16_ == BFloat16Use::kEverywhere || storage_.kinds[writer] == ProductKind::kBFloat16 ||
        std::any_of(readers_[value].begin(), readers_[value].end(),
                    [&](std::size_t reader) { return storage_.kinds[reader] == ProductKind::kBFloat16; });
    if (is_among_bfloat16 && AllReadersTake(value, ProductKind::kBFloat16)) return ElementType::kBFloat16;
    return ElementType::kFloat32;
  }

  const Network& network_;
  const std::vector<int>& channels_;
  BFloat16Use bfloat16_;
  std::vector<std::vector<std::size_t>> readers_;  // The layers that read each value.
  std::vector<bool> is_output_;
  Storage storage_;
};

}  // namespace

bool IsDotProduct(const Conv2d& conv, int in_channels) {
  return IsPointwise(conv) && !IsDepthwise(conv, in_channels) && in_channels % kMaxDotGroup == 0;
}

Storage ChooseStorage(const Network& network, const std::vector<int>& channels, const TensorMap& tensors,
                      BFloat16Use bfloat16) {
  return StorageChooser(network, channels, tensors, bfloat16).Choose();
}

IntegerUnits UnitsInForce(ElementType type, IntegerUnits units) {
  if (type == ElementType::kUint8) return units;
  if (type != ElementType::kUint16) return {};
  for (float& scale : units.scales) scale /= 256.0F;  // Such values have no zero points.
  return units;
}

}  // namespace posenet::nn
