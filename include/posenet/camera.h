// SPDX-License-Identifier: Apache-2.0
// Camera relocalization: from an image of a known scene to the 6-DoF pose of the camera that took it.
//
//   auto model = posenet::Model::Load("kings-college.safetensors");  // Trained on that scene.
//   auto localizer = posenet::CameraLocalizer::Create(*model);
//   auto estimate = localizer->Localize({.data = rgb, .width_px = 640, .height_px = 480});
#ifndef POSENET_CAMERA_H_
#define POSENET_CAMERA_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "posenet/image.h"
#include "posenet/model.h"
#include "posenet/result.h"

namespace posenet {

/// The pose of a camera as world_from_cam: p_world = R(rotation_wxyz) * p_cam + position. The camera looks along its z
/// axis; x points right and y down in the image (OpenCV's axes).
struct CameraPose {
  std::array<double, 3> position = {0.0, 0.0, 0.0};  ///< The camera center in world coordinates.
  /// Unit quaternion (Hamilton convention), w first and not negative.
  std::array<double, 4> rotation_wxyz = {1.0, 0.0, 0.0, 0.0};
  friend bool operator==(const CameraPose&, const CameraPose&) = default;
};

/// Uncertainty of a pose by Monte Carlo dropout: the spread of the network's outputs for one image when units are
/// dropped at random.
/// Source: Kendall and Cipolla, Modelling Uncertainty in Deep Learning for Camera Relocalization, 2016.
struct CameraUncertainty {
  std::array<double, 3> position_std = {0.0, 0.0, 0.0};  ///< Standard deviation of each coordinate.
  double position_total_std = 0.0;                       ///< Square root of the trace of the positions' covariance.
  double rotation_std_deg = 0.0;                         ///< Root mean square of the angles to the mean rotation.
};

/// The result for one image.
struct CameraEstimate {
  CameraPose pose;
  std::optional<CameraUncertainty> uncertainty;  ///< Present if CameraLocalizerOptions::uncertainty_passes is not 0.
  /// The input of the network's regressors, a descriptor of the image: images of nearby places have similar features.
  /// The mean over all crops. Empty unless CameraLocalizerOptions::features is kReturned.
  std::vector<float> features;
};

/// Whether an estimate contains the features.
enum class CameraFeatures { kNone, kReturned };

/// The unit of a scene's coordinates.
enum class LengthUnit {
  kMeters,
  kArbitrary,  ///< Unknown: structure from motion recovers a scene up to scale.
};

inline constexpr int kMaxCrops = 1024;                ///< Largest CameraLocalizerOptions::crops.
inline constexpr int kMaxUncertaintyPasses = 10'000;  ///< Largest CameraLocalizerOptions::uncertainty_passes.

/// Options of a CameraLocalizer.
struct CameraLocalizerOptions {
  /// 1 to kMaxCrops. 1 evaluates the central crop. More is for models trained on random crops: about this many crops
  /// are spread evenly over the image and their poses averaged. The PoseNet paper (Kendall et al. 2015) uses 128.
  int crops = 1;
  /// Forward passes with random dropout: 0, or 2 to kMaxUncertaintyPasses. The pose is then the mean over the passes.
  /// Kendall and Cipolla find 40 sufficient.
  int uncertainty_passes = 0;
  std::uint64_t seed = 1;  ///< Of dropout; the same image and seed give the same estimate.
  CameraFeatures features = CameraFeatures::kNone;
  /// One of SupportedInstructionSets() (posenet/runtime.h); empty means the best.
  std::string instruction_set = {};
  /// Threads per call, up to kMaxThreads (posenet/runtime.h), counting the caller; 0 means one per core. Concurrent
  /// calls use this many each.
  int thread_count = 0;
};

/// The scene that a camera model was trained on.
struct CameraScene {
  std::string name;  ///< For display.
  LengthUnit length_unit = LengthUnit::kMeters;
  int sequence_length = 1;  ///< Largest number of frames that the network processes together.
};

/// Estimates camera poses in the scene that a model was trained on. Immutable; member functions are thread-safe. Each
/// concurrent call uses its own working memory, which is kept for later calls. Movable; a moved-from localizer may only
/// be assigned to or destroyed.
class CameraLocalizer {
 public:
  /// Prepares `model` for inference. `model` need not outlive the localizer.
  /// Errors: kInvalidArgument for an option out of range; kUnsupported if the model is not for camera poses, has no
  /// dropout (for uncertainty_passes), was not trained on crops of single images (for crops) or has no features, or if
  /// the CPU lacks the instruction set; kCorruptData if the model's camera section is damaged or the outputs of the
  /// network do not form a pose; kResourceExhausted.
  static Result<CameraLocalizer> Create(const Model& model, const CameraLocalizerOptions& options = {});

  CameraLocalizer(CameraLocalizer&&) noexcept;
  CameraLocalizer& operator=(CameraLocalizer&&) noexcept;
  ~CameraLocalizer();

  /// The pose of the camera that took `image`, which must be upright.
  /// Errors: kInvalidArgument for an invalid view (as PoseEstimator::Estimate); kCorruptData if the network outputs
  /// non-finite numbers or a zero quaternion; kResourceExhausted if memory runs out.
  Result<CameraEstimate> Localize(const ImageView& image) const;

  /// The same, into `estimate`, whose memory is reused: with one crop, nothing is allocated once working memory has
  /// grown to the size that the images need. After an error, the content of `estimate` is unspecified.
  Result<void> Localize(const ImageView& image, CameraEstimate& estimate) const;

  /// The poses of 1 to scene().sequence_length consecutive frames, processed together; one estimate per frame, in
  /// order. Errors: as Localize; kInvalidArgument for another number of frames.
  Result<std::vector<CameraEstimate>> LocalizeSequence(std::span<const ImageView> images) const;

  /// The options in effect, with the instruction set and thread count resolved.
  [[nodiscard]] const CameraLocalizerOptions& options() const;
  [[nodiscard]] const CameraScene& scene() const;

 private:
  struct Impl;
  explicit CameraLocalizer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_CAMERA_H_
