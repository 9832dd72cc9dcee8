// SPDX-License-Identifier: Apache-2.0
// Weights for networks that have none: for tests, and for timing networks whose weights cannot be had.
#ifndef POSENET_MODEL_RANDOM_WEIGHTS_H_
#define POSENET_MODEL_RANDOM_WEIGHTS_H_

#include <cstdint>

#include "model/model_spec.h"
#include "posenet/result.h"

namespace posenet::model {

/// A model with every tensor that `network` reads: weights drawn evenly from [-a, a] with a variance of 2 / fan-in,
/// which keeps values of about the input's size through any number of layers (He et al. 2015); biases from [-0.1, 0.1].
/// The same numbers for the same seed on every machine. Fully connected layers get as many rows as their input has
/// channels. The rest of the spec is filled in so that the model is valid. Errors: those of nn::InferChannels;
/// kUnsupported for a network of mixed output strides.
Result<LoadedModel> RandomModel(const nn::Network& network, std::uint32_t seed);

/// The same for a network without output stride that is made for images of `height_px` x `width_px`: layers that read
/// whole images get weights for that size. Errors: those of nn::InferShapes.
Result<LoadedModel> RandomModelOfSize(const nn::Network& network, int height_px, int width_px, std::uint32_t seed);

}  // namespace posenet::model

#endif  // POSENET_MODEL_RANDOM_WEIGHTS_H_
