/* SPDX-License-Identifier: Apache-2.0 */
/// \file
/// The crop with which MoveNet follows one person in video; part of posenet/c.h, which states the conventions. It is
/// for a MoveNet of any runtime; posenet_person_follower (posenet/c/follow.h) also runs the network. The decoders of
/// MoveNet are in posenet/c/decode.h.
#ifndef POSENET_C_MOVENET_H_
#define POSENET_C_MOVENET_H_

#include <stdint.h>

#include "posenet/c/base.h"
#include "posenet/c/pose.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The square in which MoveNet looks for a person in the next frame, as in TensorFlow.js pose-detection. One per video;
/// for one thread at a time.
typedef struct posenet_movenet_crop posenet_movenet_crop;

/// Sets `*crop` to a new handle that the caller destroys.
/// Errors: POSENET_INVALID_ARGUMENT for null; POSENET_RESOURCE_EXHAUSTED. `*crop` is null after an error.
POSENET_C_API posenet_status posenet_movenet_crop_create(posenet_movenet_crop** crop, posenet_error* error);

/// Destroys `crop`, which may be null.
POSENET_C_API void posenet_movenet_crop_destroy(posenet_movenet_crop* crop);

/// A square part of an image in pixels; may extend beyond it.
typedef struct posenet_square_region {
  double left_px;
  double top_px;
  double side_px;
} posenet_square_region;

/// Writes the square to evaluate in a frame of that size to `*region`: around the person of the last
/// posenet_movenet_crop_update; the whole frame, padded, if the torso was not visible then; the largest central square
/// at first and after posenet_movenet_crop_reset.
/// Errors: POSENET_INVALID_ARGUMENT for null, or a side below 1.
POSENET_C_API posenet_status posenet_movenet_crop_get_region(const posenet_movenet_crop* crop, int32_t image_width_px,
                                                             int32_t image_height_px, posenet_square_region* region,
                                                             posenet_error* error);

/// Moves the square to `pose`, the person found in a frame of that size, in pixels of the frame; smoothed over time.
/// Positions that are not finite are harmless.
/// Errors: POSENET_INVALID_ARGUMENT for null, or a side below 1. The crop is then unchanged.
POSENET_C_API posenet_status posenet_movenet_crop_update(posenet_movenet_crop* crop, const posenet_pose* pose,
                                                         int32_t image_width_px, int32_t image_height_px,
                                                         posenet_error* error);

/// Forgets the person. Does nothing if `crop` is null.
POSENET_C_API void posenet_movenet_crop_reset(posenet_movenet_crop* crop);

#ifdef __cplusplus
}
#endif

#endif /* POSENET_C_MOVENET_H_ */
