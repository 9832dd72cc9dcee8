// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_BINDINGS_C_REFINER_HANDLE_H_
#define POSENET_BINDINGS_C_REFINER_HANDLE_H_

#include <memory>

#include "posenet/refine.h"

struct posenet_refiner {
  std::shared_ptr<const posenet::PersonRefiner> refiner;  // Shared with estimators.
};

#endif  // POSENET_BINDINGS_C_REFINER_HANDLE_H_
