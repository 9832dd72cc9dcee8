// SPDX-License-Identifier: Apache-2.0
// Quantized layers written as plainly as TensorFlow Lite's reference kernels, to test the fast ones against.
#ifndef POSENET_NN_TESTING_QUANTIZED_REFERENCE_H_
#define POSENET_NN_TESTING_QUANTIZED_REFERENCE_H_

#include <span>
#include <vector>

#include "nn/packing/quantized_conv.h"
#include "nn/testing/reference.h"

namespace posenet::nn {

/// The results of quantized layers. Tensors hold quantized values, which are integers, as floats.
ReferenceTensor ReferenceQuantize(const Quantize& quantize, const ReferenceTensor& input);
ReferenceTensor ReferenceQuantizedConv2d(const QuantizedConv2d& conv, const QuantizedConvNumbers& numbers,
                                         const ReferenceTensor& input);
ReferenceTensor ReferenceQuantizedConcat(const QuantizedConcat& concat, std::span<const ReferenceTensor* const> inputs,
                                         std::span<const Quantization> quantizations);
ReferenceTensor ReferenceDequantize(const ReferenceTensor& input, const Quantization& quantization);

}  // namespace posenet::nn

#endif  // POSENET_NN_TESTING_QUANTIZED_REFERENCE_H_
