// SPDX-License-Identifier: Apache-2.0
// A network prepared for this CPU: its weights in the order in which the kernels of an instruction set read them.
#ifndef POSENET_NN_PACKED_NETWORK_H_
#define POSENET_NN_PACKED_NETWORK_H_

#include <memory>
#include <string_view>

#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "nn/pack_options.h"
#include "posenet/result.h"

namespace posenet::nn {

struct PackedContents;

/// A network whose weights are packed for this CPU. Immutable; any number of plans share one.
class PackedNetwork final {
 public:
  /// Checks the network and its weights against each other and packs them. `weights` need not outlive the call.
  /// Errors: kCorruptData naming the tensor: missing, of the wrong shape, or not finite; kUnsupported for weights of
  /// other integers than int8, and for an instruction set that this CPU or build lacks; kResourceExhausted; those of
  /// InferChannels.
  static Result<std::shared_ptr<const PackedNetwork>> Create(const Network& network, const TensorMap& weights,
                                                             const PackOptions& options = {});

  PackedNetwork(const PackedNetwork&) = delete;
  PackedNetwork& operator=(const PackedNetwork&) = delete;
  ~PackedNetwork();

  [[nodiscard]] std::string_view instruction_set() const;

 private:
  friend class Plan;
  explicit PackedNetwork(std::unique_ptr<const PackedContents> contents);
  std::unique_ptr<const PackedContents> contents_;
};

/// The low precisions of an instruction set on this CPU.
struct InstructionSetTraits {
  bool has_bfloat16 = false;      ///< There are instructions for it; otherwise it is emulated.
  bool is_bfloat16_fast = false;  ///< It is multiplied faster than float32.
  bool has_int8 = false;          ///< It is multiplied faster than float32.
};

/// The traits of one of SupportedInstructionSets(), or of the best for an empty name; none for any other name.
InstructionSetTraits TraitsOfInstructionSet(std::string_view instruction_set = {});

}  // namespace posenet::nn

#endif  // POSENET_NN_PACKED_NETWORK_H_
