// SPDX-License-Identifier: Apache-2.0
#include "model/foreign_format.h"

#include <algorithm>

namespace posenet::model {
namespace {

// Bytes of a model.json that are searched for its keys. TensorFlow.js writes "format" and "modelTopology" first.
constexpr std::size_t kSearchedBytes = 4096;

bool IsText(std::string_view text) {
  return std::ranges::all_of(text,
                             [](char c) { return (c >= ' ' && c <= '~') || c == '\t' || c == '\r' || c == '\n'; });
}

// Protocol buffers have no magic numbers: these look at the tags of the first fields.

// ONNX's ModelProto: ir_version (1, a varint; 3 since 2017), then producer_name (2), domain (4), opset_import (8) or
// graph (7), all length-delimited.
bool LooksLikeOnnx(std::string_view head) {
  constexpr std::string_view kNextTags = "\x12\x22\x42\x3a";
  return head.size() > 2 && head[0] == '\x08' && head[1] >= 3 && head[1] < 32 &&
         kNextTags.find(head[2]) != std::string_view::npos;
}

// TensorFlow's SavedModel: saved_model_schema_version (1), which is 1, then meta_graphs (2).
bool LooksLikeSavedModel(std::string_view head) { return head.starts_with("\x08\x01\x12"); }

// Caffe's NetParameter: name (1), a short text, then layers (2 or 100) or the input's name (3).
bool LooksLikeCaffe(std::string_view head) {
  if (head.size() < 3 || head[0] != '\x0a') return false;
  const auto length = static_cast<std::size_t>(static_cast<unsigned char>(head[1]));
  if (length < 1 || length > 100 || head.size() < length + 4 || !IsText(head.substr(2, length))) return false;
  const std::string_view next = head.substr(length + 2);
  return next[0] == '\x12' || next[0] == '\x1a' || next.starts_with("\xa2\x06");
}

}  // namespace

std::optional<std::string_view> DescribeForeignFormat(std::span<const std::byte> bytes) {
  const std::string_view head(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kSearchedBytes));
  if (head.size() >= 8 && head.substr(4, 4) == "TFL3") {
    return "is a TensorFlow Lite model; import it first: posenet model import FILE --output model.safetensors";
  }
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && head[first] == '{' && IsText(head.substr(0, 8))) {
    if (head.find("\"modelTopology\"") != std::string_view::npos || head.find("\"format\"") != std::string_view::npos) {
      return "is the model.json of a TensorFlow.js model; import it first: "
             "posenet model import FILE --output model.safetensors";
    }
    return "is a JSON file; expected a model (.safetensors)";
  }
  if (head.starts_with("PK\x03\x04")) {
    return "is a zip archive, as PyTorch writes checkpoints; weights of a backbone can be used for training: "
           "posenet camera train --init FILE";
  }
  if (head.starts_with("\x80\x02")) {
    return "is a Python pickle, as old versions of PyTorch write checkpoints; weights of a backbone can be used for "
           "training: posenet camera train --init FILE";
  }
  if (head.starts_with("\x1f\x8b")) return "is a gzip archive; decompress it first";
  if (head.starts_with("\x89HDF"))
    return "is an HDF5 file, as Keras writes models; convert it to TensorFlow Lite first";
  if (head.starts_with("\x89PNG") || head.starts_with("\xff\xd8\xff")) {
    return "is an image; expected a model (.safetensors)";
  }
  if (LooksLikeSavedModel(head)) return "is a TensorFlow SavedModel; convert it to TensorFlow Lite first";
  if (LooksLikeOnnx(head)) return "is an ONNX model, which cannot be imported; expected a model (.safetensors)";
  if (LooksLikeCaffe(head)) {
    return "looks like a Caffe model; weights of a backbone can be used for training: "
           "posenet camera train --init FILE";
  }
  return std::nullopt;
}

}  // namespace posenet::model
