// SPDX-License-Identifier: Apache-2.0
// How fast one core can multiply and add.
#ifndef POSENET_NN_PEAK_H_
#define POSENET_NN_PEAK_H_

#include <string_view>

#include "nn/packing/storage.h"

namespace posenet::nn {

/// Operations (a multiplication or an addition each) a second that the product kernel of `kind` reaches when all that
/// it reads stays in the first-level cache: what a layer's speed is compared with. Takes some 20 ms. 0 for an
/// instruction set that this CPU has not.
double MeasurePeak(ProductKind kind, std::string_view instruction_set = {});

}  // namespace posenet::nn

#endif  // POSENET_NN_PEAK_H_
