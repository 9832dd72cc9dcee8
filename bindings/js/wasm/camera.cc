// SPDX-License-Identifier: Apache-2.0
// Cameras: localizers, and their answers as an array of doubles.
#include "posenet/camera.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "errors.h"
#include "export.h"
#include "model.h"
#include "picture.h"

namespace posenet::wasm {
namespace {

// Position (3), rotation (w, x, y, z), then, if there is an uncertainty, the deviations of the coordinates (3), of the
// position and of the rotation.
using Answer = std::array<double, 12>;

struct LocalizerHandle {
  CameraLocalizer localizer;
  std::string scene;  // As JSON.
  PictureBuffer picture = {};
  CameraEstimate estimate = {};
  Answer answer = {};
};

std::string ToJson(const CameraScene& scene) {
  return StrCat("{\"name\":", Quoted(scene.name), ",\"isMetric\":", scene.length_unit == LengthUnit::kMeters ? "true" : "false",
                ",\"sequenceLength\":", scene.sequence_length, "}");
}

Answer ToAnswer(const CameraEstimate& estimate) {
  Answer answer = {};
  auto out = std::copy(estimate.pose.position.begin(), estimate.pose.position.end(), answer.begin());
  out = std::copy(estimate.pose.rotation_wxyz.begin(), estimate.pose.rotation_wxyz.end(), out);
  if (estimate.uncertainty) {
    const CameraUncertainty& uncertainty = *estimate.uncertainty;
    out = std::copy(uncertainty.position_std.begin(), uncertainty.position_std.end(), out);
    *out++ = uncertainty.position_total_std;
    *out = uncertainty.rotation_std_deg;
  }
  return answer;
}

}  // namespace
}  // namespace posenet::wasm

using posenet::wasm::Guard;
using posenet::wasm::LocalizerHandle;
using posenet::wasm::ModelHandle;

/// NaN leaves an option open. Null after an error.
POSENET_EXPORT(posenet_localizer_create)
LocalizerHandle* posenet_localizer_create(const ModelHandle* model, double crops, double uncertainty_passes,
                                          double seed, double features, double threads) {
  using namespace posenet;        // NOLINT(google-build-using-namespace)
  using namespace posenet::wasm;  // NOLINT(google-build-using-namespace)
  return Guard<LocalizerHandle*>(nullptr, [&]() -> Result<LocalizerHandle*> {
    CameraLocalizerOptions options;
    POSENET_ASSIGN_OR_RETURN(options.crops, ToIntOr("crops", crops, options.crops));
    POSENET_ASSIGN_OR_RETURN(options.uncertainty_passes, ToIntOr("uncertaintyPasses", uncertainty_passes, 0));
    POSENET_ASSIGN_OR_RETURN(const int wanted_seed, ToIntOr("seed", seed, 1));
    options.seed = static_cast<std::uint64_t>(wanted_seed);
    options.features = features > 0.0 ? CameraFeatures::kReturned : CameraFeatures::kNone;
    POSENET_ASSIGN_OR_RETURN(options.thread_count, ToIntOr("threads", threads, 0));
    POSENET_ASSIGN_OR_RETURN(CameraLocalizer localizer, CameraLocalizer::Create(model->model, options));
    std::string scene = ToJson(localizer.scene());
    return std::make_unique<LocalizerHandle>(LocalizerHandle{std::move(localizer), std::move(scene)}).release();
  });
}

POSENET_EXPORT(posenet_localizer_scene)
const char* posenet_localizer_scene(const LocalizerHandle* localizer) { return localizer->scene.c_str(); }

/// Where a photo of `bytes` bytes goes; null after an error.
POSENET_EXPORT(posenet_localizer_picture)
std::uint8_t* posenet_localizer_picture(LocalizerHandle* localizer, std::size_t bytes) {
  return Guard<std::uint8_t*>(nullptr,
                              [&]() -> posenet::Result<std::uint8_t*> { return localizer->picture.Reserve(bytes); });
}

/// 0, or 1 where there is an uncertainty; -1 after an error.
POSENET_EXPORT(posenet_localizer_run)
int posenet_localizer_run(LocalizerHandle* localizer, int width, int height, int channels) {
  return Guard<int>(-1, [&]() -> posenet::Result<int> {
    const posenet::ImageView view = localizer->picture.View(width, height, channels);
    POSENET_RETURN_IF_ERROR(localizer->localizer.Localize(view, localizer->estimate));
    localizer->answer = posenet::wasm::ToAnswer(localizer->estimate);
    return localizer->estimate.uncertainty ? 1 : 0;
  });
}

/// What the last run answered.
POSENET_EXPORT(posenet_localizer_answer)
const double* posenet_localizer_answer(const LocalizerHandle* localizer) { return localizer->answer.data(); }

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
