// SPDX-License-Identifier: Apache-2.0
// Models, and the properties of the running library.
#include "posenet/model.h"

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "base/error.h"
#include "errors.h"
#include "model_handle.h"
#include "posenet/c/base.h"
#include "posenet/c/model.h"
#include "posenet/runtime.h"
#include "posenet/version.h"
#include "structs.h"

using posenet::ErrorCode;
using posenet::Result;
using posenet::c::CheckNotNull;
using posenet::c::CheckOutputArray;
using posenet::c::Guard;

posenet_status posenet_model_load(const char* path, posenet_model** model, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(model, "model"));
    *model = nullptr;
    POSENET_RETURN_IF_ERROR(CheckNotNull(path, "path"));
    POSENET_ASSIGN_OR_RETURN(posenet::Model loaded, posenet::Model::Load(path));
    *model = std::make_unique<posenet_model>(posenet_model{std::move(loaded)}).release();
    return {};
  });
}

posenet_status posenet_model_parse(const void* bytes, size_t size, posenet_model** model, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(model, "model"));
    *model = nullptr;
    POSENET_RETURN_IF_ERROR(CheckOutputArray(bytes, size, "bytes"));
    POSENET_ASSIGN_OR_RETURN(posenet::Model parsed,
                             posenet::Model::Parse(std::span(static_cast<const std::byte*>(bytes), size)));
    *model = std::make_unique<posenet_model>(posenet_model{std::move(parsed)}).release();
    return {};
  });
}

void posenet_model_destroy(posenet_model* model) { delete model; }

posenet_status posenet_model_info_init(posenet_model_info* info, size_t struct_size) {
  return posenet::c::Init(info, struct_size, "posenet_model_info",
                          {.struct_size = 0,
                           .name = "",
                           .architecture = "",
                           .task = "",
                           .source = "",
                           .license = "",
                           .parameter_count = 0,
                           .layer_count = 0,
                           .output_stride = 0});
}

posenet_status posenet_model_get_info(const posenet_model* model, posenet_model_info* info, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(model, "model"));
    const posenet::ModelInfo& source = model->model.info();
    return posenet::c::Write({.struct_size = 0,
                              .name = source.name.c_str(),
                              .architecture = source.architecture.c_str(),
                              .task = source.task.c_str(),
                              .source = source.source.c_str(),
                              .license = source.license.c_str(),
                              .parameter_count = source.parameter_count,
                              .layer_count = source.layer_count,
                              .output_stride = source.output_stride},
                             info, "posenet_model_info");
  });
}

const char* posenet_version(void) { return POSENET_VERSION_STRING; }

posenet_status posenet_supported_instruction_sets(char* names, size_t size, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(names, "names"));
    std::string joined;
    for (const std::string& name : posenet::SupportedInstructionSets()) {
      if (!joined.empty()) joined += ' ';
      joined += name;
    }
    if (joined.size() >= size) {
      return posenet::base::Fail(ErrorCode::kInvalidArgument, "names has ", size, " bytes; expected at least ",
                                 joined.size() + 1);
    }
    std::memcpy(names, joined.c_str(), joined.size() + 1);
    return {};
  });
}
