// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_BINDINGS_C_MODEL_HANDLE_H_
#define POSENET_BINDINGS_C_MODEL_HANDLE_H_

#include "posenet/model.h"

struct posenet_model {
  posenet::Model model;
};

#endif  // POSENET_BINDINGS_C_MODEL_HANDLE_H_
