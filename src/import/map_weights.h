// SPDX-License-Identifier: Apache-2.0
// Maps the tensors of a pretrained network to the weights of one of our networks.
#ifndef POSENET_IMPORT_MAP_WEIGHTS_H_
#define POSENET_IMPORT_MAP_WEIGHTS_H_

#include <span>

#include "import/pretrained.h"
#include "import/source_naming.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::importer {

/// The weights of `network`'s layers from `source`, under that of `namings` (at least one) for which the fewest tensors
/// are missing. Batch normalization is folded: w * gamma / sqrt(variance + epsilon), and
/// beta - mean * gamma / sqrt(variance + epsilon). Weights become [rows, columns, in, out]. Other tensors are ignored.
/// Errors: kUnsupported with the number of missing tensors and the first of them; kCorruptData for tensors of other
/// shapes, negative variances and numbers that are not finite.
Result<LoadedWeights> MapWeights(const nn::TensorMap& source, std::span<const SourceNaming> namings,
                                 const nn::Network& network);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_MAP_WEIGHTS_H_
