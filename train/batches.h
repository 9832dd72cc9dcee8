// SPDX-License-Identifier: Apache-2.0
// Batches, made on threads of their own while libtorch works on the one before.
#ifndef POSENET_TRAIN_BATCHES_H_
#define POSENET_TRAIN_BATCHES_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include <torch/torch.h>

#include "augmentation.h"
#include "base/thread_pool.h"
#include "camera/scene.h"
#include "image/normalization.h"
#include "losses.h"
#include "model/camera_spec.h"
#include "photo_store.h"
#include "samples.h"
#include "stem.h"

namespace posenet::train {

/// What the learning part of the network reads, and what it should answer.
struct Batch {
  torch::Tensor input_bchw;  // The stem's output, channels_last.
  TruePoses truth;
  std::optional<VisiblePoints> points;  // Where they are asked for.
};

/// How photos become batches.
struct BatchOptions {
  int input_width_px = 0;
  int input_height_px = 0;
  bool crops = false;  ///< Views are crops of the input's size from working pictures that are larger.
  AugmentationOptions augmentation;
  Normalization normalization;
  CameraSpec spec;
  int point_count = 0;  ///< Visible points of each photo, drawn at random; 0 for none.
};

/// Whether photos are changed at random, or looked at as they are (the central view).
enum class Use { kLearning, kValidation };

/// Makes batches of frames of a scene. Everything that is drawn at random depends on `seed` and the frame's place
/// alone, not on threads.
class BatchMaker {
 public:
  /// All of them must outlive the maker. `photos` are those of scene.frames.
  BatchMaker(const camera::Scene& scene, PhotoStore& photos, Stem& stem, const BatchOptions& options, int thread_count);

  /// The batch of `windows`, frames one behind the other. Throws TrainError.
  Batch Make(std::span<const Window> windows, Use use, std::uint64_t seed);

 private:
  struct Sample {
    std::size_t frame = 0;
    std::uint64_t seed = 0;
  };
  /// Fills the stem's input and answers the pose of the view.
  camera::RigidPose MakeView(const Sample& sample, Use use, std::span<float> input);
  [[nodiscard]] ViewCamera CameraOf(const camera::Frame& frame, const Image& picture, Focal& focal) const;
  void FillPoints(const camera::Frame& frame, Random& random, float* points, float* mask) const;

  const camera::Scene& scene_;
  PhotoStore& photos_;
  Stem& stem_;
  BatchOptions options_;
  ThreadPool pool_;
};

/// Runs `make` ahead of its reader, up to kAhead batches.
class BatchQueue {
 public:
  /// `make` answers the next batch, or nothing behind the last one; it runs on the queue's own thread.
  explicit BatchQueue(std::function<std::optional<Batch>()> make);
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;
  ~BatchQueue();

  /// The next batch; nothing behind the last one. Rethrows what `make` threw.
  std::optional<Batch> Next();

  static constexpr std::size_t kAhead = 2;

 private:
  void Work();

  std::function<std::optional<Batch>()> make_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> ready_;
  bool is_done_ = false;
  bool is_stopped_ = false;
  std::exception_ptr failure_;
  std::jthread thread_;  // Last, so that it starts when the rest is there and is joined first.
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_BATCHES_H_
