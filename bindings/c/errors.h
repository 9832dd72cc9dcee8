// SPDX-License-Identifier: Apache-2.0
// How functions of the C interface fail: they keep the error in the caller's handle and return its status. No exception
// leaves them.
#ifndef POSENET_BINDINGS_C_ERRORS_H_
#define POSENET_BINDINGS_C_ERRORS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "posenet/c/base.h"

struct posenet_error {
  posenet_status status = POSENET_OK;
  std::string owned = {};
  const char* message = "";  // That of `owned`, or a literal.
};

namespace posenet::c {

/// Keeps what `result` says in `handle`, which may be null. Returns its status.
posenet_status Keep(Result<void> result, posenet_error* handle) noexcept;
/// The same for the exception that is being handled.
posenet_status KeepException(posenet_error* handle) noexcept;

/// Runs `body`, which returns a Result<void>, and keeps its outcome in `handle`, which may be null.
template <typename Body>
posenet_status Guard(posenet_error* handle, Body body) noexcept {
  try {
    return Keep(body(), handle);
  } catch (...) {
    return KeepException(handle);  // Once, rather than compiled for each body.
  }
}

/// Errors: kInvalidArgument if `pointer` is null; `name` is that of the parameter.
Result<void> CheckNotNull(const void* pointer, std::string_view name);

/// Checks an array of the caller: null only if it is empty, and at most POSENET_MAX_POSES elements.
Result<void> CheckInputArray(const void* array, std::size_t count, std::string_view name);

/// Checks an array that is written to: null only if it is empty.
Result<void> CheckOutputArray(const void* array, std::size_t capacity, std::string_view name);

}  // namespace posenet::c

#endif  // POSENET_BINDINGS_C_ERRORS_H_
