// SPDX-License-Identifier: Apache-2.0
// Second header of the module import: pretrained weights for the backbones of our networks.
#ifndef POSENET_IMPORT_PRETRAINED_H_
#define POSENET_IMPORT_PRETRAINED_H_

#include <filesystem>
#include <memory>
#include <string>

#include "model/backbone.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Weights with the names and layouts of one of our networks, as float32.
struct LoadedWeights {
  nn::TensorMap tensors;
  std::string source;                   ///< For display: "torchvision's GoogLeNet, from a PyTorch file".
  std::shared_ptr<const void> storage;  ///< What the tensors point into.
};

/// The weights of all layers of AppendBackbone, for images normalized as by InputOf, from the file at `path`. Its
/// format is recognized by its content: safetensors, torch.save (.pth, .pt; its pickle is read, not executed) or
/// .caffemodel. Tensors are identified by name: for all backbones the names of our own layers; for mobilenets those of
/// PoseNets from TensorFlow.js, for googlenet Caffe's, for googlenet-bn torchvision's, for resnet34 torchvision's (and
/// timm's) and Hugging Face's. Other tensors, such as classifiers, are ignored.
///
/// Errors: kNotFound, kPermissionDenied; kUnsupported for other formats, pickles of other objects than tensors, missing
/// tensors (with their number and the first of them), and models of ours with another normalization; kCorruptData for
/// damaged files, tensors of other shapes and numbers that are not finite; kResourceExhausted for sizes beyond the
/// limits.
Result<LoadedWeights> ReadBackboneWeights(const std::filesystem::path& path, model::Backbone backbone);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_PRETRAINED_H_
