// SPDX-License-Identifier: Apache-2.0
// What a plan consists of.
#ifndef POSENET_NN_STEPS_STEP_H_
#define POSENET_NN_STEPS_STEP_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "nn/graph/element_type.h"
#include "nn/graph/network.h"
#include "nn/kernels/kernels.h"
#include "nn/packing/packing.h"

namespace posenet::nn {

/// The memory of one run: values, and scratch for each thread.
struct Workspace {
  std::byte* arena = nullptr;
  std::span<const std::size_t> offsets;  // Of each value in `arena`, in bytes.
  std::byte* scratch = nullptr;
  std::size_t scratch_bytes = 0;  // Of each thread.
  int max_threads = 1;
  std::optional<std::uint64_t> dropout_seed;  // Nothing for dropout that is the identity.

  [[nodiscard]] void* Data(int value) const { return arena + offsets[static_cast<std::size_t>(value)]; }
  /// Of a value that is kept as floats.
  [[nodiscard]] float* Value(int value) const { return static_cast<float*>(Data(value)); }

  /// Calls body(task, scratch) for each task in [0, task_count) on the threads of `pool`.
  template <typename Body>
  void ForEachTask(base::ThreadPool& pool, int task_count, const Body& body) const {
    // Tasks are handed out here and not by the pool, so that a pool of more threads than there is scratch for works
    // too.
    std::atomic<int> next_task = 0;
    const int workers = std::min({pool.thread_count(), max_threads, task_count});
    pool.ParallelFor(workers, [&](int worker, int /*thread*/) {
      std::byte* const mine = scratch + static_cast<std::size_t>(worker) * scratch_bytes;
      for (int task = next_task++; task < task_count; task = next_task++) body(task, mine);
    });
  }
};

/// One or more layers, ready to run. Immutable.
class Step {
 public:
  Step(std::vector<int> reads, std::vector<int> writes) : reads_(std::move(reads)), writes_(std::move(writes)) {}
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;

  virtual void Run(const Workspace& workspace, base::ThreadPool& pool) const = 0;
  /// What Run needs for each thread.
  [[nodiscard]] virtual std::size_t scratch_bytes() const { return 0; }

  [[nodiscard]] std::span<const int> reads() const { return reads_; }
  [[nodiscard]] std::span<const int> writes() const { return writes_; }

 private:
  std::vector<int> reads_;
  std::vector<int> writes_;
};

/// A layer with everything that is known about it.
struct LayerContext {
  const Kernels& kernels;
  const PackedLayer& packed;
  std::span<const Shape> shapes;                              // Of all values.
  std::span<const ElementType> types;                         // Of all values.
  std::span<const std::optional<Quantization>> quantization;  // Of all values.
  std::vector<int> inputs;
  int output = 0;

  [[nodiscard]] const Shape& InputShape() const { return shapes[static_cast<std::size_t>(inputs[0])]; }
  [[nodiscard]] const Shape& OutputShape() const { return shapes[static_cast<std::size_t>(output)]; }
  [[nodiscard]] ElementType InputType() const { return types[static_cast<std::size_t>(inputs[0])]; }
  [[nodiscard]] ElementType OutputType() const { return types[static_cast<std::size_t>(output)]; }
  /// Of layers that read quantized values.
  [[nodiscard]] const Quantization& InputQuantization() const {
    return *quantization[static_cast<std::size_t>(inputs[0])];
  }
};

/// The steps that compute the outputs of a network, for values of `shapes`; they point into `contents`.
/// Errors: kCorruptData for weights of fully connected layers and Lstms that do not fit the shapes.
Result<std::vector<std::unique_ptr<Step>>> MakeSteps(const PackedContents& contents, std::span<const Shape> shapes);

/// The range of an activation for results that are kept as `type`, in the units of that type; all numbers for the
/// sigmoid, which is no clamp.
Clamp ClampOf(Activation activation, ElementType type = ElementType::kFloat32);

std::unique_ptr<Step> MakeConvStep(const Conv2d& conv, const LayerContext& context);
std::unique_ptr<Step> MakeDepthwiseStep(const Conv2d& conv, const LayerContext& context);
std::unique_ptr<Step> MakeWinogradStep(const Conv2d& conv, const LayerContext& context);
std::unique_ptr<Step> MakeFullyConnectedStep(const FullyConnected& layer, const LayerContext& context);
std::unique_ptr<Step> MakePoolStep(const Pool& pool, const LayerContext& context);
std::unique_ptr<Step> MakeGlobalAveragePoolStep(const LayerContext& context);
std::unique_ptr<Step> MakeAddStep(const Add& add, const LayerContext& context);
std::unique_ptr<Step> MakeConcatStep(const LayerContext& context);
std::unique_ptr<Step> MakeActivateStep(const Activate& activate, const LayerContext& context);
std::unique_ptr<Step> MakeLocalResponseNormStep(const LocalResponseNorm& norm, const LayerContext& context);
std::unique_ptr<Step> MakeDropoutStep(const Dropout& dropout, const LayerContext& context);
std::unique_ptr<Step> MakeLstmStep(const Lstm& lstm, const LayerContext& context);
std::unique_ptr<Step> MakeQuantizeStep(const Quantize& quantize, const LayerContext& context);
std::unique_ptr<Step> MakeQuantizedConvStep(const QuantizedConv2d& conv, const LayerContext& context);
std::unique_ptr<Step> MakeQuantizedConcatStep(const QuantizedConcat& concat, const LayerContext& context);
std::unique_ptr<Step> MakeDequantizeStep(const LayerContext& context);

/// A depthwise convolution and a pointwise one that alone reads its result, as one step.
std::unique_ptr<Step> MakeDepthwiseProductStep(const Conv2d& depthwise, const LayerContext& depthwise_context,
                                               const Conv2d& pointwise, const LayerContext& pointwise_context);
/// Pointwise convolutions of one value, as one step. `outputs` are the values that they make, `activations` theirs.
std::unique_ptr<Step> MakeHeadsStep(const PackedMatrices& matrices, int input, std::vector<int> outputs,
                                    std::vector<Activation> activations, const LayerContext& any_context);
/// Whether that is faster than two steps.
bool IsWorthJoining(const PackedMatrices& pointwise, const Shape& depthwise_output);

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_STEP_H_
