// SPDX-License-Identifier: Apache-2.0
// Camera localizers.
#include "posenet/camera.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/idle_list.h"
#include "errors.h"
#include "model_handle.h"
#include "posenet/c/camera.h"
#include "posenet/image.h"
#include "poses.h"
#include "structs.h"

struct posenet_localizer {
  posenet::CameraLocalizer localizer;
  // The results of concurrent calls, before they are copied to the caller's structs; kept, so that calls do not
  // allocate.
  mutable posenet::base::IdleList<posenet::CameraEstimate> estimates;
};

namespace posenet::c {
namespace {

static_assert(POSENET_LENGTH_METERS == static_cast<int>(LengthUnit::kMeters));
static_assert(POSENET_LENGTH_ARBITRARY == static_cast<int>(LengthUnit::kArbitrary));

constexpr std::string_view kEstimateName = "posenet_camera_estimate";

posenet_localizer_options LocalizerDefaults() {
  const CameraLocalizerOptions defaults;
  return {.struct_size = sizeof(posenet_localizer_options),
          .crops = defaults.crops,
          .uncertainty_passes = defaults.uncertainty_passes,
          .seed = defaults.seed,
          .compute_features = defaults.features == CameraFeatures::kReturned ? 1 : 0,
          .thread_count = defaults.thread_count,
          .instruction_set = nullptr};
}

Result<CameraLocalizerOptions> ToLocalizerOptions(const posenet_localizer_options* options) {
  if (options == nullptr) return CameraLocalizerOptions();
  POSENET_ASSIGN_OR_RETURN(const auto given, Read(options, "posenet_localizer_options", LocalizerDefaults()));
  POSENET_ASSIGN_OR_RETURN(const bool compute_features, ToBool(given.compute_features, "compute_features"));
  return CameraLocalizerOptions{.crops = given.crops,
                                .uncertainty_passes = given.uncertainty_passes,
                                .seed = given.seed,
                                .features = compute_features ? CameraFeatures::kReturned : CameraFeatures::kNone,
                                .instruction_set = given.instruction_set == nullptr ? "" : given.instruction_set,
                                .thread_count = given.thread_count};
}

/// Writes `estimate` to `given`, which was checked.
Result<void> WriteEstimate(const CameraEstimate& estimate, posenet_camera_estimate* given) {
  POSENET_ASSIGN_OR_RETURN(posenet_camera_estimate result, Read(given, kEstimateName, {}));
  result.feature_count = estimate.features.size();
  const bool wants_features = result.features != nullptr;
  if (wants_features && result.feature_capacity < estimate.features.size()) {
    POSENET_RETURN_IF_ERROR(Write(result, given, kEstimateName));
    return base::Fail(ErrorCode::kInvalidArgument, "features has room for ", result.feature_capacity,
                      " numbers; expected at least ", estimate.features.size());
  }
  std::copy(estimate.pose.position.begin(), estimate.pose.position.end(), result.pose.position);
  std::copy(estimate.pose.rotation_wxyz.begin(), estimate.pose.rotation_wxyz.end(), result.pose.rotation_wxyz);
  const CameraUncertainty uncertainty = estimate.uncertainty.value_or(CameraUncertainty());
  std::copy(uncertainty.position_std.begin(), uncertainty.position_std.end(), result.position_std);
  result.position_total_std = uncertainty.position_total_std;
  result.rotation_std_deg = uncertainty.rotation_std_deg;
  result.has_uncertainty = estimate.uncertainty.has_value() ? 1 : 0;
  if (wants_features) std::copy(estimate.features.begin(), estimate.features.end(), result.features);
  return Write(result, given, kEstimateName);
}

}  // namespace
}  // namespace posenet::c

using posenet::CameraEstimate;
using posenet::Result;
using posenet::c::CheckNotNull;
using posenet::c::Guard;

posenet_status posenet_localizer_options_init(posenet_localizer_options* options, size_t struct_size) {
  return posenet::c::Init(options, struct_size, "posenet_localizer_options", posenet::c::LocalizerDefaults());
}

posenet_status posenet_localizer_create(const posenet_model* model, const posenet_localizer_options* options,
                                        posenet_localizer** localizer, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(localizer, "localizer"));
    *localizer = nullptr;
    POSENET_RETURN_IF_ERROR(CheckNotNull(model, "model"));
    POSENET_ASSIGN_OR_RETURN(const posenet::CameraLocalizerOptions wanted, posenet::c::ToLocalizerOptions(options));
    POSENET_ASSIGN_OR_RETURN(auto created, posenet::CameraLocalizer::Create(model->model, wanted));
    *localizer = new posenet_localizer{.localizer = std::move(created), .estimates = {}};
    return {};
  });
}

void posenet_localizer_destroy(posenet_localizer* localizer) { delete localizer; }

posenet_status posenet_camera_scene_init(posenet_camera_scene* scene, size_t struct_size) {
  return posenet::c::Init(scene, struct_size, "posenet_camera_scene",
                          {.struct_size = 0, .name = "", .length_unit = POSENET_LENGTH_METERS, .sequence_length = 1});
}

posenet_status posenet_localizer_get_scene(const posenet_localizer* localizer, posenet_camera_scene* scene,
                                           posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(localizer, "localizer"));
    const posenet::CameraScene& source = localizer->localizer.scene();
    return posenet::c::Write({.struct_size = 0,
                              .name = source.name.c_str(),
                              .length_unit = static_cast<posenet_length_unit>(source.length_unit),
                              .sequence_length = source.sequence_length},
                             scene, "posenet_camera_scene");
  });
}

posenet_status posenet_camera_estimate_init(posenet_camera_estimate* estimate, size_t struct_size) {
  return posenet::c::Init(estimate, struct_size, posenet::c::kEstimateName, {});
}

posenet_status posenet_localizer_localize(const posenet_localizer* localizer, const posenet_image* image,
                                          posenet_camera_estimate* estimate, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(localizer, "localizer"));
    POSENET_RETURN_IF_ERROR(posenet::c::SizeOf(estimate, posenet::c::kEstimateName));
    POSENET_ASSIGN_OR_RETURN(const posenet::ImageView view, posenet::c::ToImageView(image));
    const auto create = []() -> Result<std::unique_ptr<CameraEstimate>> { return std::make_unique<CameraEstimate>(); };
    POSENET_ASSIGN_OR_RETURN(const auto found, localizer->estimates.Take(create));
    POSENET_RETURN_IF_ERROR(localizer->localizer.Localize(view, *found));
    return posenet::c::WriteEstimate(*found, estimate);
  });
}

posenet_status posenet_localizer_localize_sequence(const posenet_localizer* localizer, const posenet_image* images,
                                                   size_t count, posenet_camera_estimate* estimates,
                                                   posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(localizer, "localizer"));
    POSENET_RETURN_IF_ERROR(CheckNotNull(images, "images"));
    POSENET_ASSIGN_OR_RETURN(const std::size_t size, posenet::c::SizeOf(estimates, posenet::c::kEstimateName));
    // Checked here, too, because arrays of another length must not be read.
    const auto longest = static_cast<std::size_t>(localizer->localizer.scene().sequence_length);
    if (count < 1 || count > longest) {
      return posenet::base::Fail(posenet::ErrorCode::kInvalidArgument, "count is ", count, "; expected 1 to ", longest,
                                 " frames");
    }
    // Structs of the caller's version follow each other at their own size, which need not be that of this library.
    const auto estimate_at = [&](std::size_t i) {
      return reinterpret_cast<posenet_camera_estimate*>(reinterpret_cast<std::byte*>(estimates) + i * size);
    };
    std::vector<posenet::ImageView> views;
    for (std::size_t i = 0; i < count; ++i) {
      POSENET_ASSIGN_OR_RETURN(const posenet::ImageView view, posenet::c::ToImageView(images + i));
      views.push_back(view);
      POSENET_ASSIGN_OR_RETURN(const std::size_t own, posenet::c::SizeOf(estimate_at(i), posenet::c::kEstimateName));
      if (own != size) {
        return posenet::base::Fail(posenet::ErrorCode::kInvalidArgument, posenet::c::kEstimateName, " ", i,
                                   ": struct_size is ", own, "; expected that of the first, ", size);
      }
    }
    POSENET_ASSIGN_OR_RETURN(const auto found, localizer->localizer.LocalizeSequence(views));
    for (std::size_t i = 0; i < count; ++i)
      POSENET_RETURN_IF_ERROR(posenet::c::WriteEstimate(found[i], estimate_at(i)));
    return {};
  });
}
