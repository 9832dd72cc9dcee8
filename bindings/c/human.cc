// SPDX-License-Identifier: Apache-2.0
// Pose estimators.
#include "posenet/human.h"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/idle_list.h"
#include "decode_options.h"
#include "errors.h"
#include "estimator_handle.h"
#include "model_handle.h"
#include "posenet/c/human.h"
#include "posenet/image.h"
#include "posenet/movenet.h"
#include "posenet/pose.h"
#include "poses.h"
#include "refiner_handle.h"
#include "structs.h"

namespace posenet::c {
namespace {

static_assert(POSENET_FIT_PAD == static_cast<int>(ImageFit::kPad));
static_assert(POSENET_FIT_STRETCH == static_cast<int>(ImageFit::kStretch));
static_assert(POSENET_FIT_CROP == static_cast<int>(ImageFit::kCrop));
static_assert(POSENET_RESAMPLING_BILINEAR == static_cast<int>(Resampling::kBilinear));
static_assert(POSENET_RESAMPLING_NEAREST == static_cast<int>(Resampling::kNearest));
static_assert(POSENET_RESAMPLING_ANTIALIASED == static_cast<int>(Resampling::kAntialiased));
static_assert(POSENET_PRECISION_AUTO == static_cast<int>(Precision::kAuto));
static_assert(POSENET_PRECISION_FLOAT32 == static_cast<int>(Precision::kFloat32));
static_assert(POSENET_PRECISION_BFLOAT16 == static_cast<int>(Precision::kBFloat16));
static_assert(POSENET_PRECISION_INT8 == static_cast<int>(Precision::kInt8));

/// `instruction_set` refers to `options`.
posenet_estimator_options FromOptions(const PoseEstimatorOptions& options) {
  return {.struct_size = sizeof(posenet_estimator_options),
          .input_width_px = options.input_width_px,
          .input_height_px = options.input_height_px,
          .fit = FromOptional(options.fit),
          .resampling = FromOptional(options.resampling),
          .output_stride = options.output_stride,
          .decoder = FromOptional(options.decoder),
          .max_poses = FromOptional(options.multi.max_poses),
          .score_threshold = FromOptional(options.multi.score_threshold),
          .nms_radius_px = FromOptional(options.multi.nms_radius_px),
          .mirror = static_cast<posenet_mirror>(options.mirror),
          .precision = static_cast<posenet_precision>(options.precision),
          .thread_count = options.thread_count,
          .instruction_set = options.instruction_set.empty() ? nullptr : options.instruction_set.c_str(),
          .refiner = nullptr,
          .proposer = nullptr};
}

Result<PoseEstimatorOptions> ToOptions(const posenet_estimator_options* options) {
  if (options == nullptr) return PoseEstimatorOptions();
  POSENET_ASSIGN_OR_RETURN(const posenet_estimator_options given,
                           Read(options, "posenet_estimator_options", FromOptions({})));
  PoseEstimatorOptions wanted = {.input_width_px = given.input_width_px,
                                 .input_height_px = given.input_height_px,
                                 .output_stride = given.output_stride,
                                 .multi = {.max_poses = ToOptional(given.max_poses),
                                           .score_threshold = ToOptional(given.score_threshold),
                                           .nms_radius_px = ToOptional(given.nms_radius_px)},
                                 .instruction_set = given.instruction_set == nullptr ? "" : given.instruction_set,
                                 .thread_count = given.thread_count};
  POSENET_ASSIGN_OR_RETURN(wanted.fit, ToOptionalEnum(given.fit, ImageFit::kCrop, "fit"));
  POSENET_ASSIGN_OR_RETURN(wanted.resampling, ToOptionalEnum(given.resampling, Resampling::kAntialiased, "resampling"));
  POSENET_ASSIGN_OR_RETURN(wanted.decoder, ToOptionalEnum(given.decoder, PoseDecoder::kMoveNetMultiple, "decoder"));
  POSENET_ASSIGN_OR_RETURN(const auto mirror, ToOptionalEnum(given.mirror, Mirror::kHorizontal, "mirror"));
  wanted.mirror = mirror.value_or(Mirror::kNone);
  POSENET_ASSIGN_OR_RETURN(wanted.precision, ToEnum(given.precision, Precision::kInt8, "precision"));
  if (given.refiner != nullptr) wanted.refiner = given.refiner->refiner;
  if (given.proposer != nullptr) wanted.proposer = given.proposer->estimator;
  return wanted;
}

/// posenet_estimator_estimate and posenet_estimator_estimate_boxed, with the idle results of that kind.
template <typename Found, typename Given>
Result<void> Estimate(const PoseEstimator& estimator, base::IdleList<std::vector<Found>>& idle,
                      const posenet_image* image, const posenet_decode_options* options, Given* poses,
                      std::size_t capacity, std::size_t* count) {
  POSENET_RETURN_IF_ERROR(CheckNotNull(count, "count"));
  POSENET_RETURN_IF_ERROR(CheckOutputArray(poses, capacity, "poses"));
  POSENET_ASSIGN_OR_RETURN(const ImageView view, ToImageView(image));
  POSENET_ASSIGN_OR_RETURN(const PoseDecodeOptions decode, ToDecodeOptions(options));
  const auto create = []() -> Result<std::unique_ptr<std::vector<Found>>> {
    return std::make_unique<std::vector<Found>>();
  };
  POSENET_ASSIGN_OR_RETURN(const auto found, idle.Take(create));
  POSENET_RETURN_IF_ERROR(estimator.Estimate(view, decode, *found));
  *count = CopyOut(*found, poses, capacity);
  return {};
}

}  // namespace
}  // namespace posenet::c

using posenet::Result;
using posenet::c::CheckNotNull;
using posenet::c::Guard;

posenet_status posenet_estimator_options_init(posenet_estimator_options* options, size_t struct_size) {
  return posenet::c::Init(options, struct_size, "posenet_estimator_options", posenet::c::FromOptions({}));
}

posenet_status posenet_estimator_options_init_tfjs(posenet_estimator_options* options, size_t struct_size) {
  return posenet::c::Init(options, struct_size, "posenet_estimator_options",
                          posenet::c::FromOptions(posenet::TfjsPreset()));
}

posenet_status posenet_estimator_create(const posenet_model* model, const posenet_estimator_options* options,
                                        posenet_estimator** estimator, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(estimator, "estimator"));
    *estimator = nullptr;
    POSENET_RETURN_IF_ERROR(CheckNotNull(model, "model"));
    POSENET_ASSIGN_OR_RETURN(const posenet::PoseEstimatorOptions wanted, posenet::c::ToOptions(options));
    POSENET_ASSIGN_OR_RETURN(auto created, posenet::PoseEstimator::Create(model->model, wanted));
    auto handle = std::make_unique<posenet_estimator>();
    handle->estimator = std::make_shared<const posenet::PoseEstimator>(std::move(created));
    *estimator = handle.release();
    return {};
  });
}

void posenet_estimator_destroy(posenet_estimator* estimator) { delete estimator; }

posenet_status posenet_estimator_get_options(const posenet_estimator* estimator, posenet_estimator_options* options,
                                             posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(estimator, "estimator"));
    return posenet::c::Write(posenet::c::FromOptions(estimator->estimator->options()), options,
                             "posenet_estimator_options");
  });
}

posenet_status posenet_estimator_estimate(const posenet_estimator* estimator, const posenet_image* image,
                                          const posenet_decode_options* options, posenet_pose* poses, size_t capacity,
                                          size_t* count, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(estimator, "estimator"));
    return posenet::c::Estimate(*estimator->estimator, estimator->poses, image, options, poses, capacity, count);
  });
}

posenet_status posenet_estimator_estimate_boxed(const posenet_estimator* estimator, const posenet_image* image,
                                                const posenet_decode_options* options, posenet_boxed_pose* poses,
                                                size_t capacity, size_t* count, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(estimator, "estimator"));
    return posenet::c::Estimate(*estimator->estimator, estimator->people, image, options, poses, capacity, count);
  });
}
