// SPDX-License-Identifier: Apache-2.0
// Converts networks to ONNX graphs: each nn::Operation to ONNX operators.
#ifndef POSENET_EXPORT_NETWORK_TO_ONNX_H_
#define POSENET_EXPORT_NETWORK_TO_ONNX_H_

#include <string>

#include "base/proto_message.h"
#include "export/export.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::exporter {

/// The GraphProto named `name` that computes `network`'s outputs. `weights` must be valid for the network
/// (ValidateWeights). Errors: as OnnxModel.
Result<base::ProtoMessage> NetworkToOnnx(const std::string& name, const nn::Network& network,
                                         const nn::TensorMap& weights, const OnnxOptions& options);

}  // namespace posenet::exporter

#endif  // POSENET_EXPORT_NETWORK_TO_ONNX_H_
