// SPDX-License-Identifier: Apache-2.0
#include "errors.h"

#include "export.h"

namespace posenet::wasm {
namespace {

Error last_error;
const char* last_message = "";  // That of `last_error`, or a literal.

}  // namespace

void Remember(Error error) {
  last_error = std::move(error);
  last_message = last_error.message.c_str();
}

void Remember(ErrorCode code, const char* message) noexcept {
  last_error.code = code;
  last_message = message;
}

Result<int> ToInt(const char* name, double number) {
  constexpr double kLeast = std::numeric_limits<int>::min();
  constexpr double kMost = std::numeric_limits<int>::max();
  if (!(number >= kLeast && number <= kMost) || number != std::floor(number)) {
    return Fail(ErrorCode::kInvalidArgument, name, " is ", number, "; expected a whole number");
  }
  return static_cast<int>(number);
}

Result<int> ToIntOr(const char* name, double number, int open) {
  if (IsOpen(number)) return open;
  return ToInt(name, number);
}

Result<std::optional<int>> ToOptionalInt(const char* name, double number) {
  if (IsOpen(number)) return std::optional<int>();
  POSENET_ASSIGN_OR_RETURN(const int value, ToInt(name, number));
  return std::optional<int>(value);
}

std::optional<float> ToOptionalFloat(double number) {
  if (IsOpen(number)) return std::nullopt;
  return static_cast<float>(number);
}

}  // namespace posenet::wasm

POSENET_EXPORT(posenet_error_code)
int posenet_error_code() { return static_cast<int>(posenet::wasm::last_error.code); }

POSENET_EXPORT(posenet_error_message)
const char* posenet_error_message() { return posenet::wasm::last_message; }
