// SPDX-License-Identifier: Apache-2.0
// A camera network prepared to run: once per photo, or many times with random dropout to sample its uncertainty.
#ifndef POSENET_CAMERA_LOCALIZER_NETWORK_H_
#define POSENET_CAMERA_LOCALIZER_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/thread_pool.h"
#include "camera/camera_spec.h"
#include "model/model_spec.h"
#include "nn/plan.h"

namespace posenet::camera {

struct LocalizerNetworkOptions {
  std::string_view instruction_set = {};
  int passes = 0;               ///< Runs with random dropout; 0 for one run without dropout.
  bool wants_features = false;  ///< Whether LocalizerRun::features is to be filled.
};

/// A packed network. If dropout is sampled and the network can be cut before it (SplitAtDropout), its two parts.
class LocalizerNetwork {
 public:
  /// `camera` is the model's CameraSpecOf. Errors: kUnsupported when the model has no input size, no dropout for
  /// passes, or no features although they are wanted; those of nn::PackedNetwork::Create.
  static Result<LocalizerNetwork> Create(const model::LoadedModel& model, const CameraSpec& camera,
                                         const LocalizerNetworkOptions& options);

 private:
  friend class LocalizerPlan;
  std::shared_ptr<const nn::PackedNetwork> first_;   // The whole network, or the part before dropout.
  std::shared_ptr<const nn::PackedNetwork> second_;  // Null, or the part from dropout on.
  nn::Shape input_;                                  // Of a single photo.
  int rotation_size_ = 4;
  bool is_for_sequences_ = false;
  int passes_ = 0;
  bool wants_features_ = false;
};

/// Indices of a plan's outputs; -1 for those that it does not have.
struct LocalizerOutputs {
  int position = -1;
  int rotation = -1;
  int features = -1;
  int cut = -1;
};

/// A LocalizerNetwork for `batch` photos at a time. Immutable.
class LocalizerPlan {
 public:
  /// Errors: those of nn::Plan::Create; kCorruptData when outputs are missing or have other sizes than CameraSpec says.
  static Result<std::shared_ptr<const LocalizerPlan>> Create(const LocalizerNetwork& network, int batch);

  [[nodiscard]] int batch() const { return batch_; }
  [[nodiscard]] int sample_count() const { return passes_ == 0 ? 1 : passes_; }

 private:
  friend class LocalizerRun;
  std::shared_ptr<const nn::Plan> first_;
  std::shared_ptr<const nn::Plan> second_;
  LocalizerOutputs first_outputs_;
  LocalizerOutputs second_outputs_;
  int batch_ = 1;
  int second_samples_ = 1;  // Samples of each photo per run of `second_`.
  int passes_ = 0;
  std::size_t rotation_size_ = 4;
  bool wants_features_ = false;
};

/// The working memory of one call; used by one thread at a time.
class LocalizerRun {
 public:
  /// Errors: those of nn::Context::Create.
  static Result<std::unique_ptr<LocalizerRun>> Create(std::shared_ptr<const LocalizerPlan> plan, int thread_count);

  [[nodiscard]] const LocalizerPlan& plan() const { return *plan_; }

  /// The input of photo `element` of the batch, [height, width, 3]; to be filled before every Run.
  [[nodiscard]] std::span<float> input(int element);

  /// Runs the network. The same seed gives the same samples.
  void Run(std::uint64_t seed);

  /// Outputs of the last Run; `sample` is in [0, plan().sample_count()).
  [[nodiscard]] std::span<const float> position(int sample, int element) const;
  [[nodiscard]] std::span<const float> rotation(int sample, int element) const;
  /// Features, computed without dropout; empty unless they are wanted.
  [[nodiscard]] std::span<const float> features(int element) const;

 private:
  LocalizerRun(std::shared_ptr<const LocalizerPlan> plan, int thread_count)
      : plan_(std::move(plan)), threads_(thread_count) {}
  /// Runs the whole network for each sample.
  void RunWhole(std::uint64_t seed);
  /// Runs the part before dropout once, and the rest for several samples at a time.
  void RunParts(std::uint64_t seed);
  void StoreFeatures();
  /// Appends the positions and rotations in `context` of `count` photos or samples.
  void StoreOutputs(const nn::Context& context, const LocalizerOutputs& outputs, int count);

  std::shared_ptr<const LocalizerPlan> plan_;
  base::ThreadPool threads_;
  std::unique_ptr<nn::Context> first_;
  std::unique_ptr<nn::Context> second_;
  std::vector<float> input_;      // A copy, because a run may overwrite its input.
  std::vector<float> positions_;  // [sample, element, 3]
  std::vector<float> rotations_;  // [sample, element, rotation size]
  std::vector<float> features_;   // [element, feature count]
};

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_LOCALIZER_NETWORK_H_
