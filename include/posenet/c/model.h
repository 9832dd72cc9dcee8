/* SPDX-License-Identifier: Apache-2.0 */
/// \file
/// Model files; part of posenet/c.h, which states the conventions.
#ifndef POSENET_C_MODEL_H_
#define POSENET_C_MODEL_H_

#include <stddef.h>
#include <stdint.h>

#include "posenet/c/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/// An immutable network with its weights. Thread-safe.
typedef struct posenet_model posenet_model;

/// Memory-maps and validates a PoseNet model file (.safetensors; docs/reference/model-format.md), and sets `*model` to
/// a handle that the caller destroys. The file must not be modified while the model, or what was created from it, is in
/// use.
/// Errors: POSENET_INVALID_ARGUMENT for null; POSENET_NOT_FOUND, POSENET_PERMISSION_DENIED, POSENET_IO_ERROR;
/// POSENET_CORRUPT_DATA if the file is damaged or malicious; POSENET_UNSUPPORTED if it is a safetensors file without a
/// PoseNet network. `*model` is null after an error.
POSENET_C_API posenet_status posenet_model_load(const char* path, posenet_model** model, posenet_error* error);

/// The same for the content of a file, `size` bytes at `bytes`, which is copied.
POSENET_C_API posenet_status posenet_model_parse(const void* bytes, size_t size, posenet_model** model,
                                                 posenet_error* error);

/// Destroys `model`, which may be null. Estimators, refiners and localizers that were created from it remain valid.
POSENET_C_API void posenet_model_destroy(posenet_model* model);

/// The metadata of a model file. The strings belong to the model and are never null.
typedef struct posenet_model_info {
  size_t struct_size;        ///< Set by posenet_model_info_init.
  const char* name;          ///< Such as "mobilenet100".
  const char* architecture;  ///< Such as "MobileNetV1 1.0".
  const char* task;          ///< "human-pose" or "camera-pose".
  const char* source;        ///< Origin of the weights.
  const char* license;       ///< License of the weights, an SPDX expression.
  int64_t parameter_count;
  int32_t layer_count;
  int32_t output_stride;  ///< Input pixels per cell of the output maps, before the options of an estimator change it.
} posenet_model_info;

/// Prepares `info` for posenet_model_get_info. `struct_size` is sizeof(posenet_model_info).
/// Errors: POSENET_INVALID_ARGUMENT if `info` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_model_info_init(posenet_model_info* info, size_t struct_size);

/// Writes the metadata of `model` to `info`. Thread-safe.
/// Errors: POSENET_INVALID_ARGUMENT for null, or an `info` that was not initialized.
POSENET_C_API posenet_status posenet_model_get_info(const posenet_model* model, posenet_model_info* info,
                                                    posenet_error* error);

#ifdef __cplusplus
}
#endif

#endif /* POSENET_C_MODEL_H_ */
