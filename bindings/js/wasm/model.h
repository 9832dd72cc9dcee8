// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_BINDINGS_JS_WASM_MODEL_H_
#define POSENET_BINDINGS_JS_WASM_MODEL_H_

#include <string>
#include <string_view>

#include "posenet/model.h"

namespace posenet::wasm {

struct ModelHandle {
  Model model;
  std::string info;  // As JSON.
};

/// `text` as a JSON string. Bytes that are not ASCII stay: they are UTF-8, which models are checked for.
std::string Quoted(std::string_view text);

}  // namespace posenet::wasm

#endif  // POSENET_BINDINGS_JS_WASM_MODEL_H_
