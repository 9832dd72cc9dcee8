// SPDX-License-Identifier: Apache-2.0
// Photos that might have been taken: of the same place in another light, with another camera in a hurry, and by a
// camera that was held a little differently, which changes the pose as it changes the image. Knows no libtorch.
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

/// How far things may go; 0 switches each off. Mirroring is not among them: the mirror image of a place is another
/// place.
struct AugmentationOptions {
  float exposure = 0.4F;      ///< Values times e^x, x in [-exposure, exposure].
  float contrast = 0.3F;      ///< Distance from the mean gray times e^x.
  float colour = 0.1F;        ///< Each channel times e^x, by itself.
  float motion_blur = 0.02F;  ///< Longest streak, as a share of the width.
  float defocus = 0.006F;     ///< Largest radius of the blur, as a share of the width.
  float noise = 0.02F;        ///< Largest standard deviation, as a share of white.
  float occlusion = 0.3F;     ///< Longest side of a hidden rectangle, as a share of the image's.
  float roll_deg = 10.0F;     ///< Rotation about the optical axis. See AdvisedRollDeg.
  float turn_deg = 3.0F;      ///< Rotation about the axes across it; needs to know the focal length.
  float zoom = 0.0F;          ///< Magnification e^x, x in [-zoom, zoom]: another focal length at the same pose.
  float fade = 0.4F;          ///< The last share of the training, in which roll, turn and zoom go down to 0.

  friend bool operator==(const AugmentationOptions&, const AugmentationOptions&) = default;
};

/// Another camera at the photo's centre. What it shows at pixel (x, y) lies on the ray
///   old_from_new * ((x - center_x) / f, (y - center_y) / f, 1),   f = magnification * focal
/// of the photo's camera. Exact for pinhole cameras, wherever the surfaces of the place are: a camera that turns about
/// its centre sees the same rays.
struct ViewChange {
  camera::Quaternion old_from_new;  ///< The new camera's axes in those of the photo's camera.
  double magnification = 1.0;
};

/// A pinhole view, in pixels, the centre of the top-left pixel at (0.5, 0.5).
struct ViewCamera {
  int width_px = 0;
  int height_px = 0;
  double focal_px = 0.0;  ///< Of both axes. Where nobody knows it, any that is not 0: rotations about the optical axis
                          ///< do not depend on it.
  double center_x_px = 0.0;
  double center_y_px = 0.0;
};

using Random = std::mt19937_64;

/// A change as `options` allow. `knows_focal`: whether ViewCamera::focal_px is the camera's; without it the camera only
/// rolls.
enum class Focal { kKnown, kUnknown };
ViewChange DrawViewChange(const AugmentationOptions& options, Focal focal, Random& random);

/// `options` as they are when `progress` of the training is done, in [0, 1].
AugmentationOptions FadedAt(const AugmentationOptions& options, double progress);

/// The pose of the changed camera: same centre, turned.
camera::RigidPose ChangedPose(const camera::RigidPose& world_from_cam, const ViewChange& change);

/// The photo as the changed camera sees it, by bilinear interpolation. What the photo does not show is mirrored at its
/// sides: a border of one colour would tell the network how far the camera was turned, and no photo has it later.
/// `view` and `changed` [height, width, 3] hold values from 0 to 255.
void WarpView(std::span<const std::uint8_t> view_hwc, const ViewCamera& camera, const ViewChange& change,
              std::span<float> changed_hwc);

/// Changes light, sharpness and noise of an image [height, width, 3] of values from 0 to 255, and hides parts of it.
void ChangeLook(const AugmentationOptions& options, int width_px, int height_px, Random& random,
                std::span<float> image_hwc);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_AUGMENTATION_H_
