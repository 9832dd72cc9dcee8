// SPDX-License-Identifier: Apache-2.0
// The arithmetic peak of one core, which `posenet bench` compares layers with.
#ifndef POSENET_CLI_PEAK_H_
#define POSENET_CLI_PEAK_H_

#include <string_view>

#include "nn/packing/storage.h"

namespace posenet::cli {

/// Operations (multiplications and additions) per second that the product kernel of `kind` reaches when everything it
/// reads stays in the first-level cache. Takes about 20 ms. 0 for an instruction set that this CPU lacks.
double MeasurePeak(nn::ProductKind kind, std::string_view instruction_set = {});

}  // namespace posenet::cli

#endif  // POSENET_CLI_PEAK_H_
