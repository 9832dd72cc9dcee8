/* SPDX-License-Identifier: Apache-2.0 */
/// \file
/// Decoders for the raw outputs of any runtime: maps in, poses out; part of posenet/c.h, which states the conventions.
/// The functions need no model and are thread-safe.
#ifndef POSENET_C_DECODE_H_
#define POSENET_C_DECODE_H_

#include <stddef.h>
#include <stdint.h>

#include "posenet/c/base.h"
#include "posenet/c/pose.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The value of a number or an enumeration in options that stands for its default.
#define POSENET_DEFAULT (-1)

/// The algorithm that turns the maps of a network into poses.
typedef int32_t posenet_decoder;

/// Values of #posenet_decoder; or POSENET_DEFAULT.
enum {
  POSENET_DECODER_TFJS_SINGLE = 0,      ///< One person, the fastest: TensorFlow.js PoseNet, single_pose.
  POSENET_DECODER_TFJS_MULTIPLE = 1,    ///< TensorFlow.js PoseNet, multi_pose.
  POSENET_DECODER_CORAL = 2,            ///< That of Google Coral.
  POSENET_DECODER_HOUGH = 3,            ///< Hough voting, as in PersonLab: the most accurate.
  POSENET_DECODER_MOVENET_SINGLE = 4,   ///< For MoveNet Lightning and Thunder.
  POSENET_DECODER_MOVENET_MULTIPLE = 5  ///< For MoveNet MultiPose.
};

/// Whether x coordinates are mirrored, for images from a mirrored camera. Left and right part names are not swapped.
typedef int32_t posenet_mirror;

/// Values of #posenet_mirror; or POSENET_DEFAULT.
enum { POSENET_MIRROR_NONE = 0, POSENET_MIRROR_HORIZONTAL = 1 };

/// Options of the decoders, each POSENET_DEFAULT by default: that of the decoder (posenet/decode.h) or, for an
/// estimator, its own. Single-person decoders ignore the numbers.
typedef struct posenet_decode_options {
  size_t struct_size;  ///< Set by posenet_decode_options_init.
  posenet_decoder decoder;
  int32_t max_poses;      ///< 1 to POSENET_MAX_POSES.
  float score_threshold;  ///< In [0, 1]; of root keypoints with TFJS_MULTIPLE, of poses with the others.
  float nms_radius_px;    ///< Radius of non-maximum suppression; above 0, in pixels of the network's input.
  posenet_mirror mirror;  ///< For estimators only.
  int32_t reserved;       ///< 0.
} posenet_decode_options;

/// Sets all members of `options` to their defaults. `struct_size` is sizeof(posenet_decode_options).
/// Errors: POSENET_INVALID_ARGUMENT if `options` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_decode_options_init(posenet_decode_options* options, size_t struct_size);

/// Where the channels of maps are.
typedef int32_t posenet_map_layout;

/// Values of #posenet_map_layout.
enum {
  POSENET_LAYOUT_NHWC = 0,  ///< Last, as in TensorFlow: `data[(y * width + x) * pixel_stride + c]`.
  POSENET_LAYOUT_NCHW = 1   ///< First, as in PyTorch and ONNX: `data[(c * height + y) * width + x]`. Maps are copied.
};

/// One output map: channel `c` of cell (x, y) is where #posenet_map_layout says.
typedef struct posenet_map {
  const float* data;
  int32_t pixel_stride;  ///< NHWC: floats from one cell to the next; 0 means the number of channels. NCHW: 0.
} posenet_map;

/// Whether the sigmoid has been applied to a heatmap.
typedef int32_t posenet_heatmap_kind;

/// Values of #posenet_heatmap_kind.
enum { POSENET_HEATMAP_LOGITS = 0, POSENET_HEATMAP_PROBABILITIES = 1 };

/// The output maps of a PoseNet, all `height` x `width` cells. Vectors are in pixels of the network's input, with the y
/// channels before the x channels. Edge `e` of the displacements uses channels e (y) and 16 + e (x); the edges are
/// those of kPoseChain in posenet/pose.h. Values that are not finite are harmless: in the heatmap, infinities saturate
/// and NaN counts as probability 0; in the other maps they count as 0, as do vectors longer than 1e6 px.
typedef struct posenet_maps {
  size_t struct_size;                 ///< Set by posenet_maps_init.
  int32_t height;                     ///< Cells; (input height - 1) / output_stride + 1.
  int32_t width;                      ///< Cells; (input width - 1) / output_stride + 1.
  int32_t output_stride;              ///< Input pixels per cell: 8, 16 or 32.
  posenet_heatmap_kind heatmap_kind;  ///< Default: POSENET_HEATMAP_LOGITS.
  posenet_map heatmap;                ///< 17 channels, one per part.
  posenet_map offsets;                ///< 34 channels: 17 y, then 17 x; from the cell's origin to the keypoint.
  posenet_map displacement_fwd;       ///< 32 channels: 16 y, then 16 x; from parent to child. Not for TFJS_SINGLE.
  posenet_map displacement_bwd;       ///< 32 channels: 16 y, then 16 x; from child to parent. Not for TFJS_SINGLE.
  posenet_map_layout layout;          ///< Of all maps. Default: POSENET_LAYOUT_NHWC.
  int32_t reserved;                   ///< 0.
} posenet_maps;

/// Sets all members of `maps` to zero but the size. `struct_size` is sizeof(posenet_maps).
/// Errors: POSENET_INVALID_ARGUMENT if `maps` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_maps_init(posenet_maps* maps, size_t struct_size);

/// Decodes the people in the maps of a PoseNet. Writes at most `capacity` poses, in pixels of the network's input, in
/// the order of the decoder, to `poses`, and their number to `*count`; further poses are dropped. A capacity of
/// `max_poses` is always enough. The default decoder is POSENET_DECODER_HOUGH.
/// Errors: POSENET_INVALID_ARGUMENT for null (`poses` may be null if `capacity` is 0), missing maps, sizes or options
/// out of range, and decoders of MoveNet; POSENET_RESOURCE_EXHAUSTED if memory runs out.
POSENET_C_API posenet_status posenet_decode(const posenet_maps* maps, const posenet_decode_options* options,
                                            posenet_pose* poses, size_t capacity, size_t* count, posenet_error* error);

/// The output maps of a MoveNet before its decoding tail, all `height` x `width` cells, at 4 input pixels per cell.
/// Maps of vectors interleave y and x: channel 2 * part is the y, channel 2 * part + 1 the x of that part, in cells.
/// Values that are not finite are harmless, as in posenet_maps.
typedef struct posenet_movenet_maps {
  size_t struct_size;               ///< Set by posenet_movenet_maps_init.
  int32_t height;                   ///< Cells; input height / 4.
  int32_t width;                    ///< Cells; input width / 4.
  posenet_map center;               ///< 1 channel of logits: whether the cell is the center of a person.
  posenet_map keypoint_heatmap;     ///< 17 channels of logits, one per part.
  posenet_map keypoint_regression;  ///< 34 channels: from the center of a person to each keypoint.
  posenet_map keypoint_offset;      ///< 34 channels: from the cell of a keypoint to the keypoint.
  posenet_map box_offset;           ///< MultiPose: y and x from the center of a person to the center of the box.
  posenet_map box_scale;            ///< MultiPose: height and width of the box, in cells.
  posenet_map_layout layout;        ///< Of all maps. Default: POSENET_LAYOUT_NHWC.
  int32_t reserved;                 ///< 0.
} posenet_movenet_maps;

/// Sets all members of `maps` to zero but the size. `struct_size` is sizeof(posenet_movenet_maps).
/// Errors: POSENET_INVALID_ARGUMENT if `maps` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_movenet_maps_init(posenet_movenet_maps* maps, size_t struct_size);

/// Decodes one person from the maps of MoveNet Lightning or Thunder, in pixels of the network's input.
/// Errors: POSENET_INVALID_ARGUMENT for null, missing maps or sizes out of range; POSENET_RESOURCE_EXHAUSTED.
POSENET_C_API posenet_status posenet_decode_movenet_single(const posenet_movenet_maps* maps, posenet_pose* pose,
                                                           posenet_error* error);

/// Decodes the people in the maps of MoveNet MultiPose, as posenet_decode does. Of the options, only `max_poses` and
/// `score_threshold` may be set.
/// Errors: as posenet_decode.
POSENET_C_API posenet_status posenet_decode_movenet_multiple(const posenet_movenet_maps* maps,
                                                             const posenet_decode_options* options,
                                                             posenet_boxed_pose* poses, size_t capacity, size_t* count,
                                                             posenet_error* error);

#ifdef __cplusplus
}
#endif

#endif /* POSENET_C_DECODE_H_ */
