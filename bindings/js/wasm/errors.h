// SPDX-License-Identifier: Apache-2.0
// How functions of the facade fail: the error is remembered, and they answer a value that tells. JavaScript reads the
// error with posenet_error_code and posenet_error_message.
#ifndef POSENET_BINDINGS_JS_WASM_ERRORS_H_
#define POSENET_BINDINGS_JS_WASM_ERRORS_H_

#include <cmath>
#include <limits>
#include <new>
#include <optional>
#include <utility>

#include "base/error.h"

namespace posenet::wasm {

void Remember(Error error);
/// The same without memory of its own: `message` is a literal.
void Remember(ErrorCode code, const char* message) noexcept;

/// What `body`, which answers a Result, answers; after an error, or when memory runs out, `failed`.
template <typename Value, typename Body>
Value Guard(Value failed, Body body) {
  try {
    auto result = body();
    if (result) return *std::move(result);
    Remember(std::move(result.error()));
  } catch (const std::bad_alloc&) {
    Remember(ErrorCode::kResourceExhausted, "out of memory");
  } catch (...) {
    // What the library lets through: lengths beyond what a container can have at all.
    Remember(ErrorCode::kResourceExhausted, "larger than memory can be");
  }
  return failed;
}

/// Numbers of JavaScript, of which NaN stands for those that were left open.
inline bool IsOpen(double number) { return std::isnan(number); }

/// Errors: kInvalidArgument unless `number` is a whole one of an int's range.
Result<int> ToInt(const char* name, double number);

/// `number`, or `open` where that was left open. Errors: those of ToInt.
Result<int> ToIntOr(const char* name, double number, int open);
Result<std::optional<int>> ToOptionalInt(const char* name, double number);
std::optional<float> ToOptionalFloat(double number);

/// The enumerator of that number, if it is not left open. Whoever takes it checks that there is one.
template <typename Enum>
Result<std::optional<Enum>> ToOptionalEnum(const char* name, double number) {
  POSENET_ASSIGN_OR_RETURN(const std::optional<int> value, ToOptionalInt(name, number));
  if (!value) return std::optional<Enum>();
  return std::optional<Enum>(static_cast<Enum>(*value));
}

}  // namespace posenet::wasm

#endif  // POSENET_BINDINGS_JS_WASM_ERRORS_H_
