// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share.
#ifndef POSENET_IMPORT_TEST_SUPPORT_H_
#define POSENET_IMPORT_TEST_SUPPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/temporary_folder.h"
#include "base/test_matchers.h"
#include "import/source_tensors.h"
#include "model/model_spec.h"
#include "nn/network.h"
#include "posenet/result.h"

namespace posenet::importer {

/// `network` with random weights.
LoadedModel WithRandomWeights(const nn::Network& network);

/// Elements of a weight.
std::vector<float> FloatsOf(const LoadedModel& model, const std::string& name);

/// Expects that both models compute the same maps for a random picture of `size` x `size`, to within `tolerance` times
/// the largest number of the expected map.
void ExpectSameMaps(const LoadedModel& expected, const LoadedModel& actual, int size, double tolerance);

/// The numbers of the tensor `name`; none where there is no such tensor, or nothing was read.
std::vector<float> NumbersOf(const Result<SourceTensors>& read, const std::string& name);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TEST_SUPPORT_H_
