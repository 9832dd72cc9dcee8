// SPDX-License-Identifier: Apache-2.0
// nn, the room's door: networks made ready to run, and run. It knows tensors, layers and kernels; it has never heard of
// a pose, a picture or a file.
//
//   Network + TensorMap -> PackedNetwork (weights in the order the kernels read them; no sizes)
//   PackedNetwork + input Shape -> Plan (kernels chosen, memory laid out)
//   Plan + threads -> Context (the memory) -> Plan::Run
#ifndef POSENET_NN_PLAN_H_
#define POSENET_NN_PLAN_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "nn/network.h"
#include "nn/weights.h"
#include "posenet/result.h"

namespace posenet::nn {

/// A network whose weights are packed for this CPU. Immutable; any number of plans share one.
class PackedNetwork {
 public:
  /// Checks the network and its weights against each other and packs them. The tensors may go afterwards.
  /// Errors: kCorruptData naming the tensor: missing, of the wrong shape, or not finite; those of InferShapes.
  static Result<std::shared_ptr<const PackedNetwork>> Create(const Network& network, const TensorMap& weights);

  virtual ~PackedNetwork() = default;
};

class Context;

/// A network for one input shape. Immutable; several contexts may run one plan at the same time.
class Plan {
 public:
  /// Errors: those of InferShapes; kResourceExhausted when its memory would exceed `kMaxArenaBytes`.
  static Result<std::shared_ptr<const Plan>> Create(std::shared_ptr<const PackedNetwork> network, const Shape& input);

  virtual ~Plan() = default;

  [[nodiscard]] virtual const Shape& input_shape() const = 0;
  [[nodiscard]] virtual int output_count() const = 0;
  [[nodiscard]] virtual const std::string& output_name(int index) const = 0;
  [[nodiscard]] virtual const Shape& output_shape(int index) const = 0;
  /// Bytes of working memory that a context of this plan takes.
  [[nodiscard]] virtual std::size_t arena_bytes() const = 0;

  /// Computes the outputs of `context` from its input on the threads of `pool`. Cannot fail and does not allocate. The
  /// input's memory may be reused for intermediate values: fill it before every run.
  virtual void Run(Context& context, ThreadPool& pool) const = 0;

  /// 4 GiB: far above what any PoseNet needs, low enough to answer a mistyped size with an error.
  static constexpr std::size_t kMaxArenaBytes = std::size_t{4} << 30;
};

/// The working memory of one run of one plan; used by one thread at a time.
class Context {
 public:
  /// Errors: kResourceExhausted when the memory cannot be had.
  static Result<std::unique_ptr<Context>> Create(std::shared_ptr<const Plan> plan);

  virtual ~Context() = default;

  /// Where Run reads its input, in the plan's input shape.
  [[nodiscard]] virtual std::span<float> input() = 0;
  /// What the last Run answered, in the plan's output shape; valid until the next Run.
  [[nodiscard]] virtual std::span<const float> output(int index) const = 0;
};

/// Names of the instruction sets that this build has kernels for and this CPU supports, best first; the first is used.
std::vector<std::string> SupportedInstructionSets();

}  // namespace posenet::nn

#endif  // POSENET_NN_PLAN_H_
