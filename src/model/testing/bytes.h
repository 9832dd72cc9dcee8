// SPDX-License-Identifier: Apache-2.0
// Helpers of the tests of model files.
#ifndef POSENET_MODEL_TESTING_BYTES_H_
#define POSENET_MODEL_TESTING_BYTES_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/testing/matchers.h"
#include "model/network_weights.h"

namespace posenet::model {

inline std::vector<std::byte> BytesOf(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// The element count of all weights; fails the test if the network is invalid.
inline std::int64_t ParameterCount(const nn::Network& network) {
  const auto uses = WeightsOf(network);
  EXPECT_THAT(uses, base::Succeeds());
  std::int64_t count = 0;
  for (const auto& [name, use] : *uses) {
    std::int64_t elements = 1;
    for (const std::int64_t extent : use.shape) elements *= extent;
    count += elements;
  }
  return count;
}

}  // namespace posenet::model

#endif  // POSENET_MODEL_TESTING_BYTES_H_
