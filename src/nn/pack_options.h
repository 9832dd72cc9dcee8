// SPDX-License-Identifier: Apache-2.0
// How a network is prepared for a CPU.
#ifndef POSENET_NN_PACK_OPTIONS_H_
#define POSENET_NN_PACK_OPTIONS_H_

#include <string_view>

namespace posenet::nn {

/// Which pointwise convolutions multiply in bfloat16.
enum class BFloat16Use {
  kNever,
  kWhereStored,  ///< Those whose weights are stored as bfloat16.
  kEverywhere,
};

struct PackOptions {
  /// One of SupportedInstructionSets(); empty for the best.
  std::string_view instruction_set = {};
  BFloat16Use bfloat16 = BFloat16Use::kNever;
};

}  // namespace posenet::nn

#endif  // POSENET_NN_PACK_OPTIONS_H_
