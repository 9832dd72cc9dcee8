// SPDX-License-Identifier: Apache-2.0
// The frozen first layers of a network, computed by the engine while libtorch trains the rest.
#ifndef POSENET_TRAIN_STEM_H_
#define POSENET_TRAIN_STEM_H_

#include <memory>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "nn/plan.h"

namespace posenet::train {

/// Computes the input of the trained layers from normalized images. Each of `thread_count` callers has its own memory.
class Stem {
 public:
  /// If `network` has no layers, the output is the input. Throws TrainError.
  Stem(const nn::Network& network, const nn::TensorMap& weights, const nn::Shape& input, int thread_count);

  [[nodiscard]] const nn::Shape& input_shape() const { return input_; }
  [[nodiscard]] const nn::Shape& output_shape() const { return output_; }

  /// The input of caller `thread`: one image, in the input's shape.
  [[nodiscard]] std::span<float> Input(int thread);
  /// Writes the output for Input(thread) to `result`, which has as many elements.
  void Run(int thread, std::span<float> result);

 private:
  struct Worker {
    std::vector<float> pixels;  // The input of a stem without layers.
    std::unique_ptr<nn::Context> context;
    std::unique_ptr<base::ThreadPool> pool;
  };

  nn::Shape input_;
  nn::Shape output_;
  std::shared_ptr<const nn::Plan> plan_;
  std::vector<Worker> workers_;
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_STEM_H_
