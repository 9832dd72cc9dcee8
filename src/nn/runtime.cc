// SPDX-License-Identifier: Apache-2.0
#include "posenet/runtime.h"

#include "nn/plan.h"

namespace posenet {

std::vector<std::string> SupportedInstructionSets() { return nn::SupportedInstructionSets(); }

}  // namespace posenet
