// SPDX-License-Identifier: Apache-2.0
// Main header of the module nn, the inference engine: tensors, layers, kernels and execution plans. It knows nothing of
// poses, images or files.
//
//   Network + TensorMap -> PackedNetwork (weights in the order in which kernels read them; any input size)
//   PackedNetwork + input Shape -> Plan (kernels chosen, memory laid out)
//   Plan + thread count -> Context (the memory of a run) -> Plan::Run
#ifndef POSENET_NN_PLAN_H_
#define POSENET_NN_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/thread_pool.h"
#include "nn/graph/network.h"
#include "nn/packed_network.h"
#include "posenet/result.h"

namespace posenet::nn {

class Context;

/// A network for one input shape. Immutable; several contexts may run one plan at the same time.
class Plan final {
 public:
  /// Errors: those of InferShapes; kCorruptData for weights of fully connected layers and LSTMs that do not fit this
  /// shape; kResourceExhausted if its memory would exceed kMaxArenaBytes.
  static Result<std::shared_ptr<const Plan>> Create(std::shared_ptr<const PackedNetwork> network, const Shape& input);

  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan();

  [[nodiscard]] const Shape& input_shape() const;
  [[nodiscard]] int output_count() const;
  [[nodiscard]] const std::string& output_name(int index) const;
  [[nodiscard]] const Shape& output_shape(int index) const;
  /// Bytes that a context of this plan allocates for values, and for each of its threads in addition.
  [[nodiscard]] std::size_t arena_bytes() const;
  [[nodiscard]] std::size_t scratch_bytes() const;

  /// Computes the outputs of `context` from its input on the threads of `pool`. Cannot fail and does not allocate. The
  /// input's memory may be reused for intermediate values: fill it before every run.
  /// Adds the seconds that each step took to `step_seconds`, unless that is empty.
  void Run(Context& context, base::ThreadPool& pool, std::span<double> step_seconds = {}) const;

  /// A step computes a layer, or several layers fused; its name joins theirs.
  [[nodiscard]] int step_count() const;
  [[nodiscard]] std::string step_name(int index) const;

  /// 4 GiB: far more than any PoseNet needs, and little enough to turn a mistyped size into an error.
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
  /// Memory for runs on up to `max_threads` threads; further threads of a pool stay idle.
  /// Errors: kResourceExhausted if the memory cannot be allocated.
  static Result<std::unique_ptr<Context>> Create(std::shared_ptr<const Plan> plan,
                                                 int max_threads = base::AvailableCores());

  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context();

  /// With a seed, further runs drop elements at random (Dropout): the same elements for the same seed, whatever the
  /// thread count, and different ones in each layer and batch element. Without a seed, the default, they drop none.
  void SampleDropout(std::optional<std::uint64_t> seed);

  /// The input of Run, in the plan's input shape.
  [[nodiscard]] std::span<float> input();
  /// An output of the last Run, in the plan's output shape; valid until the next Run.
  [[nodiscard]] std::span<const float> output(int index) const;

 private:
  friend class Plan;
  struct Impl;
  explicit Context(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet::nn

#endif  // POSENET_NN_PLAN_H_
