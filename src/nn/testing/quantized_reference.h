// SPDX-License-Identifier: Apache-2.0
// Quantized layers written down as plainly as TFLite's reference kernels: what the fast ones are tested against.
#ifndef POSENET_NN_TESTING_QUANTIZED_REFERENCE_H_
#define POSENET_NN_TESTING_QUANTIZED_REFERENCE_H_

#include <span>
#include <vector>

#include "nn/steps/quantized_conv.h"
#include "nn/testing/reference.h"

namespace posenet::nn {

/// The result of a quantized layer. Tensors hold the whole numbers of quantized values, as floats.
ReferenceTensor ReferenceQuantize(const Quantize& quantize, const ReferenceTensor& input);
ReferenceTensor ReferenceQuantizedConv2d(const QuantizedConv2d& conv, const QuantizedConvNumbers& numbers,
                                         const ReferenceTensor& input);
ReferenceTensor ReferenceQuantizedConcat(const QuantizedConcat& concat, std::span<const ReferenceTensor* const> inputs,
                                         std::span<const Quantization> quantizations);
ReferenceTensor ReferenceDequantize(const ReferenceTensor& input, const Quantization& quantization);

}  // namespace posenet::nn

#endif  // POSENET_NN_TESTING_QUANTIZED_REFERENCE_H_
