// SPDX-License-Identifier: Apache-2.0
// import, a second door: the weights of networks that others have trained, for the backbones of ours.
#ifndef POSENET_IMPORT_PRETRAINED_H_
#define POSENET_IMPORT_PRETRAINED_H_

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "import/source_naming.h"
#include "nn/network.h"
#include "nn/weights.h"
#include "posenet/result.h"

namespace posenet {

/// Weights under the names and in the layouts of one of our networks, as float32.
struct LoadedWeights {
  nn::TensorMap tensors;
  std::string source;                   ///< For people: "torchvision's GoogLeNet, from a PyTorch file".
  std::shared_ptr<const void> storage;  ///< What the tensors point into.
};

namespace importer {

/// The weights of `network` from the file at `path`, whatever ReadBackboneWeights reads, its tensors being called as
/// one of `namings` has it. Errors: as there.
Result<LoadedWeights> ReadPretrained(const std::filesystem::path& path, std::span<const SourceNaming> namings,
                                     const nn::Network& network);

}  // namespace importer
}  // namespace posenet

#endif  // POSENET_IMPORT_PRETRAINED_H_
