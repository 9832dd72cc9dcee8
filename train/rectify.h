// SPDX-License-Identifier: Apache-2.0
// Rectified linear units of bfloat16 with a derivative. libtorch 1.13 has none of hardtanh's for these numbers, and a
// slow one of relu's.
#ifndef POSENET_TRAIN_RECTIFY_H_
#define POSENET_TRAIN_RECTIFY_H_

#include <torch/torch.h>

namespace posenet::train {

/// Sets the elements of `value`, bfloat16 without gaps, to min(max(x, 0), upper), and answers it. `upper` may be
/// infinite. The derivative is 1 where the result lies between 0 and `upper`, and 0 at and beyond them.
torch::Tensor RectifyBFloat16InPlace(torch::Tensor value, double upper);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_RECTIFY_H_
