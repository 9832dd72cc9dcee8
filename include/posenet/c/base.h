/* SPDX-License-Identifier: Apache-2.0 */
/// \file
/// Status codes, error messages and the version; part of posenet/c.h, which states the conventions.
#ifndef POSENET_C_BASE_H_
#define POSENET_C_BASE_H_

#include <stddef.h>
#include <stdint.h>

#include "posenet/version.h"

/// On each function of the C interface: the shared library exports these and nothing else.
#if defined(__GNUC__)
#define POSENET_C_API __attribute__((visibility("default")))
#else
#define POSENET_C_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// The outcome of a function.
typedef int32_t posenet_status;

/// Values of #posenet_status. Others may be added: treat those that you do not know as failures.
enum {
  POSENET_OK = 0,
  POSENET_INVALID_ARGUMENT = 1,   ///< An argument is outside its documented range.
  POSENET_NOT_FOUND = 2,          ///< No file or model has that name.
  POSENET_PERMISSION_DENIED = 3,  ///< The operating system denied access.
  POSENET_IO_ERROR = 4,           ///< Reading failed.
  POSENET_CORRUPT_DATA = 5,       ///< A file is damaged, truncated, or not in the format that it claims.
  POSENET_UNSUPPORTED = 6,        ///< Valid input that this library does not support.
  POSENET_RESOURCE_EXHAUSTED = 7  ///< Out of memory or threads, or larger than the limits of this library.
};

/// The name of a status, such as "invalid argument"; "unknown status" for a number that is none. Never null.
/// Thread-safe.
POSENET_C_API const char* posenet_status_name(posenet_status status);

/// Keeps the error of the last call that it was passed to. For one thread at a time; use one handle per thread.
typedef struct posenet_error posenet_error;

/// A new handle, without an error; null if memory is exhausted. The caller destroys it.
POSENET_C_API posenet_error* posenet_error_create(void);

/// The status of the last call that `error` was passed to; POSENET_OK before the first, and if `error` is null.
POSENET_C_API posenet_status posenet_error_status(const posenet_error* error);

/// One line of UTF-8 text: what failed, where, and what was expected. Empty if the last call succeeded, and if `error`
/// is null. Valid until the next call with `error`.
POSENET_C_API const char* posenet_error_message(const posenet_error* error);

/// Destroys `error`, which may be null.
POSENET_C_API void posenet_error_destroy(posenet_error* error);

/// The version of the library that is running, such as "0.2.0"; that of this header is POSENET_VERSION_STRING. Never
/// null. Thread-safe.
POSENET_C_API const char* posenet_version(void);

/// Writes the instruction sets that both this CPU and the library support, best first and separated by spaces, such as
/// "AVX3_ZEN4 AVX2 SSE4", to `names`, an array of `size` bytes, and ends them with a zero byte. `size` 128 is always
/// enough. Thread-safe.
/// Errors: POSENET_INVALID_ARGUMENT if `names` is null or too small.
POSENET_C_API posenet_status posenet_supported_instruction_sets(char* names, size_t size, posenet_error* error);

#ifdef __cplusplus
}
#endif

#endif /* POSENET_C_BASE_H_ */
