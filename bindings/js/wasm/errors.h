// SPDX-License-Identifier: Apache-2.0
// How functions of the facade fail: they keep the error and return a value that says so. JavaScript then reads the
// error with posenet_error_code and posenet_error_message.
#ifndef POSENET_BINDINGS_JS_WASM_ERRORS_H_
#define POSENET_BINDINGS_JS_WASM_ERRORS_H_

#include <new>
#include <utility>

#include "base/error.h"

namespace posenet::wasm {

/// Keeps `error` as the last one.
void KeepError(Error error);
/// Does the same without allocating: `message` is a literal.
void KeepError(ErrorCode code, const char* message) noexcept;

/// Returns the value of `body()`, a Result; after an error, or when memory runs out, `failed`.
template <typename Value, typename Body>
Value Guard(Value failed, Body body) {
  try {
    auto result = body();
    if (result) return *std::move(result);
    KeepError(std::move(result.error()));
  } catch (const std::bad_alloc&) {
    KeepError(ErrorCode::kResourceExhausted, "out of memory");
  } catch (...) {
    // The one other exception of the library: a length beyond what a container can hold at all.
    KeepError(ErrorCode::kResourceExhausted, "larger than memory can be");
  }
  return failed;
}

}  // namespace posenet::wasm

#endif  // POSENET_BINDINGS_JS_WASM_ERRORS_H_
