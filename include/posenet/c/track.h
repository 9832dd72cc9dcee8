/* SPDX-License-Identifier: Apache-2.0 */
/// \file
/// Tracking and smoothing of poses from any source in video; part of posenet/c.h, which states the conventions.
#ifndef POSENET_C_TRACK_H_
#define POSENET_C_TRACK_H_

#include <stddef.h>
#include <stdint.h>

#include "posenet/c/base.h"
#include "posenet/c/pose.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Assigns each person a persistent ID. One per video; for one thread at a time.
typedef struct posenet_tracker posenet_tracker;

/// The similarity of a pose and a track.
typedef int32_t posenet_track_similarity;

/// Values of #posenet_track_similarity.
enum {
  POSENET_SIMILARITY_KEYPOINTS = 0,  ///< Object keypoint similarity (COCO) of confident keypoints.
  POSENET_SIMILARITY_BOX = 1         ///< Intersection over union of the bounding boxes of confident keypoints.
};

/// Options of a posenet_tracker.
typedef struct posenet_tracker_options {
  size_t struct_size;                   ///< Set by posenet_tracker_options_init.
  posenet_track_similarity similarity;  ///< Default: POSENET_SIMILARITY_KEYPOINTS.
  int32_t max_tracks;                   ///< 1 to 1000; 18.
  double max_age_ms;                    ///< Above 0; 2000. A track that is missed for longer is dropped.
  float min_keypoint_score;             ///< In [0, 1]; 0.3. Keypoints that score less are not confident.
  /// In [0, 1]; 0.5. A pose with at least this score starts a new track immediately, others after several detections.
  float min_new_score;
} posenet_tracker_options;

/// Sets all members of `options` to their defaults. `struct_size` is sizeof(posenet_tracker_options).
/// Errors: POSENET_INVALID_ARGUMENT if `options` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_tracker_options_init(posenet_tracker_options* options, size_t struct_size);

/// Sets `*tracker` to a new handle that the caller destroys. `options` may be null.
/// Errors: POSENET_INVALID_ARGUMENT for null or an option out of range; POSENET_RESOURCE_EXHAUSTED. `*tracker` is null
/// after an error.
POSENET_C_API posenet_status posenet_tracker_create(const posenet_tracker_options* options, posenet_tracker** tracker,
                                                    posenet_error* error);

/// Destroys `tracker`, which may be null.
POSENET_C_API void posenet_tracker_destroy(posenet_tracker* tracker);

/// Writes the track IDs of `count` poses, the detections of the next frame, to `ids`, an array of that length. IDs
/// start at 1 and are unique within a frame. A pose of a tentative track, or one that may duplicate another pose of the
/// frame, has ID 0. `time_s` is the time of the frame in seconds, by any monotonic clock. Errors:
/// POSENET_INVALID_ARGUMENT for null (`poses` and `ids` may be null if `count` is 0), more than POSENET_MAX_POSES
/// poses, a time that decreases, or a time, position or score that is not finite. The tracker is then unchanged.
POSENET_C_API posenet_status posenet_tracker_update(posenet_tracker* tracker, const posenet_pose* poses, size_t count,
                                                    double time_s, int64_t* ids, posenet_error* error);

/// What a tracker expects of one track.
typedef struct posenet_track {
  int64_t id;            ///< 0 while the track is tentative.
  double missed_s;       ///< From its last detection to the last frame; 0 if it was detected there.
  int32_t is_confirmed;  ///< 1 if the track has an ID and enough detections to exclude a false positive, or else 0.
  posenet_pose pose;     ///< Its last pose, moved by the motion of the body. Scores are those of the last pose.
} posenet_track;

/// Writes at most `capacity` tracks, tentative ones included, as they are expected at `time_s`, the time of the next
/// frame, to `tracks`, and their number to `*count`; further tracks are dropped. A capacity of `max_tracks` is always
/// enough.
/// Errors: POSENET_INVALID_ARGUMENT for null (`tracks` may be null if `capacity` is 0), or a time that decreases or is
/// not finite; POSENET_RESOURCE_EXHAUSTED.
POSENET_C_API posenet_status posenet_tracker_predict(const posenet_tracker* tracker, double time_s,
                                                     posenet_track* tracks, size_t capacity, size_t* count,
                                                     posenet_error* error);

/// Drops all tracks, for a new video; IDs are not reused. Does nothing if `tracker` is null.
POSENET_C_API void posenet_tracker_reset(posenet_tracker* tracker);

/// Smooths keypoints over time. One per video; for one thread at a time.
typedef struct posenet_smoother posenet_smoother;

/// Options of a posenet_smoother, which applies a one-euro filter to each keypoint of each person. Lengths are relative
/// to the size of the person: the mean side of the bounding box of confident keypoints.
typedef struct posenet_smoother_options {
  size_t struct_size;           ///< Set by posenet_smoother_options_init.
  double min_cutoff_hz;         ///< Above 0; 0.4. Lower values reduce jitter at rest.
  double beta;                  ///< 0 or more; 20. Higher values reduce lag in motion. In Hz per size per second.
  double derivative_cutoff_hz;  ///< Above 0; 1. The cutoff of the filter that estimates speed.
  double noise;       ///< 0 or more; 0.02. Initial standard deviation of the noise; 0 disables its estimation.
  double max_age_ms;  ///< Above 0; 1000. The filters of a track that is missed for longer are reset.
} posenet_smoother_options;

/// Sets all members of `options` to their defaults. `struct_size` is sizeof(posenet_smoother_options).
/// Errors: POSENET_INVALID_ARGUMENT if `options` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_smoother_options_init(posenet_smoother_options* options, size_t struct_size);

/// Sets `*smoother` to a new handle that the caller destroys. `options` may be null.
/// Errors: POSENET_INVALID_ARGUMENT for null or an option out of range; POSENET_RESOURCE_EXHAUSTED. `*smoother` is null
/// after an error.
POSENET_C_API posenet_status posenet_smoother_create(const posenet_smoother_options* options,
                                                     posenet_smoother** smoother, posenet_error* error);

/// Destroys `smoother`, which may be null.
POSENET_C_API void posenet_smoother_destroy(posenet_smoother* smoother);

/// Replaces the positions in `poses` by smoothed ones. `ids[i]` is the track ID of `poses[i]`; both arrays have `count`
/// elements. Poses with ID 0 and all scores are left unchanged. `time_s` is the time of the frame in seconds, by any
/// monotonic clock.
/// Errors: POSENET_INVALID_ARGUMENT for null (`poses` and `ids` may be null if `count` is 0), more than
/// POSENET_MAX_POSES poses, an ID other than 0 that occurs twice, a time that decreases, or a time, position or score
/// that is not finite. Nothing is changed then.
POSENET_C_API posenet_status posenet_smoother_smooth(posenet_smoother* smoother, posenet_pose* poses,
                                                     const int64_t* ids, size_t count, double time_s,
                                                     posenet_error* error);

/// Resets all filters, for a new video. Does nothing if `smoother` is null.
POSENET_C_API void posenet_smoother_reset(posenet_smoother* smoother);

#ifdef __cplusplus
}
#endif

#endif /* POSENET_C_TRACK_H_ */
