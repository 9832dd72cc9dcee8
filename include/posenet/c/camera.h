/* SPDX-License-Identifier: Apache-2.0 */
/// \file
/// Camera relocalization: from an image of a known scene to the pose of the camera; part of posenet/c.h, which states
/// the conventions.
#ifndef POSENET_C_CAMERA_H_
#define POSENET_C_CAMERA_H_

#include <stddef.h>
#include <stdint.h>

#include "posenet/c/base.h"
#include "posenet/c/model.h"
#include "posenet/c/pose.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Estimates camera poses in the scene that a model was trained on. Immutable and thread-safe. Each concurrent call
/// uses its own working memory, which is kept for later calls, and its own threads.
typedef struct posenet_localizer posenet_localizer;

/// Options of a posenet_localizer.
typedef struct posenet_localizer_options {
  size_t struct_size;          ///< Set by posenet_localizer_options_init.
  int32_t crops;               ///< 1 to 1024; 1. More crops, spread evenly, are for models trained on random crops.
  int32_t uncertainty_passes;  ///< Forward passes with random dropout: 0 (the default), or 2 to 10,000.
  uint64_t seed;               ///< Of dropout; 1. The same image and seed give the same estimate.
  int32_t compute_features;  ///< 1: estimates contain features (posenet_camera_estimate); 0 (the default): they do not.
  int32_t thread_count;      ///< Threads per call, 1 to 1024, counting the caller; 0 (the default): one per core.
  const char* instruction_set;  ///< One of posenet_supported_instruction_sets; null (the default): the best.
} posenet_localizer_options;

/// Sets all members of `options` to their defaults. `struct_size` is sizeof(posenet_localizer_options).
/// Errors: POSENET_INVALID_ARGUMENT if `options` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_localizer_options_init(posenet_localizer_options* options, size_t struct_size);

/// Prepares `model` for inference, and sets `*localizer` to a handle that the caller destroys. The model may be
/// destroyed at once. `options` may be null.
/// Errors: POSENET_INVALID_ARGUMENT for null or an option out of range; POSENET_UNSUPPORTED if the model is not for
/// camera poses, has no dropout (for uncertainty_passes), was not trained on crops of single images (for crops) or has
/// no features, or if the CPU lacks the instruction set; POSENET_CORRUPT_DATA if the model's camera section is damaged;
/// POSENET_RESOURCE_EXHAUSTED. `*localizer` is null after an error.
POSENET_C_API posenet_status posenet_localizer_create(const posenet_model* model,
                                                      const posenet_localizer_options* options,
                                                      posenet_localizer** localizer, posenet_error* error);

/// Destroys `localizer`, which may be null and must not be in use.
POSENET_C_API void posenet_localizer_destroy(posenet_localizer* localizer);

/// The unit of a scene's coordinates.
typedef int32_t posenet_length_unit;

/// Values of #posenet_length_unit.
enum {
  POSENET_LENGTH_METERS = 0,
  POSENET_LENGTH_ARBITRARY = 1  ///< Unknown: structure from motion recovers a scene up to scale.
};

/// The scene that a model was trained on.
typedef struct posenet_camera_scene {
  size_t struct_size;  ///< Set by posenet_camera_scene_init.
  const char* name;    ///< For display; belongs to the localizer and is never null.
  posenet_length_unit length_unit;
  int32_t sequence_length;  ///< Largest number of frames that posenet_localizer_localize_sequence takes.
} posenet_camera_scene;

/// Prepares `scene` for posenet_localizer_get_scene. `struct_size` is sizeof(posenet_camera_scene).
/// Errors: POSENET_INVALID_ARGUMENT if `scene` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_camera_scene_init(posenet_camera_scene* scene, size_t struct_size);

/// Writes the scene to `scene`, which was initialized. Thread-safe.
/// Errors: POSENET_INVALID_ARGUMENT for null, or a `scene` that was not initialized.
POSENET_C_API posenet_status posenet_localizer_get_scene(const posenet_localizer* localizer,
                                                         posenet_camera_scene* scene, posenet_error* error);

/// The pose of a camera as world_from_cam: p_world = R(rotation_wxyz) * p_cam + position. The camera looks along its z
/// axis; x points right and y down in the image (OpenCV's axes).
typedef struct posenet_camera_pose {
  double position[3];       ///< The camera center in world coordinates, in the unit of the scene.
  double rotation_wxyz[4];  ///< Unit quaternion (Hamilton convention), w first and not negative.
} posenet_camera_pose;

/// The result for one image.
typedef struct posenet_camera_estimate {
  size_t struct_size;  ///< Set by posenet_camera_estimate_init.
  posenet_camera_pose pose;
  /// Uncertainty by Monte Carlo dropout; zeros unless uncertainty_passes is set.
  double position_std[3];     ///< Standard deviation of each coordinate, in the unit of the scene.
  double position_total_std;  ///< Square root of the trace of the positions' covariance.
  double rotation_std_deg;    ///< Root mean square of the angles to the mean rotation.
  int32_t has_uncertainty;    ///< 1 if the five numbers above were computed, or else 0.
  /// Input: an array of the caller for the features, a descriptor of the image. Null (the default) if they are not
  /// wanted; they are only computed if compute_features is set.
  float* features;
  size_t feature_capacity;  ///< Input: the length of `features`. 0 by default.
  size_t feature_count;     ///< Output: the number of features of the image, also if `features` is null or too short.
} posenet_camera_estimate;

/// Sets all members of `estimate` to zero but the size. `struct_size` is sizeof(posenet_camera_estimate).
/// Errors: POSENET_INVALID_ARGUMENT if `estimate` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_camera_estimate_init(posenet_camera_estimate* estimate, size_t struct_size);

/// Writes the pose of the camera that took `image`, which must be upright, to `estimate`, which was initialized.
/// Thread-safe.
/// Errors: POSENET_INVALID_ARGUMENT for null, an invalid image (as posenet_estimator_estimate), an `estimate` that was
/// not initialized, or an array of features that is too short (`feature_count` is then set); POSENET_CORRUPT_DATA if
/// the network outputs non-finite numbers or a zero quaternion; POSENET_RESOURCE_EXHAUSTED if memory runs out.
POSENET_C_API posenet_status posenet_localizer_localize(const posenet_localizer* localizer, const posenet_image* image,
                                                        posenet_camera_estimate* estimate, posenet_error* error);

/// The same for 1 to `sequence_length` (posenet_camera_scene) consecutive frames, processed together: `images` and
/// `estimates` are arrays of `count` elements, and all estimates have the same `struct_size`.
/// Errors: as posenet_localizer_localize; POSENET_INVALID_ARGUMENT for another number of frames.
POSENET_C_API posenet_status posenet_localizer_localize_sequence(const posenet_localizer* localizer,
                                                                 const posenet_image* images, size_t count,
                                                                 posenet_camera_estimate* estimates,
                                                                 posenet_error* error);

#ifdef __cplusplus
}
#endif

#endif /* POSENET_C_CAMERA_H_ */
