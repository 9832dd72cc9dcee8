// SPDX-License-Identifier: Apache-2.0
// Weights of convolutions by Winograd's minimal filtering: 2x2 results of a 3x3 window from 16 products instead of 36.
// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015, section 4.1, F(2x2, 3x3).
#ifndef POSENET_NN_PACKING_WINOGRAD_WEIGHTS_H_
#define POSENET_NN_PACKING_WINOGRAD_WEIGHTS_H_

#include "nn/graph/network.h"
#include "nn/packing/layer_weights.h"

namespace posenet::nn {

/// Cells of a transformed tile.
inline constexpr int kWinogradCells = 16;

/// Whether a convolution of floats is faster this way: 3x3, stride 1, not dilated, with enough channels to be worth the
/// transforms, and not so many that reading its weights, which grow to 16/9, would dominate.
bool SuitsWinograd(const Conv2d& conv, int in_channels);

/// U = G g G^T of each pair of channels, as [in_channels][cell][out_channels], cell = 4 * row + column. The bias is
/// added to the one cell that contributes once to each of the four results.
LayerWeights TransformForWinograd(const LayerWeights& layer, int in_channels);

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKING_WINOGRAD_WEIGHTS_H_
