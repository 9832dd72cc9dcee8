// SPDX-License-Identifier: Apache-2.0
// Models: from the bytes of a file to what estimators and localizers are created from.
#include <cstddef>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>

#include "errors.h"
#include "export.h"
#include "json_fields.h"
#include "model_handle.h"

namespace posenet::wasm {
namespace {

// The bytes of a file, which JavaScript fills in. Not initialized: a vector would set megabytes to zero byte by byte,
// in code that no engine has optimized yet.
struct FileBytes {
  explicit FileBytes(std::size_t file_size) : bytes(new std::byte[file_size]), size(file_size) {}

  std::unique_ptr<std::byte[]> bytes;
  std::size_t size;
};

std::string ToJson(const ModelInfo& info) {
  return ToText({{"name", info.name},
                 {"architecture", info.architecture},
                 {"task", info.task},
                 {"outputStride", info.output_stride},
                 {"source", info.source},
                 {"license", info.license},
                 {"parameterCount", info.parameter_count},
                 {"layerCount", info.layer_count}});
}

}  // namespace
}  // namespace posenet::wasm

using posenet::wasm::FileBytes;
using posenet::wasm::Guard;
using posenet::wasm::ModelHandle;

/// Memory for a file of `size` bytes. Null after an error.
POSENET_EXPORT(posenet_file_create)
FileBytes* posenet_file_create(std::size_t size) {
  return Guard<FileBytes*>(
      nullptr, [&]() -> posenet::Result<FileBytes*> { return std::make_unique<FileBytes>(size).release(); });
}

POSENET_EXPORT(posenet_file_data)
std::byte* posenet_file_data(FileBytes* file) { return file->bytes.get(); }

/// A model from a file, which is destroyed even after an error. Null after an error.
POSENET_EXPORT(posenet_model_create)
ModelHandle* posenet_model_create(FileBytes* file) {
  const std::unique_ptr<const FileBytes> owned(file);
  return Guard<ModelHandle*>(nullptr, [&]() -> posenet::Result<ModelHandle*> {
    POSENET_ASSIGN_OR_RETURN(posenet::Model model, posenet::Model::Parse(std::span(owned->bytes.get(), owned->size)));
    std::string info = posenet::wasm::ToJson(model.info());
    return std::make_unique<ModelHandle>(ModelHandle{std::move(model), std::move(info)}).release();
  });
}

/// The model's ModelInfo as JSON.
POSENET_EXPORT(posenet_model_info)
const char* posenet_model_info(const ModelHandle* model) { return model->info.c_str(); }

POSENET_EXPORT(posenet_model_destroy)
void posenet_model_destroy(ModelHandle* model) { delete model; }
