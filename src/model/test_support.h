// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share.
#ifndef POSENET_MODEL_TEST_SUPPORT_H_
#define POSENET_MODEL_TEST_SUPPORT_H_

#include <gmock/gmock.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "posenet/result.h"

namespace posenet {

/// A Result that failed with `code` and a message that contains `text`.
MATCHER_P2(FailsWith, code, text, "fails with a message that has \"" + std::string(text) + "\"") {
  if (arg.has_value()) {
    *result_listener << "which succeeded";
    return false;
  }
  *result_listener << "whose error is " << static_cast<int>(arg.error().code) << ": " << arg.error().message;
  return arg.error().code == code && arg.error().message.find(text) != std::string::npos;
}

/// A Result that succeeded.
MATCHER(Succeeds, "succeeds") {
  if (!arg.has_value()) *result_listener << "whose error is: " << arg.error().message;
  return arg.has_value();
}

inline std::vector<std::byte> BytesOf(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace posenet

#endif  // POSENET_MODEL_TEST_SUPPORT_H_
