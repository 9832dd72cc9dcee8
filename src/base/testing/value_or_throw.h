// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_BASE_TESTING_VALUE_OR_THROW_H_
#define POSENET_BASE_TESTING_VALUE_OR_THROW_H_

#include <stdexcept>
#include <utility>

#include "posenet/result.h"

namespace posenet::base {

/// The value of `result`. Throws std::runtime_error with the message of an error, which fails the test.
template <typename T>
T ValueOrThrow(Result<T> result) {
  if (!result.has_value()) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

}  // namespace posenet::base

#endif  // POSENET_BASE_TESTING_VALUE_OR_THROW_H_
