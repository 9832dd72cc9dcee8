// SPDX-License-Identifier: Apache-2.0
// Refiners of poses.
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "errors.h"
#include "model_handle.h"
#include "posenet/c/human.h"
#include "posenet/human.h"
#include "posenet/pose.h"
#include "posenet/refine.h"
#include "poses.h"
#include "refiner_handle.h"
#include "structs.h"

namespace posenet::c {
namespace {

posenet_refiner_options RefinerDefaults() {
  const PersonRefinerOptions defaults;
  return {.struct_size = sizeof(posenet_refiner_options),
          .min_keypoint_score = defaults.min_keypoint_score,
          .min_pose_score = defaults.min_pose_score,
          .crop_scale = defaults.crop_scale,
          .max_tilt_deg = defaults.max_tilt_deg,
          .max_similarity = defaults.max_similarity,
          .precision = static_cast<posenet_precision>(defaults.precision),
          .thread_count = defaults.thread_count,
          .instruction_set = nullptr};
}

Result<PersonRefinerOptions> ToRefinerOptions(const posenet_refiner_options* options) {
  if (options == nullptr) return PersonRefinerOptions();
  POSENET_ASSIGN_OR_RETURN(const auto given, Read(options, "posenet_refiner_options", RefinerDefaults()));
  POSENET_ASSIGN_OR_RETURN(const Precision precision, ToEnum(given.precision, Precision::kInt8, "precision"));
  return PersonRefinerOptions{.min_keypoint_score = given.min_keypoint_score,
                              .crop_scale = given.crop_scale,
                              .max_tilt_deg = given.max_tilt_deg,
                              .min_pose_score = given.min_pose_score,
                              .max_similarity = given.max_similarity,
                              .precision = precision,
                              .instruction_set = given.instruction_set == nullptr ? "" : given.instruction_set,
                              .thread_count = given.thread_count};
}

}  // namespace
}  // namespace posenet::c

using posenet::Result;
using posenet::c::CheckInputArray;
using posenet::c::CheckNotNull;
using posenet::c::Guard;

posenet_status posenet_refiner_options_init(posenet_refiner_options* options, size_t struct_size) {
  return posenet::c::Init(options, struct_size, "posenet_refiner_options", posenet::c::RefinerDefaults());
}

posenet_status posenet_refiner_create(const posenet_model* model, const posenet_refiner_options* options,
                                      posenet_refiner** refiner, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(refiner, "refiner"));
    *refiner = nullptr;
    POSENET_RETURN_IF_ERROR(CheckNotNull(model, "model"));
    POSENET_ASSIGN_OR_RETURN(const posenet::PersonRefinerOptions wanted, posenet::c::ToRefinerOptions(options));
    POSENET_ASSIGN_OR_RETURN(auto created, posenet::PersonRefiner::Create(model->model, wanted));
    auto shared = std::make_shared<const posenet::PersonRefiner>(std::move(created));
    *refiner = std::make_unique<posenet_refiner>(posenet_refiner{std::move(shared)}).release();
    return {};
  });
}

void posenet_refiner_destroy(posenet_refiner* refiner) { delete refiner; }

posenet_status posenet_refiner_refine(const posenet_refiner* refiner, const posenet_image* image, posenet_pose* poses,
                                      size_t* count, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(refiner, "refiner"));
    POSENET_RETURN_IF_ERROR(CheckNotNull(count, "count"));
    POSENET_RETURN_IF_ERROR(CheckInputArray(poses, *count, "poses"));
    POSENET_ASSIGN_OR_RETURN(const posenet::ImageView view, posenet::c::ToImageView(image));
    std::vector<posenet::Pose> refined;
    posenet::c::CopyIn(poses, *count, refined);
    POSENET_RETURN_IF_ERROR(refiner->refiner->Refine(view, refined));
    *count = posenet::c::CopyOut(refined, poses, *count);
    return {};
  });
}
