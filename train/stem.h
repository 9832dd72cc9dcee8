// SPDX-License-Identifier: Apache-2.0
// The part of a network that does not learn, computed by the engine while libtorch is busy with the rest.
#ifndef POSENET_TRAIN_STEM_H_
#define POSENET_TRAIN_STEM_H_

#include <memory>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "nn/plan.h"

namespace posenet::train {

/// Turns normalised images into what the learning layers read. Each of `thread_count` callers has memory of its own.
class Stem {
 public:
  /// `network` may have no layers: the stem then answers its input. Throws TrainError.
  Stem(const nn::Network& network, const nn::TensorMap& weights, const nn::Shape& input, int thread_count);

  [[nodiscard]] const nn::Shape& input_shape() const { return input_; }
  [[nodiscard]] const nn::Shape& output_shape() const { return output_; }

  /// Where caller `thread` puts its image, in the input's shape (one image).
  [[nodiscard]] std::span<float> Input(int thread);
  /// Computes the image there; `result` has the elements of one output.
  void Run(int thread, std::span<float> result);

 private:
  struct Worker {
    std::vector<float> pixels;  // Of a stem without layers.
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
