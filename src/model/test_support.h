// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share.
#ifndef POSENET_MODEL_TEST_SUPPORT_H_
#define POSENET_MODEL_TEST_SUPPORT_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/test_matchers.h"

namespace posenet {

inline std::vector<std::byte> BytesOf(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace posenet

#endif  // POSENET_MODEL_TEST_SUPPORT_H_
