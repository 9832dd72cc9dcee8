/* SPDX-License-Identifier: Apache-2.0 */
/// \file
/// Images, keypoints and poses; part of posenet/c.h, which states the conventions. The structs of this file never
/// change.
#ifndef POSENET_C_POSE_H_
#define POSENET_C_POSE_H_

#include <stddef.h>
#include <stdint.h>

#include "posenet/c/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Order of the 8-bit channels of an interleaved pixel. Alpha is ignored, not blended.
typedef int32_t posenet_pixel_format;

/// Values of #posenet_pixel_format.
enum {
  POSENET_PIXEL_RGB = 0,
  POSENET_PIXEL_BGR = 1,
  POSENET_PIXEL_RGBA = 2,
  POSENET_PIXEL_BGRA = 3,
  POSENET_PIXEL_GRAY = 4
};

/// An image of interleaved 8-bit channels in memory of the caller. Pixel (x, y) starts at
/// `data + y * row_stride_bytes + x * bytes per pixel`; x points right, y down.
typedef struct posenet_image {
  const uint8_t* data;
  int32_t width_px;            ///< 1 or more.
  int32_t height_px;           ///< 1 or more.
  ptrdiff_t row_stride_bytes;  ///< 0 means rows without padding; negative means bottom-up rows.
  posenet_pixel_format format;
} posenet_image;

/// The 17 body parts in COCO's order. Left and right are those of the person, not of the image.
typedef int32_t posenet_part;

/// Values of #posenet_part.
enum {
  POSENET_PART_NOSE = 0,
  POSENET_PART_LEFT_EYE = 1,
  POSENET_PART_RIGHT_EYE = 2,
  POSENET_PART_LEFT_EAR = 3,
  POSENET_PART_RIGHT_EAR = 4,
  POSENET_PART_LEFT_SHOULDER = 5,
  POSENET_PART_RIGHT_SHOULDER = 6,
  POSENET_PART_LEFT_ELBOW = 7,
  POSENET_PART_RIGHT_ELBOW = 8,
  POSENET_PART_LEFT_WRIST = 9,
  POSENET_PART_RIGHT_WRIST = 10,
  POSENET_PART_LEFT_HIP = 11,
  POSENET_PART_RIGHT_HIP = 12,
  POSENET_PART_LEFT_KNEE = 13,
  POSENET_PART_RIGHT_KNEE = 14,
  POSENET_PART_LEFT_ANKLE = 15,
  POSENET_PART_RIGHT_ANKLE = 16,
  POSENET_PART_COUNT = 17
};

/// The name of a part as in TensorFlow.js PoseNet, such as "leftEye"; null for a number that is none. Thread-safe.
POSENET_C_API const char* posenet_part_name(posenet_part part);

/// An edge between two parts.
typedef struct posenet_part_pair {
  posenet_part from;
  posenet_part to;
} posenet_part_pair;

/// The edges to draw as a skeleton: arms, legs and torso, without the face. Sets `*count` to their number, unless
/// `count` is null. Never null. Thread-safe.
POSENET_C_API const posenet_part_pair* posenet_skeleton(size_t* count);

/// The position of one body part in pixels, x right and y down; the center of the top-left pixel is (0, 0). Every part
/// gets a position, even if it is occluded or outside the image; a low score marks it as unreliable.
typedef struct posenet_keypoint {
  float x_px;
  float y_px;
  float score;  ///< Confidence in [0, 1].
} posenet_keypoint;

/// One person: 52 floats without padding. `keypoints` is indexed by #posenet_part.
typedef struct posenet_pose {
  float score;  ///< Confidence in [0, 1] that this is a person.
  posenet_keypoint keypoints[POSENET_PART_COUNT];
} posenet_pose;

/// A rectangle in pixels.
typedef struct posenet_box {
  float min_x_px;
  float min_y_px;
  float max_x_px;
  float max_y_px;
} posenet_box;

/// A person whose whole body is inside `box`.
typedef struct posenet_boxed_pose {
  posenet_pose pose;
  posenet_box box;
} posenet_boxed_pose;

/// Largest number of poses in one call: `max_poses` of options, and the length of arrays that are passed in.
#define POSENET_MAX_POSES 10000

#ifdef __cplusplus
}
#endif

#endif /* POSENET_C_POSE_H_ */
