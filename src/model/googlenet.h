// SPDX-License-Identifier: Apache-2.0
// GoogLeNet, with the names and the small differences of its two best known forms.
#ifndef POSENET_MODEL_GOOGLENET_H_
#define POSENET_MODEL_GOOGLENET_H_

#include "model/backbone.h"
#include "model/network_builder.h"

namespace posenet::model {

/// As trained by Szegedy et al. 2015 and retrained for Caffe's model zoo: local response normalization, no batch
/// normalization. Source: BVLC/caffe, models/bvlc_googlenet/deploy.prototxt, up to inception_5b/output.
BackboneTaps AppendCaffeGoogLeNet(NetworkBuilder& builder);

/// torchvision.models.googlenet, up to inception5b: batch normalization (folded) in place of the other, windows of 3x3
/// where the paper has 5x5, and a last pool of 2x2.
BackboneTaps AppendTorchGoogLeNet(NetworkBuilder& builder);

}  // namespace posenet::model

#endif  // POSENET_MODEL_GOOGLENET_H_
