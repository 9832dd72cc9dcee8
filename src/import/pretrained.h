// SPDX-License-Identifier: Apache-2.0
// import, a second door: the weights of networks that others have trained, for the backbones of ours.
#ifndef POSENET_IMPORT_PRETRAINED_H_
#define POSENET_IMPORT_PRETRAINED_H_

#include <filesystem>
#include <memory>
#include <string>

#include "model/backbone.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Weights under the names and in the layouts of one of our networks, as float32.
struct LoadedWeights {
  nn::TensorMap tensors;
  std::string source;                   ///< For people: "torchvision's GoogLeNet, from a PyTorch file".
  std::shared_ptr<const void> storage;  ///< What the tensors point into.
};

/// The weights of all layers that AppendBackbone appends, for images that enter as InputOf says, from the file at
/// `path`, which is recognised by its content: a safetensors file, one of torch.save (.pth, .pt; its pickle is read,
/// not executed) or a .caffemodel. Tensors are known by their names: for any backbone those of our own layers; for
/// mobilenets those of PoseNets from TensorFlow.js, for googlenet Caffe's, for googlenet-bn torchvision's, for resnet34
/// torchvision's (and timm's) and Hugging Face's. Other tensors, such as classifiers, are ignored.
///
/// Errors: kNotFound, kPermissionDenied; kUnsupported for other formats, pickles that name anything but tensors, files
/// that lack tensors (naming the first, and how many), and models of ours that expect other images; kCorruptData for
/// damaged files, tensors of other shapes and numbers that are not finite; kResourceExhausted for absurd sizes.
Result<LoadedWeights> ReadBackboneWeights(const std::filesystem::path& path, model::Backbone backbone);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_PRETRAINED_H_
