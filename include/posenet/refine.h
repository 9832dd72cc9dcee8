// SPDX-License-Identifier: Apache-2.0
// A second, closer look at each person: poses from any estimator are refined by MoveNet on a crop around each of them.
//
//   auto lightning = posenet::Model::Load("movenet-lightning.safetensors");
//   auto refiner = posenet::PersonRefiner::Create(*lightning);
//   refiner->Refine(image, poses);  // In place.
//
// PoseEstimatorOptions::refiner does this in every call of PoseEstimator::Estimate.
#ifndef POSENET_REFINE_H_
#define POSENET_REFINE_H_

#include <memory>
#include <string>
#include <vector>

#include "posenet/human.h"
#include "posenet/image.h"
#include "posenet/model.h"
#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet {

inline constexpr double kMaxCropScale = 10.0;  ///< Largest PersonRefinerOptions::crop_scale.

/// Options of a PersonRefiner. The defaults were chosen on photos of the Leeds Sports Poses.
struct PersonRefinerOptions {
  /// Keypoints that score less do not count in the choice of the crop and in the similarity of poses. In [0, 1].
  float min_keypoint_score = 0.05F;
  /// Side of the square crop relative to the longer side of the bounding box of the keypoints. 1 to kMaxCropScale.
  double crop_scale = 1.5;
  /// Crops are rotated upright if the person deviates from upright by more than this, by shoulders and hips. 0 to 180
  /// degrees; 180 never rotates. MoveNet tolerates half of all rotations: the default is for people upside down.
  double max_tilt_deg = 90.0;
  /// A refined pose that scores less is a failure: the keypoints stay as they were. In [0, 1].
  float min_pose_score = 0.05F;
  /// Of two poses with a higher object keypoint similarity, the one with the lower score is a duplicate and is removed.
  /// In [0, 1]; 1 keeps all.
  double max_similarity = 0.6;
  Precision precision = Precision::kAuto;
  /// One of SupportedInstructionSets() (posenet/runtime.h); empty means the best.
  std::string instruction_set = {};
  /// Threads per call, up to kMaxThreads (posenet/runtime.h), counting the caller; 0 means one per core.
  int thread_count = 0;
};

/// Refines poses with a MoveNet for one person. Immutable; member functions are thread-safe. Each concurrent call uses
/// its own working memory, which is kept for later calls. Movable; a moved-from refiner may only be assigned to or
/// destroyed.
class PersonRefiner {
 public:
  /// Prepares `model`, a MoveNet Lightning or Thunder, for inference. `model` need not outlive the refiner.
  /// Errors: kInvalidArgument for an option out of range; kUnsupported if the model is not a MoveNet for one
  /// person or cannot run at that precision, or if the CPU lacks the instruction set.
  static Result<PersonRefiner> Create(const Model& model, const PersonRefinerOptions& options = {});

  PersonRefiner(PersonRefiner&&) noexcept;
  PersonRefiner& operator=(PersonRefiner&&) noexcept;
  ~PersonRefiner();

  /// Refines `poses`, which are in pixels of `image`, in place: keypoints and their scores become those of MoveNet on a
  /// crop around the person. Of several people in the crop, the one most similar to the pose is chosen. The crop is a
  /// square, of which only the middle is evaluated for standing and lying people. The keypoints of a pose with
  /// fewer than two of them above the minimum score, or on whose crop MoveNet fails, stay as they are. Duplicates are
  /// removed before and after: two poses that moved to one person. Pose scores are on one scale: the object keypoint
  /// similarity to expect, or, where MoveNet failed, the score before times PersonRefinerOptions::min_pose_score. Poses
  /// are in descending order of it.
  ///
  /// The time is proportional to the number of poses; several are refined in parallel. Nothing is allocated once
  /// working memory has grown to what the images need.
  /// Errors: kInvalidArgument for an invalid view, or a position or score that is not finite; kResourceExhausted if
  /// memory runs out. After an error, the content of `poses` is unspecified.
  Result<void> Refine(const ImageView& image, std::vector<Pose>& poses) const;

  /// The options in effect: precision, instruction set and thread count resolved.
  [[nodiscard]] const PersonRefinerOptions& options() const;

 private:
  struct Impl;
  explicit PersonRefiner(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_REFINE_H_
