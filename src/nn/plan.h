// SPDX-License-Identifier: Apache-2.0
// nn, the room's door: networks made ready to run, and run. It knows tensors, layers and kernels; it has never heard of
// a pose, an image or a file.
//
//   Network + TensorMap -> PackedNetwork (weights in the order the kernels read them; no sizes)
//   PackedNetwork + input Shape -> Plan (kernels chosen, memory laid out)
//   Plan + threads -> Context (the memory) -> Plan::Run
#ifndef POSENET_NN_PLAN_H_
#define POSENET_NN_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/thread_pool.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::nn {

struct PackedContents;

/// Which pointwise convolutions multiply in bfloat16.
enum class BFloat16Use {
  kNever,
  kWhereStored,  ///< Those whose weights are stored so.
  kEverywhere,
};

/// How a network is packed.
struct PackOptions {
  /// One of SupportedInstructionSets(), or empty for the best.
  std::string_view instruction_set = {};
  BFloat16Use bfloat16 = BFloat16Use::kNever;
};

/// What an instruction set multiplies faster than floats.
struct InstructionSetTraits {
  bool has_bfloat16 = false;
  bool has_int8 = false;
};

/// A network whose weights are packed for this CPU. Immutable; any number of plans share one.
class PackedNetwork final {
 public:
  /// Checks the network and its weights against each other and packs them. The tensors may go afterwards.
  /// Errors: kCorruptData naming the tensor: missing, of the wrong shape, or not finite; kUnsupported: weights of other
  /// integers than int8, an instruction set that this CPU or build has not; kResourceExhausted; those of InferChannels.
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

class Context;

/// A network for one input shape. Immutable; several contexts may run one plan at the same time.
class Plan final {
 public:
  /// Errors: those of InferShapes; kCorruptData for weights of fully connected layers and Lstms that do not fit
  /// this shape;
  /// kResourceExhausted when its memory would exceed `kMaxArenaBytes`.
  static Result<std::shared_ptr<const Plan>> Create(std::shared_ptr<const PackedNetwork> network, const Shape& input);

  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan();

  [[nodiscard]] const Shape& input_shape() const;
  [[nodiscard]] int output_count() const;
  [[nodiscard]] const std::string& output_name(int index) const;
  [[nodiscard]] const Shape& output_shape(int index) const;
  /// Bytes that a context of this plan takes for values. Each thread takes scratch_bytes() beside them.
  [[nodiscard]] std::size_t arena_bytes() const;
  [[nodiscard]] std::size_t scratch_bytes() const;

  /// Computes the outputs of `context` from its input on the threads of `pool`. Cannot fail and does not allocate. The
  /// input's memory may be reused for intermediate values: fill it before every run.
  /// Adds the seconds that each step took to `step_seconds`, unless that is empty.
  void Run(Context& context, base::ThreadPool& pool, std::span<double> step_seconds = {}) const;

  /// Steps are layers, or several that are computed together; their names are those of the layers.
  [[nodiscard]] int step_count() const;
  [[nodiscard]] std::string step_name(int index) const;

  /// 4 GiB: far above what any PoseNet needs, low enough to answer a mistyped size with an error.
  static constexpr std::uint64_t kMaxArenaBytes = std::uint64_t{4} << 30;

 private:
  friend class Context;
  struct Impl;
  explicit Plan(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

/// The working memory of one run of one plan; used by one thread at a time.
class Context final {
 public:
  /// Memory for runs on up to `max_threads` threads; more threads of a pool than that stay idle.
  /// Errors: kResourceExhausted when the memory cannot be had.
  static Result<std::unique_ptr<Context>> Create(std::shared_ptr<const Plan> plan,
                                                 int max_threads = base::AvailableCores());

  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context();

  /// With a seed, runs from now on drop elements at random (Dropout); the same ones for the same seed, whatever the
  /// threads, and other ones in each layer and each element of the batch. Without one, as at first, they drop none.
  void SampleDropout(std::optional<std::uint64_t> seed);

  /// Where Run reads its input, in the plan's input shape.
  [[nodiscard]] std::span<float> input();
  /// What the last Run answered, in the plan's output shape; valid until the next Run.
  [[nodiscard]] std::span<const float> output(int index) const;

 private:
  friend class Plan;
  struct Impl;
  explicit Context(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Names of the instruction sets that this build has kernels for and this CPU supports, best first; the first is used
/// unless another is asked for.
std::vector<std::string> SupportedInstructionSets();

/// Of one of SupportedInstructionSets(), or of the best for an empty name; none for others.
InstructionSetTraits TraitsOfInstructionSet(std::string_view instruction_set = {});

}  // namespace posenet::nn

#endif  // POSENET_NN_PLAN_H_
