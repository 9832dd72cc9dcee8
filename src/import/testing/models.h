// SPDX-License-Identifier: Apache-2.0
// Shared by the tests of import.
#ifndef POSENET_IMPORT_TESTING_MODELS_H_
#define POSENET_IMPORT_TESTING_MODELS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/testing/matchers.h"
#include "base/testing/temporary_folder.h"
#include "import/source_tensors.h"
#include "model/model_spec.h"
#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::importer {

/// `network` with random weights.
model::LoadedModel WithRandomWeights(const nn::Network& network);

/// Elements of a weight.
std::vector<float> FloatsOf(const model::LoadedModel& model, const std::string& name);

/// Expects that both models compute the same maps for a random image of `size` x `size`, to within `tolerance` times
/// the largest number of the expected map.
void ExpectSameMaps(const model::LoadedModel& expected, const model::LoadedModel& actual, int size, double tolerance);

/// The elements of the tensor `name`; empty if it does not exist, or if reading failed.
std::vector<float> NumbersOf(const Result<SourceTensors>& read, const std::string& name);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TESTING_MODELS_H_
