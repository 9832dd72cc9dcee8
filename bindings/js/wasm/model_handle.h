// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_BINDINGS_JS_WASM_MODEL_HANDLE_H_
#define POSENET_BINDINGS_JS_WASM_MODEL_HANDLE_H_

#include <string>

#include "posenet/model.h"

namespace posenet::wasm {

/// A model that JavaScript owns.
struct ModelHandle {
  Model model;
  std::string info;  // As JSON.
};

}  // namespace posenet::wasm

#endif  // POSENET_BINDINGS_JS_WASM_MODEL_HANDLE_H_
