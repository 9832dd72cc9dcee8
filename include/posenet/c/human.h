/* SPDX-License-Identifier: Apache-2.0 */
/// \file
/// Human pose estimation: images in, poses out; part of posenet/c.h, which states the conventions.
#ifndef POSENET_C_HUMAN_H_
#define POSENET_C_HUMAN_H_

#include <stddef.h>
#include <stdint.h>

#include "posenet/c/base.h"
#include "posenet/c/decode.h"
#include "posenet/c/model.h"
#include "posenet/c/pose.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How an image is fitted to a network input of another aspect ratio.
typedef int32_t posenet_image_fit;

/// Values of #posenet_image_fit; or POSENET_DEFAULT.
enum {
  POSENET_FIT_PAD = 0,      ///< The whole image, with black bars.
  POSENET_FIT_STRETCH = 1,  ///< The whole image, scaled independently in x and y.
  POSENET_FIT_CROP = 2      ///< The largest central part that has the input's aspect ratio.
};

/// Interpolation of the resized image.
typedef int32_t posenet_resampling;

/// Values of #posenet_resampling; or POSENET_DEFAULT.
enum {
  POSENET_RESAMPLING_BILINEAR = 0,    ///< TensorFlow's resizeBilinear.
  POSENET_RESAMPLING_NEAREST = 1,     ///< The pixel under the center.
  POSENET_RESAMPLING_ANTIALIASED = 2  ///< Bilinear, with a filter that widens with the downscaling factor.
};

/// The number format in which a network is computed.
typedef int32_t posenet_precision;

/// Values of #posenet_precision.
enum {
  POSENET_PRECISION_AUTO = 0,  ///< The fastest on this CPU that the model's weights were made for.
  POSENET_PRECISION_FLOAT32 = 1,
  POSENET_PRECISION_BFLOAT16 = 2,  ///< For any float model.
  POSENET_PRECISION_INT8 = 3       ///< For models with int8 weights.
};

/// Refines poses by MoveNet on a crop around each person. Immutable and thread-safe.
typedef struct posenet_refiner posenet_refiner;

/// Detects people in images and estimates their poses. Immutable and thread-safe. Each concurrent call uses its own
/// working memory, which is kept for later calls, and its own threads.
typedef struct posenet_estimator posenet_estimator;

/// Options of a posenet_estimator.
typedef struct posenet_estimator_options {
  size_t struct_size;  ///< Set by posenet_estimator_options_init.
  /// Size of the network's input, to which images are resized, up to 8192; 0 (the default) means the size that the
  /// model was made for, or 513. Rounded to a valid size, k * output stride + 1; for MoveNet, to a multiple of 32.
  int32_t input_width_px;
  int32_t input_height_px;
  posenet_image_fit fit;          ///< Default: the model's own.
  posenet_resampling resampling;  ///< Default: the model's own.
  int32_t output_stride;          ///< Input pixels per cell of the maps: 8, 16 or 32; 0 (the default): the model's own.
  posenet_decoder decoder;        ///< Default: that for the model.
  int32_t max_poses;              ///< 1 to POSENET_MAX_POSES. Default: that of the decoder, here and below.
  float score_threshold;          ///< In [0, 1].
  float nms_radius_px;            ///< Above 0, in pixels of the network's input.
  posenet_mirror mirror;          ///< Default: POSENET_MIRROR_NONE.
  posenet_precision precision;    ///< Default: POSENET_PRECISION_AUTO.
  int32_t thread_count;           ///< Threads per call, 1 to 1024, counting the caller; 0 (the default): one per core.
  const char* instruction_set;    ///< One of posenet_supported_instruction_sets; null (the default): the best.
  /// Refines each pose and removes duplicates; null (the default) for none. With one, max_poses is 20 and
  /// score_threshold 0.2 by default (0.02 with POSENET_DECODER_HOUGH).
  const posenet_refiner* refiner;
  /// Another estimator whose poses are refined together with those of this one; null (the default) for none. Needs a
  /// refiner.
  const posenet_estimator* proposer;
} posenet_estimator_options;

/// Sets all members of `options` to their defaults. `struct_size` is sizeof(posenet_estimator_options).
/// Errors: POSENET_INVALID_ARGUMENT if `options` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_estimator_options_init(posenet_estimator_options* options, size_t struct_size);

/// The same with the options that reproduce TensorFlow.js PoseNet, for models with its graph, such as
/// mobilenet100-tfjs.
POSENET_C_API posenet_status posenet_estimator_options_init_tfjs(posenet_estimator_options* options,
                                                                 size_t struct_size);

/// Prepares `model` for inference, and sets `*estimator` to a handle that the caller destroys. The model, the refiner
/// and the proposer may be destroyed at once. `options` may be null.
/// Errors: POSENET_INVALID_ARGUMENT for null or an option out of range; POSENET_UNSUPPORTED if the model is not for
/// human poses or cannot run at that output stride or precision or with that decoder, or if the CPU lacks the
/// instruction set; POSENET_RESOURCE_EXHAUSTED if memory or threads run out. `*estimator` is null after an error.
POSENET_C_API posenet_status posenet_estimator_create(const posenet_model* model,
                                                      const posenet_estimator_options* options,
                                                      posenet_estimator** estimator, posenet_error* error);

/// Destroys `estimator`, which may be null and must not be in use.
POSENET_C_API void posenet_estimator_destroy(posenet_estimator* estimator);

/// Writes the options in effect to `options`, which was initialized: sizes rounded and defaults resolved, but for
/// `refiner` and `proposer`, which are null. `instruction_set` belongs to the estimator. Thread-safe.
/// Errors: POSENET_INVALID_ARGUMENT for null, or options that were not initialized.
POSENET_C_API posenet_status posenet_estimator_get_options(const posenet_estimator* estimator,
                                                           posenet_estimator_options* options, posenet_error* error);

/// Detects the people in `image`. Writes at most `capacity` poses, in pixels of `image`, to `poses`, and their number
/// to
/// `*count`; further poses are dropped. A capacity of `max_poses`, plus that of a proposer, is always enough. An image
/// without people is not an error. `options` override those of the estimator, for free; null for none. Thread-safe.
/// Errors: POSENET_INVALID_ARGUMENT for null (`poses` may be null if `capacity` is 0), an invalid image (null data, a
/// side below 1, overlapping rows, an unknown format) or an option out of range; POSENET_UNSUPPORTED for a decoder of
/// another network; POSENET_RESOURCE_EXHAUSTED if memory runs out.
POSENET_C_API posenet_status posenet_estimator_estimate(const posenet_estimator* estimator, const posenet_image* image,
                                                        const posenet_decode_options* options, posenet_pose* poses,
                                                        size_t capacity, size_t* count, posenet_error* error);

/// The same with the box around each person, for MoveNet MultiPose without a refiner.
/// Errors: as posenet_estimator_estimate; POSENET_UNSUPPORTED for another decoder, or with a refiner, too.
POSENET_C_API posenet_status posenet_estimator_estimate_boxed(const posenet_estimator* estimator,
                                                              const posenet_image* image,
                                                              const posenet_decode_options* options,
                                                              posenet_boxed_pose* poses, size_t capacity, size_t* count,
                                                              posenet_error* error);

/// Options of a posenet_refiner.
typedef struct posenet_refiner_options {
  size_t struct_size;  ///< Set by posenet_refiner_options_init.
  /// Keypoints that score less do not count in the choice of the crop and in the similarity of poses. In [0, 1];
  /// 0.05.
  float min_keypoint_score;
  float min_pose_score;   ///< A refined pose that scores less is a failure: the keypoints stay. In [0, 1]; 0.05.
  double crop_scale;      ///< Side of the crop relative to the bounding box of the keypoints. 1 to 10; 1.5.
  double max_tilt_deg;    ///< Crops are rotated upright if the person is tilted by more. 0 to 180; 90.
  double max_similarity;  ///< Of two poses with a higher object keypoint similarity, one is removed. In [0, 1]; 0.6.
  posenet_precision precision;  ///< Default: POSENET_PRECISION_AUTO.
  int32_t thread_count;         ///< As in posenet_estimator_options.
  const char* instruction_set;  ///< As in posenet_estimator_options.
} posenet_refiner_options;

/// Sets all members of `options` to their defaults. `struct_size` is sizeof(posenet_refiner_options).
/// Errors: POSENET_INVALID_ARGUMENT if `options` is null or the library does not know that size.
POSENET_C_API posenet_status posenet_refiner_options_init(posenet_refiner_options* options, size_t struct_size);

/// Prepares `model`, a MoveNet Lightning or Thunder, and sets `*refiner` to a handle that the caller destroys. The
/// model may be destroyed at once. `options` may be null. Errors: POSENET_INVALID_ARGUMENT for null or an option out of
/// range; POSENET_UNSUPPORTED if the model is not a MoveNet for one person or cannot run at that precision, or if the
/// CPU lacks the instruction set; POSENET_RESOURCE_EXHAUSTED. `*refiner` is null after an error.
POSENET_C_API posenet_status posenet_refiner_create(const posenet_model* model, const posenet_refiner_options* options,
                                                    posenet_refiner** refiner, posenet_error* error);

/// Destroys `refiner`, which may be null and must not be in use. Estimators that were created with it remain valid.
POSENET_C_API void posenet_refiner_destroy(posenet_refiner* refiner);

/// Refines `*count` poses of any origin, in pixels of `image`, in place; sets `*count` to the number that remains after
/// duplicates are removed. The poses are then in descending order of score. Thread-safe.
/// Errors: POSENET_INVALID_ARGUMENT for null (`poses` may be null if `*count` is 0), more than POSENET_MAX_POSES poses,
/// an invalid image, or a position or score that is not finite; POSENET_RESOURCE_EXHAUSTED if memory runs out.
POSENET_C_API posenet_status posenet_refiner_refine(const posenet_refiner* refiner, const posenet_image* image,
                                                    posenet_pose* poses, size_t* count, posenet_error* error);

#ifdef __cplusplus
}
#endif

#endif /* POSENET_C_HUMAN_H_ */
