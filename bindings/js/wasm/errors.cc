// SPDX-License-Identifier: Apache-2.0
#include "errors.h"

#include "export.h"
#include "names.h"

namespace posenet::wasm {
namespace {

Error last_error;
const char* last_message = "";  // That of `last_error`, or a literal.

}  // namespace

void KeepError(Error error) {
  last_error = std::move(error);
  last_message = last_error.message.c_str();
}

void KeepError(ErrorCode code, const char* message) noexcept {
  last_error.code = code;
  last_message = message;
}

}  // namespace posenet::wasm

/// The name of the last error's code. A literal, and so null-terminated.
POSENET_EXPORT(posenet_error_code)
const char* posenet_error_code() { return posenet::wasm::NameOf(posenet::wasm::last_error.code).data(); }

POSENET_EXPORT(posenet_error_message)
const char* posenet_error_message() { return posenet::wasm::last_message; }
