// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_BASE_NO_THROW_H_
#define POSENET_BASE_NO_THROW_H_

#include <new>

#include "base/error.h"

namespace posenet::base {

/// Returns body(), a Result, or kResourceExhausted if it throws std::bad_alloc. For the functions of the public API,
/// which do not throw.
template <typename Body>
auto CatchBadAlloc(Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Fail(ErrorCode::kResourceExhausted, "out of memory");
  }
}

}  // namespace posenet::base

#endif  // POSENET_BASE_NO_THROW_H_
