/* SPDX-License-Identifier: Apache-2.0 */
/// \file
/// Pose estimation in video that uses the previous frame; part of posenet/c.h, which states the conventions. For one
/// person, posenet_person_follower: the network sees a crop around the person, at the full resolution of the image. For
/// any number, posenet_people_follower: MoveNet refines the predicted poses, and the network that detects people runs
/// only every few frames.
#ifndef POSENET_C_FOLLOW_H_
#define POSENET_C_FOLLOW_H_

#include <stddef.h>
#include <stdint.h>

#include "posenet/c/base.h"
#include "posenet/c/decode.h"
#include "posenet/c/human.h"
#include "posenet/c/pose.h"
#include "posenet/c/track.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Follows one person. One per video; for one thread at a time, but followers may share an estimator.
typedef struct posenet_person_follower posenet_person_follower;

/// Options of a posenet_person_follower.
typedef struct posenet_person_follower_options {
  size_t struct_size;  ///< Set by posenet_person_follower_options_init.
  /// Side of the crop of a PoseNet relative to the bounding box of the person's keypoints. 1 to 10; 1.5.
  double region_scale;
  float min_pose_score;      ///< The person is lost if the pose scores less. In [0, 1]; 0.2.
  float min_keypoint_score;  ///< Keypoints that score less do not extend the bounding box. In [0, 1]; 0.2.
} posenet_person_follower_options;

/// Sets all members of `options` to their defaults. `struct_size` is sizeof(posenet_person_follower_options).
/// Errors: POSENET_INVALID_ARGUMENT if `options` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_person_follower_options_init(posenet_person_follower_options* options,
                                                                  size_t struct_size);

/// Sets `*follower` to a new handle that the caller destroys. The estimator may be destroyed at once. `options` may be
/// null.
/// Errors: POSENET_INVALID_ARGUMENT for null or an option out of range; POSENET_RESOURCE_EXHAUSTED. `*follower` is null
/// after an error.
POSENET_C_API posenet_status posenet_person_follower_create(const posenet_estimator* estimator,
                                                            const posenet_person_follower_options* options,
                                                            posenet_person_follower** follower, posenet_error* error);

/// Destroys `follower`, which may be null.
POSENET_C_API void posenet_person_follower_destroy(posenet_person_follower* follower);

/// Estimates the pose of the person in `image`, the next frame: writes it to `*pose`, in pixels of `image`, and 1 to
/// `*is_visible`, or only 0 to `*is_visible` if no person is visible. Of several people, the one nearest to the
/// previous pose is followed or, if there is none, the one with the highest score. A change of the frame size, or an
/// error of the estimator, acts as posenet_person_follower_reset. Errors: POSENET_INVALID_ARGUMENT for null or an
/// invalid image; POSENET_RESOURCE_EXHAUSTED if memory runs out.
POSENET_C_API posenet_status posenet_person_follower_estimate(posenet_person_follower* follower,
                                                              const posenet_image* image, posenet_pose* pose,
                                                              int32_t* is_visible, posenet_error* error);

/// A rectangle of whole pixels.
typedef struct posenet_region {
  int32_t x_px;  ///< Left edge.
  int32_t y_px;  ///< Top edge.
  int32_t width_px;
  int32_t height_px;
} posenet_region;

/// Writes the crop of the next frame, provided that its size is the same, to `*region`, and 1 to `*is_following`; or
/// only 0 to `*is_following` while no person is followed. The crop of a MoveNet may extend beyond the frame, where it
/// is black, and that of a refiner may be rotated. Errors: POSENET_INVALID_ARGUMENT for null.
POSENET_C_API posenet_status posenet_person_follower_get_region(const posenet_person_follower* follower,
                                                                posenet_region* region, int32_t* is_following,
                                                                posenet_error* error);

/// Forgets the person, for a new video: the next frame is searched completely. Does nothing if `follower` is null.
POSENET_C_API void posenet_person_follower_reset(posenet_person_follower* follower);

/// Follows any number of people with an estimator that has a refiner. One per video; for one thread at a time, but
/// followers may share an estimator.
typedef struct posenet_people_follower posenet_people_follower;

/// Options of a posenet_people_follower.
typedef struct posenet_people_follower_options {
  size_t struct_size;  ///< Set by posenet_people_follower_options_init.
  /// The estimator runs at least every that many frames, 1 to 1000; 10. A new person appears within so many frames. 1
  /// runs it in every frame.
  int32_t propose_every;
  /// A person is lost if the refined pose scores less, or less than that of posenet_refiner_options. In [0, 1]; 0.15.
  float min_pose_score;
  const posenet_tracker_options* tracker;  ///< Of the tracks by which poses are predicted; null for the defaults.
  const posenet_decode_options* decode;    ///< Of each call of the estimator; null for none.
} posenet_people_follower_options;

/// Sets all members of `options` to their defaults. `struct_size` is sizeof(posenet_people_follower_options).
/// Errors: POSENET_INVALID_ARGUMENT if `options` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_people_follower_options_init(posenet_people_follower_options* options,
                                                                  size_t struct_size);

/// Sets `*follower` to a new handle that the caller destroys. The estimator and the options may be destroyed at once.
/// `options` may be null.
/// Errors: POSENET_INVALID_ARGUMENT for null, an option out of range, or an estimator without a refiner;
/// POSENET_RESOURCE_EXHAUSTED. `*follower` is null after an error.
POSENET_C_API posenet_status posenet_people_follower_create(const posenet_estimator* estimator,
                                                            const posenet_people_follower_options* options,
                                                            posenet_people_follower** follower, posenet_error* error);

/// Destroys `follower`, which may be null.
POSENET_C_API void posenet_people_follower_destroy(posenet_people_follower* follower);

/// Estimates the poses of the people in `image`, the next frame. Writes at most `capacity` of them, in pixels of
/// `image` and in descending order of score, to `poses`, their track IDs, as posenet_tracker_update assigns them, to
/// `ids`, an array of the same capacity that may be null, and their number to `*count`; further poses are dropped.
/// `time_s` is the time of the frame in seconds, by any monotonic clock. A change of the frame size, or an error, acts
/// as posenet_people_follower_reset. Errors: POSENET_INVALID_ARGUMENT for null (`poses` may be null if `capacity` is
/// 0), an invalid image, or a time that decreases or is not finite; POSENET_UNSUPPORTED for a decoder of another
/// network; POSENET_RESOURCE_EXHAUSTED if memory runs out.
POSENET_C_API posenet_status posenet_people_follower_estimate(posenet_people_follower* follower,
                                                              const posenet_image* image, double time_s,
                                                              posenet_pose* poses, int64_t* ids, size_t capacity,
                                                              size_t* count, posenet_error* error);

/// The number of frames in which the estimator ran; 0 for null.
POSENET_C_API int64_t posenet_people_follower_proposal_count(const posenet_people_follower* follower);

/// Forgets all people, for a new video: the estimator runs in the next frame. IDs are not reused. Does nothing if
/// `follower` is null.
POSENET_C_API void posenet_people_follower_reset(posenet_people_follower* follower);

#ifdef __cplusplus
}
#endif

#endif /* POSENET_C_FOLLOW_H_ */
