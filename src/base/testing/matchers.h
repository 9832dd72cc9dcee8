// SPDX-License-Identifier: Apache-2.0
// Matchers for Results.
#ifndef POSENET_BASE_TESTING_MATCHERS_H_
#define POSENET_BASE_TESTING_MATCHERS_H_

#include <gmock/gmock.h>

#include <string>

#include "posenet/result.h"

namespace posenet::base {

/// A Result that is an error of `code` with a message that contains `text`.
MATCHER_P2(FailsWith, code, text, "fails with a message that contains \"" + std::string(text) + "\"") {
  if (arg.has_value()) {
    *result_listener << "which succeeded";
    return false;
  }
  *result_listener << "whose error is " << static_cast<int>(arg.error().code) << ": " << arg.error().message;
  return arg.error().code == code && arg.error().message.find(text) != std::string::npos;
}

/// A Result that has a value.
MATCHER(Succeeds, "succeeds") {
  if (!arg.has_value()) *result_listener << "whose error is: " << arg.error().message;
  return arg.has_value();
}

}  // namespace posenet::base

#endif  // POSENET_BASE_TESTING_MATCHERS_H_
