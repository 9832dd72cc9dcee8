// SPDX-License-Identifier: Apache-2.0
// Main header of the module export: writes models as files for other runtimes. A module of its own, like import,
// because programs that only run models do not need it.
//
// ONNX files are protocol buffers. A network needs eleven kinds of messages and three types of the wire format, two
// hundred lines that have not changed since 2017 (proto_message.h, onnx_graph.h). libonnx would bring protobuf's
// runtime and compiler, whose versions must match, to write the same bytes.
#ifndef POSENET_EXPORT_EXPORT_H_
#define POSENET_EXPORT_EXPORT_H_

#include <filesystem>
#include <optional>

#include "base/proto_message.h"
#include "model/model_spec.h"

namespace posenet::exporter {

/// Rows and columns of a network's input.
struct OnnxInputSize {
  int height_px = 0;
  int width_px = 0;
};

struct OnnxOptions {
  /// Fixes the size of the image in the graph; without it, each run chooses one.
  std::optional<OnnxInputSize> size;
};

/// The name of the graph's only input.
inline constexpr const char* kOnnxInput = "input";

/// `model` as ONNX (operator set 13, IR version 7). The graph has the float32 input kOnnxInput, [1, channels, height,
/// width], already normalized, and the network's outputs under their names: maps as [1, channels, height, width],
/// results of fully connected layers as [1, channels]. If the batch is a sequence (nn::Scan::kBatch), its length is the
/// dimension "frames" in place of the 1, and each run chooses it. Dropout is left out. Weights become float32. How to
/// normalize the input, and where the weights come from, is in the model's metadata_props, as "posenet.name" and so on
/// (docs/how-to/onnx.md), and in its doc_string. The same model always results in the same bytes.
///
/// Errors: those of ValidateModel, of reading weights and, for a fixed size, of nn::InferShapes; kInvalidArgument for
/// two outputs of the same name, or one without a name or with that of the input; kUnsupported for networks that need a
/// fixed size or have int8 weights, and for files that would exceed protobuf's 2 GiB.
Result<base::ProtoMessage> OnnxModel(const model::LoadedModel& model, const OnnxOptions& options = {});

/// Writes the result of OnnxModel to a temporary file and renames that to `path`. Errors: kIo, kPermissionDenied,
/// kNotFound.
Result<void> WriteOnnx(const std::filesystem::path& path, const base::ProtoMessage& model);

}  // namespace posenet::exporter

#endif  // POSENET_EXPORT_EXPORT_H_
