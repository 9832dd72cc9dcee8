// SPDX-License-Identifier: Apache-2.0
// export, the room's door: our models as files that other runtimes run. Knows model. A room of its own, as import is:
// programs that only run models need none of it.
//
// ONNX files are protocol buffers. Those of a network need eleven kinds of message and three of the wire format's
// types, two hundred lines that have not changed since 2017 (proto_message.h, onnx_graph.h); libonnx would bring
// protobuf's runtime and its compiler along, whose versions must match each other's, to write the same bytes.
#ifndef POSENET_EXPORT_EXPORT_H_
#define POSENET_EXPORT_EXPORT_H_

#include <filesystem>
#include <optional>

#include "base/proto_message.h"
#include "model/model_spec.h"

namespace posenet::exporter {

/// Rows and columns of a network's input.
struct InputSize {
  int height_px = 0;
  int width_px = 0;
};

struct OnnxOptions {
  /// The size of the image, made part of the graph; without it every run chooses one.
  std::optional<InputSize> size;
};

/// Name of the graph's one input.
inline constexpr const char* kOnnxInput = "input";

/// `model` as ONNX (operator set 13, IR version 7). The graph has the float32 input kOnnxInput, [1, channels, height,
/// width] of already normalised numbers, and the network's outputs under their names: maps as [1, channels, height,
/// width], results of fully connected layers as [1, channels]. Where the batch is a sequence (nn::Scan::kBatch), every
/// run chooses its length: it is "frames" in place of the 1. Dropout is left out. Weights become float32. What a
/// program must know to feed the input, and where the weights come from, is in the model's metadata_props, as
/// "posenet.name" and so on (docs/onnx.md), and in its doc_string. One model always makes the same bytes.
///
/// Errors: those of ValidateModel, of reading weights and, for a fixed size, of nn::InferShapes; kInvalidArgument for
/// two outputs of one name, or one that is called as the input or not at all; kUnsupported for networks that need a
/// fixed size or multiply whole numbers, and for files that would exceed protobuf's 2 GiB.
Result<base::ProtoMessage> OnnxModel(const model::LoadedModel& model, const OnnxOptions& options = {});

/// Writes what OnnxModel answered, under a temporary name that becomes `path`. Errors: kIo, kPermissionDenied,
/// kNotFound.
Result<void> WriteOnnx(const std::filesystem::path& path, const base::ProtoMessage& model);

}  // namespace posenet::exporter

#endif  // POSENET_EXPORT_EXPORT_H_
