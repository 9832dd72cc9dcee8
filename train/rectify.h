// SPDX-License-Identifier: Apache-2.0
// Rectified linear units in bfloat16. In libtorch 1.13 hardtanh has no gradient in bfloat16, and that of relu is slow.
#ifndef POSENET_TRAIN_RECTIFY_H_
#define POSENET_TRAIN_RECTIFY_H_

#include <torch/torch.h>

namespace posenet::train {

/// Sets each element x of `value`, contiguous bfloat16, to min(max(x, 0), upper), and returns it. `upper` may be
/// infinite. The derivative is 1 where the result is strictly between 0 and `upper`, otherwise 0.
torch::Tensor RectifyBFloat16InPlace(torch::Tensor value, double upper);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_RECTIFY_H_
