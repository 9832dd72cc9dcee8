// SPDX-License-Identifier: Apache-2.0
// ResNet-34, as in torchvision.
#ifndef POSENET_MODEL_RESNET34_H_
#define POSENET_MODEL_RESNET34_H_

#include "model/network_builder.h"

namespace posenet::model {

/// Appends ResNet-34 up to layer4, with batch normalization folded into weights and biases.
/// Source: He et al. 2015, table 1; torchvision.models.resnet34.
Features AppendResNet34(NetworkBuilder& builder);

}  // namespace posenet::model

#endif  // POSENET_MODEL_RESNET34_H_
