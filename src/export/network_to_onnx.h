// SPDX-License-Identifier: Apache-2.0
// Networks as ONNX graphs: every nn::Operation in ONNX's words.
#ifndef POSENET_EXPORT_NETWORK_TO_ONNX_H_
#define POSENET_EXPORT_NETWORK_TO_ONNX_H_

#include <string>

#include "base/proto_message.h"
#include "export/export.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::exporter {

/// The GraphProto called `name` that computes `network`'s outputs; `weights` are valid for it. Errors: as OnnxModel.
Result<base::ProtoMessage> NetworkToOnnx(const std::string& name, const nn::Network& network,
                                         const nn::TensorMap& weights, const OnnxOptions& options);

}  // namespace posenet::exporter

#endif  // POSENET_EXPORT_NETWORK_TO_ONNX_H_
