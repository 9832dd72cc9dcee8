// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share.
#ifndef POSENET_IMPORT_TEST_SUPPORT_H_
#define POSENET_IMPORT_TEST_SUPPORT_H_

#include <gmock/gmock.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/model_spec.h"
#include "nn/network.h"
#include "posenet/result.h"

namespace posenet::importer {

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

/// A folder of its own for each test, removed with what is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// `network` with random weights.
LoadedModel WithRandomWeights(const nn::Network& network);

/// Elements of a weight.
std::vector<float> FloatsOf(const LoadedModel& model, const std::string& name);

/// Expects that both models compute the same maps for a random picture of `size` x `size`, to within `tolerance` times
/// the largest number of the expected map.
void ExpectSameMaps(const LoadedModel& expected, const LoadedModel& actual, int size, double tolerance);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TEST_SUPPORT_H_
