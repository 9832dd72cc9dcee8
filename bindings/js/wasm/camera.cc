// SPDX-License-Identifier: Apache-2.0
// Camera localizers; estimates are JSON, features an array of floats.
#include "posenet/camera.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "errors.h"
#include "export.h"
#include "image_buffer.h"
#include "json_fields.h"
#include "model_handle.h"

namespace posenet::wasm {
namespace {

struct LocalizerHandle {
  CameraLocalizer localizer;
  std::string scene;  // As JSON.
  ImageBuffer image = {};
  CameraEstimate estimate = {};
  std::string estimate_json = {};
};

// Scene of the same file.
std::string ToJson(const CameraScene& scene) {
  return ToText({{"name", scene.name},
                 {"isMetric", scene.length_unit == LengthUnit::kMeters},
                 {"sequenceLength", scene.sequence_length}});
}

// CameraEstimate of the same file, without the features.
std::string ToJson(const CameraEstimate& estimate) {
  nlohmann::json json = {{"position", estimate.pose.position}, {"quaternion", estimate.pose.rotation_wxyz}};
  if (estimate.uncertainty) {
    json["uncertainty"] = {{"positionStd", estimate.uncertainty->position_std},
                           {"positionTotalStd", estimate.uncertainty->position_total_std},
                           {"rotationStdDegrees", estimate.uncertainty->rotation_std_deg}};
  }
  return ToText(json);
}

}  // namespace

// LocalizerOptions of bindings/js/src/core/localizer.ts.
template <typename Fields>
void ListFields(Fields& fields, CameraLocalizerOptions& options) {
  fields("crops", options.crops);
  fields("uncertaintyPasses", options.uncertainty_passes);
  fields("seed", options.seed);
  fields.Flag("features", options.features, CameraFeatures::kNone, CameraFeatures::kReturned);
  fields("threads", options.thread_count);
}

}  // namespace posenet::wasm

using posenet::wasm::Guard;
using posenet::wasm::LocalizerHandle;
using posenet::wasm::ModelHandle;

/// A localizer with the options of `size` bytes of JSON at `options`. Null after an error.
POSENET_EXPORT(posenet_localizer_create)
LocalizerHandle* posenet_localizer_create(const ModelHandle* model, const char* options, std::size_t size) {
  using namespace posenet;        // NOLINT(google-build-using-namespace)
  using namespace posenet::wasm;  // NOLINT(google-build-using-namespace)
  return Guard<LocalizerHandle*>(nullptr, [&]() -> Result<LocalizerHandle*> {
    POSENET_ASSIGN_OR_RETURN(const auto wanted, ReadFields<CameraLocalizerOptions>(options, size));
    POSENET_ASSIGN_OR_RETURN(CameraLocalizer localizer, CameraLocalizer::Create(model->model, wanted));
    std::string scene = ToJson(localizer.scene());
    return std::make_unique<LocalizerHandle>(LocalizerHandle{std::move(localizer), std::move(scene)}).release();
  });
}

/// The scene that the model was trained on, as JSON.
POSENET_EXPORT(posenet_localizer_scene)
const char* posenet_localizer_scene(const LocalizerHandle* localizer) { return localizer->scene.c_str(); }

/// Memory for an image of `bytes` bytes, which posenet_localizer_run reads. Null after an error.
POSENET_EXPORT(posenet_localizer_image)
std::uint8_t* posenet_localizer_image(LocalizerHandle* localizer, std::size_t bytes) {
  return Guard<std::uint8_t*>(nullptr,
                              [&]() -> posenet::Result<std::uint8_t*> { return localizer->image.Reserve(bytes); });
}

/// Localizes the camera of the image. Returns the estimate as JSON, valid until the next run; null after an error.
POSENET_EXPORT(posenet_localizer_run)
const char* posenet_localizer_run(LocalizerHandle* localizer, int width, int height, int channels) {
  return Guard<const char*>(nullptr, [&]() -> posenet::Result<const char*> {
    const posenet::ImageView view = localizer->image.View(width, height, channels);
    POSENET_RETURN_IF_ERROR(localizer->localizer.Localize(view, localizer->estimate));
    localizer->estimate_json = posenet::wasm::ToJson(localizer->estimate);
    return localizer->estimate_json.c_str();
  });
}

/// The number of features of the last run: 0 unless the options ask for them.
POSENET_EXPORT(posenet_localizer_feature_count)
std::size_t posenet_localizer_feature_count(const LocalizerHandle* localizer) {
  return localizer->estimate.features.size();
}

POSENET_EXPORT(posenet_localizer_features)
const float* posenet_localizer_features(const LocalizerHandle* localizer) {
  return localizer->estimate.features.data();
}

POSENET_EXPORT(posenet_localizer_destroy)
void posenet_localizer_destroy(LocalizerHandle* localizer) { delete localizer; }
