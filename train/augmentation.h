// SPDX-License-Identifier: Apache-2.0
// Data augmentation: changes of exposure, color, sharpness and noise, and rotations of the camera that change image and
// pose together. Needs no libtorch.
#ifndef POSENET_TRAIN_AUGMENTATION_H_
#define POSENET_TRAIN_AUGMENTATION_H_

#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "camera/rigid_pose.h"
#include "image/image.h"

namespace posenet::train {

/// The strength of each augmentation; 0 disables it. There is no mirroring: the mirror image of a scene is a different
/// scene.
struct AugmentationOptions {
  float exposure = 0.4F;      ///< Values times e^x, x in [-exposure, exposure].
  float contrast = 0.3F;      ///< Distance from the mean gray times e^x.
  float color = 0.1F;         ///< Each channel times its own e^x.
  float motion_blur = 0.02F;  ///< Longest streak, as a share of the width.
  float defocus = 0.006F;     ///< Largest radius of the blur, as a share of the width.
  float noise = 0.02F;        ///< Largest standard deviation, as a share of white.
  float occlusion = 0.3F;     ///< Longest side of a hidden rectangle, as a share of the image's.
  float roll_deg = 10.0F;     ///< Rotation about the optical axis. See SuggestedRollDeg.
  float turn_deg = 3.0F;      ///< Rotation about the other two axes; needs the focal length.
  float zoom = 0.0F;          ///< Magnification e^x, x in [-zoom, zoom]: another focal length, the same pose.
  float fade = 0.4F;          ///< The last share of the training, in which roll, turn and zoom fall to 0.

  friend bool operator==(const AugmentationOptions&, const AugmentationOptions&) = default;
};

/// A virtual camera at the same center. Its pixel (x, y) shows the ray
///   old_from_new * ((x - center_x) / f, (y - center_y) / f, 1),   f = magnification * focal
/// of the original camera. This is exact for pinhole cameras, whatever the depth of the scene, because a camera that
/// rotates about its center sees the same rays.
struct ViewChange {
  camera::Quaternion old_from_new;  ///< The new camera's axes in those of the original.
  double magnification = 1.0;
};

/// A pinhole camera in pixels; the center of the top-left pixel is (0.5, 0.5).
struct ViewCamera {
  int width_px = 0;
  int height_px = 0;
  double focal_px = 0.0;  ///< Of both axes. If unknown, any value but 0: rotations about the optical axis do not
                          ///< depend on it.
  double center_x_px = 0.0;
  double center_y_px = 0.0;
};

using Random = std::mt19937_64;

/// A random change within `options`. If the focal length is unknown, the camera only rolls.
enum class Focal { kKnown, kUnknown };
ViewChange DrawViewChange(const AugmentationOptions& options, Focal focal, Random& random);

/// `options` after a share `progress` of the training, in [0, 1]: see AugmentationOptions::fade.
AugmentationOptions FadedAt(const AugmentationOptions& options, double progress);

/// The pose of the changed camera: the same center, rotated.
camera::RigidPose ChangedPose(const camera::RigidPose& world_from_cam, const ViewChange& change);

/// The image that the changed camera sees, by bilinear interpolation. Rays outside the original image are mirrored at
/// its borders: a border of one color would show the network how far the camera was rotated, which no real image does.
/// `view` and `changed` [height, width, 3] hold values from 0 to 255.
void WarpView(std::span<const std::uint8_t> view_hwc, const ViewCamera& camera, const ViewChange& change,
              std::span<float> changed_hwc);

/// Applies all augmentations that keep the pose to an image [height, width, 3] of values from 0 to 255.
void ChangeLook(const AugmentationOptions& options, int width_px, int height_px, Random& random,
                std::span<float> image_hwc);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_AUGMENTATION_H_
