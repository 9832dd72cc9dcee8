// SPDX-License-Identifier: Apache-2.0
// Models: from bytes to what an estimator or a localizer is made of.
#include "model.h"

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "errors.h"
#include "export.h"

namespace posenet::wasm {
namespace {

// The bytes of a file while JavaScript fills them; nothing does before, for setting megabytes to zero one by one, as a
// vector does, takes a moment in code that no engine has optimized yet.
struct FileBytes {
  explicit FileBytes(std::size_t file_size) : bytes(new std::byte[file_size]), size(file_size) {}

  std::unique_ptr<std::byte[]> bytes;
  std::size_t size;
};

std::string ToJson(const ModelInfo& info) {
  return StrCat("{\"name\":", Quoted(info.name), ",\"architecture\":", Quoted(info.architecture),
                ",\"task\":", Quoted(info.task), ",\"outputStride\":", info.output_stride,
                ",\"source\":", Quoted(info.source), ",\"license\":", Quoted(info.license),
                ",\"parameterCount\":", info.parameter_count, ",\"layerCount\":", info.layer_count, "}");
}

}  // namespace

std::string Quoted(std::string_view text) {
  constexpr char kHexDigits[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      quoted += "\\u00";
      quoted += kHexDigits[byte >> 4];
      quoted += kHexDigits[byte & 0xF];
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted += '"';
}

}  // namespace posenet::wasm

using posenet::wasm::FileBytes;
using posenet::wasm::Guard;
using posenet::wasm::ModelHandle;

/// Memory for a file of `size` bytes; null when there is none.
POSENET_EXPORT(posenet_file_create)
FileBytes* posenet_file_create(std::size_t size) {
  return Guard<FileBytes*>(
      nullptr, [&]() -> posenet::Result<FileBytes*> { return std::make_unique<FileBytes>(size).release(); });
}

POSENET_EXPORT(posenet_file_data)
std::byte* posenet_file_data(FileBytes* file) { return file->bytes.get(); }

/// Takes `file`, also when it fails and answers null.
POSENET_EXPORT(posenet_model_create)
ModelHandle* posenet_model_create(FileBytes* file) {
  const std::unique_ptr<const FileBytes> owned(file);
  return Guard<ModelHandle*>(nullptr, [&]() -> posenet::Result<ModelHandle*> {
    POSENET_ASSIGN_OR_RETURN(posenet::Model model, posenet::Model::Parse(std::span(owned->bytes.get(), owned->size)));
    std::string info = posenet::wasm::ToJson(model.info());
    return std::make_unique<ModelHandle>(ModelHandle{std::move(model), std::move(info)}).release();
  });
}

POSENET_EXPORT(posenet_model_info)
const char* posenet_model_info(const ModelHandle* model) { return model->info.c_str(); }

POSENET_EXPORT(posenet_model_destroy)
void posenet_model_destroy(ModelHandle* model) { delete model; }
