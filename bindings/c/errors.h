// SPDX-License-Identifier: Apache-2.0
// How functions of the C interface fail: they keep the error in the caller's handle and return its status. No exception
// leaves them.
#ifndef POSENET_BINDINGS_C_ERRORS_H_
#define POSENET_BINDINGS_C_ERRORS_H_

#include <cstddef>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "posenet/c/base.h"

struct posenet_error {
  posenet_status status = POSENET_OK;
  std::string owned = {};
  const char* message = "";  // That of `owned`, or a literal.
};

namespace posenet::c {

/// Keeps `error` in `handle`, which may be null. Returns its status.
posenet_status Keep(Error error, posenet_error* handle) noexcept;
/// The same without allocating, for a literal.
posenet_status Keep(posenet_status status, const char* literal, posenet_error* handle) noexcept;

/// Runs `body`, which returns a Result<void>, and keeps its outcome in `handle`, which may be null.
template <typename Body>
posenet_status Guard(posenet_error* handle, Body body) noexcept {
  try {
    Result<void> result = body();
    if (!result) return Keep(std::move(result.error()), handle);
    return Keep(POSENET_OK, "", handle);
  } catch (const std::bad_alloc&) {
    return Keep(POSENET_RESOURCE_EXHAUSTED, "out of memory", handle);
  } catch (const std::exception&) {
    // The library's own code does not throw; this is the standard library, asked for more than can exist: a length
    // beyond that of any container, or one thread too many.
    return Keep(POSENET_RESOURCE_EXHAUSTED, "out of memory or threads", handle);
  } catch (...) {
    return Keep(POSENET_RESOURCE_EXHAUSTED, "out of resources", handle);
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
