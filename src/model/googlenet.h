// SPDX-License-Identifier: Apache-2.0
// GoogLeNet in its two best-known variants, with their names and small differences.
#ifndef POSENET_MODEL_GOOGLENET_H_
#define POSENET_MODEL_GOOGLENET_H_

#include "model/backbone.h"
#include "model/network_builder.h"

namespace posenet::model {

/// The network of Szegedy et al. 2015 as retrained for Caffe's model zoo: local response normalization, no batch
/// normalization. Source: BVLC/caffe, models/bvlc_googlenet/deploy.prototxt, up to inception_5b/output.
BackboneTaps AppendCaffeGoogLeNet(NetworkBuilder& builder);

/// torchvision.models.googlenet, up to inception5b: batch normalization (folded) instead of local response
/// normalization, 3x3 windows in place of the paper's 5x5, and a last pool of 2x2.
BackboneTaps AppendTorchGoogLeNet(NetworkBuilder& builder);

}  // namespace posenet::model

#endif  // POSENET_MODEL_GOOGLENET_H_
