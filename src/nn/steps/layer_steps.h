// SPDX-License-Identifier: Apache-2.0
// The steps of each kind of layer.
#ifndef POSENET_NN_STEPS_LAYER_STEPS_H_
#define POSENET_NN_STEPS_LAYER_STEPS_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "nn/graph/element_type.h"
#include "nn/graph/network.h"
#include "nn/kernels/kernels.h"
#include "nn/packing/packing.h"
#include "nn/steps/step.h"

namespace posenet::nn {

/// A layer with everything that is known about it and its values. Steps keep references to `kernels` and `packed`.
struct LayerContext {
  const Kernels& kernels;
  const PackedLayer& packed;
  std::span<const Shape> shapes;                              // Of all values.
  std::span<const ElementType> types;                         // Of all values.
  std::span<const std::optional<Quantization>> quantization;  // Of all values.
  std::vector<int> inputs;
  int output = 0;

  [[nodiscard]] const Shape& InputShape() const { return shapes[static_cast<std::size_t>(inputs[0])]; }
  [[nodiscard]] const Shape& OutputShape() const { return shapes[static_cast<std::size_t>(output)]; }
  [[nodiscard]] ElementType InputType() const { return types[static_cast<std::size_t>(inputs[0])]; }
  [[nodiscard]] ElementType OutputType() const { return types[static_cast<std::size_t>(output)]; }
  /// Of layers that read quantized values.
  [[nodiscard]] const Quantization& InputQuantization() const {
    return *quantization[static_cast<std::size_t>(inputs[0])];
  }
};

// Convolutions and fully connected layers. MakeConvStep chooses among the ways of computing a convolution by how its
// weights are packed.
std::unique_ptr<Step> MakeConvStep(const Conv2d& conv, const LayerContext& context);
std::unique_ptr<Step> MakeDepthwiseStep(const Conv2d& conv, const LayerContext& context);
std::unique_ptr<Step> MakeWinogradStep(const Conv2d& conv, const LayerContext& context);
std::unique_ptr<Step> MakeFullyConnectedStep(const FullyConnected& layer, const LayerContext& context);

/// A depthwise convolution fused with a pointwise one that is the only reader of its result.
std::unique_ptr<Step> MakeDepthwiseProductStep(const Conv2d& depthwise, const LayerContext& depthwise_context,
                                               const Conv2d& pointwise, const LayerContext& pointwise_context);
/// Whether fusing the two is faster than two steps.
bool IsWorthFusing(const PackedMatrices& pointwise, const Shape& depthwise_output);

/// Three convolutions, each the only reader of the one before it: pointwise, depthwise, pointwise.
struct InvertedResidual {
  const Conv2d& expansion_conv;
  LayerContext expansion;
  const Conv2d& depthwise_conv;
  LayerContext depthwise;
  const Conv2d& projection_conv;
  LayerContext projection;
};
std::unique_ptr<Step> MakeInvertedResidualStep(const InvertedResidual& block);
/// Whether fusing the three around `depthwise` is possible and faster.
bool IsWorthFusing(const Conv2d& depthwise, const LayerContext& context);

/// Pointwise convolutions of one value, fused. `outputs` are the values that they make, `activations` theirs;
/// `any_context` is that of any of them.
std::unique_ptr<Step> MakeHeadsStep(const PackedMatrices& matrices, int input, std::vector<int> outputs,
                                    std::vector<Activation> activations, const LayerContext& any_context);

// Layers without weights.
std::unique_ptr<Step> MakePoolStep(const Pool& pool, const LayerContext& context);
std::unique_ptr<Step> MakeGlobalAveragePoolStep(const LayerContext& context);
std::unique_ptr<Step> MakeAddStep(const Add& add, const LayerContext& context);
std::unique_ptr<Step> MakeConcatStep(const LayerContext& context);
std::unique_ptr<Step> MakeActivateStep(const Activate& activate, const LayerContext& context);
std::unique_ptr<Step> MakeLocalResponseNormStep(const LocalResponseNorm& norm, const LayerContext& context);
std::unique_ptr<Step> MakeUpsampleStep(const Upsample& upsample, const LayerContext& context);
std::unique_ptr<Step> MakeDropoutStep(const Dropout& dropout, const LayerContext& context);

std::unique_ptr<Step> MakeLstmStep(const Lstm& lstm, const LayerContext& context);

// TensorFlow Lite's uint8 arithmetic.
std::unique_ptr<Step> MakeQuantizeStep(const Quantize& quantize, const LayerContext& context);
std::unique_ptr<Step> MakeQuantizedConvStep(const QuantizedConv2d& conv, const LayerContext& context);
std::unique_ptr<Step> MakeQuantizedConcatStep(const QuantizedConcat& concat, const LayerContext& context);
std::unique_ptr<Step> MakeDequantizeStep(const LayerContext& context);

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_LAYER_STEPS_H_
