// SPDX-License-Identifier: Apache-2.0
// Where in a known place a photo was taken: Kendall's PoseNet.
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

/// Where a camera was and how it was turned, as world_from_cam: p_world = R(rotation_wxyz) * p_cam + position. The
/// camera looks along its z axis, x points to the right of the image and y down (OpenCV's axes).
struct CameraPose {
  std::array<double, 3> position = {0.0, 0.0, 0.0};  ///< The camera's centre, in units of the scene.
  /// A quaternion of length 1 of Hamilton's convention, w first and not negative.
  std::array<double, 4> rotation_wxyz = {1.0, 0.0, 0.0, 0.0};
  friend bool operator==(const CameraPose&, const CameraPose&) = default;
};

/// How far answers lie apart that a network gives about one photo while parts of it are switched off at random.
/// Source: Kendall and Cipolla, Modelling Uncertainty in Deep Learning for Camera Relocalization, 2016.
struct CameraUncertainty {
  std::array<double, 3> position_std = {0.0, 0.0, 0.0};  ///< Standard deviation of each coordinate.
  double position_total_std = 0.0;                       ///< The square root of the trace of the positions' covariance.
  double rotation_std_deg = 0.0;                         ///< The root of the mean squared angle to the mean rotation.
};

/// What is known of a photo.
struct CameraEstimate {
  CameraPose pose;
  std::optional<CameraUncertainty> uncertainty;  ///< Where CameraLocalizerOptions::uncertainty_passes asks for it.
  /// What the network's regressors read, where CameraLocalizerOptions::features asks for it: photos of one place have
  /// features near each other. Of several crops the mean.
  std::vector<float> features;
};

enum class CameraFeatures { kNone, kAnswered };

/// Options of a CameraLocalizer.
struct CameraLocalizerOptions {
  /// 1 looks at the centre of a photo. More, at most 1024, is for models that were trained on random crops: about as
  /// many crops of that size spread evenly over the photo, whose answers are averaged. The paper takes 128.
  int crops = 1;
  /// Times to run the network with random dropout: 0, or 2 to 10000. The pose is then the mean of the answers. The
  /// paper finds that 40 are enough.
  int uncertainty_passes = 0;
  std::uint64_t seed = 1;  ///< The same photo and seed have the same answer.
  CameraFeatures features = CameraFeatures::kNone;
  /// The instruction set to use, one of SupportedInstructionSets() (posenet/runtime.h); empty means the best.
  std::string instruction_set = {};
  /// Threads that share one call, at most 1024; 0 means one for each core. Calls at the same time have as many each.
  int thread_count = 0;
};

/// What a model for camera poses was trained on.
struct CameraScene {
  std::string name;  ///< For people.
  bool lengths_are_metres = true;
  int sequence_length = 1;  ///< Photos that the network looks at together.
};

/// Finds cameras in the scene that a model was trained on. Immutable once created: its functions may be called from
/// many threads at once; each concurrent call takes working memory of its own, which is kept for the next one.
class CameraLocalizer {
 public:
  /// Prepares `model` for photos. Keeps what it needs; `model` may go.
  /// Errors: kInvalidArgument for options out of range; kUnsupported when the model is not for camera poses, when it
  /// has no dropout to estimate uncertainty with, no crops to spread (it was trained on whole photos, or on
  /// sequences), no features, or the CPU has not that instruction set; kCorruptData when its outputs are not as
  /// they must be; kResourceExhausted.
  static Result<CameraLocalizer> Create(const Model& model, const CameraLocalizerOptions& options = {});

  CameraLocalizer(CameraLocalizer&&) noexcept;
  CameraLocalizer& operator=(CameraLocalizer&&) noexcept;
  ~CameraLocalizer();

  /// The pose of the camera that took `photo`, upright as when the scene was photographed.
  /// Errors: kInvalidArgument for a view that is not an image; kCorruptData when the network answers numbers that are
  /// not finite, or a quaternion of length 0; kResourceExhausted when memory for one more concurrent call cannot be
  /// had.
  Result<CameraEstimate> Localize(const ImageView& photo) const;

  /// The same for photo after photo: replaces what is in `estimate`. With a single crop nothing is allocated once
  /// working memory has grown to what photos need. After an error `estimate` may hold anything.
  Result<void> Localize(const ImageView& photo, CameraEstimate& estimate) const;

  /// The poses of 1 to scene().sequence_length consecutive photos that are looked at together, in order.
  /// Errors: those of Localize; kInvalidArgument for another number of photos.
  Result<std::vector<CameraEstimate>> LocalizeSequence(std::span<const ImageView> photos) const;

  /// The options in force: instruction set and thread count filled in.
  [[nodiscard]] const CameraLocalizerOptions& options() const;
  [[nodiscard]] const CameraScene& scene() const;

 private:
  struct Impl;
  explicit CameraLocalizer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_CAMERA_H_
