// SPDX-License-Identifier: Apache-2.0
// People: estimators, and poses as an array of floats.
#include "posenet/human.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "errors.h"
#include "export.h"
#include "model.h"
#include "picture.h"

namespace posenet::wasm {
namespace {

struct EstimatorHandle {
  PoseEstimator estimator;
  std::string options;  // Those in force, as JSON.
  PictureBuffer picture = {};
  std::vector<Pose> poses = {};
};

// A pose is its score, then x, y and score of each keypoint: JavaScript reads an array of them in place.
static_assert(sizeof(Pose) == (1 + 3 * kPartCount) * sizeof(float));

// Numbers stand for enumerators; bindings/js/src/core/options.ts has the same order.
std::string ToJson(const PoseEstimatorOptions& options) {
  return StrCat("{\"inputWidth\":", options.input_width_px, ",\"inputHeight\":", options.input_height_px,
                ",\"outputStride\":", options.output_stride, ",\"decoder\":", static_cast<int>(*options.decoder),
                ",\"maxPoses\":", *options.multi.max_poses, ",\"scoreThreshold\":", *options.multi.score_threshold,
                ",\"nmsRadius\":", *options.multi.nms_radius_px, ",\"mirror\":", static_cast<int>(options.mirror),
                ",\"precision\":", static_cast<int>(options.precision), ",\"fit\":", static_cast<int>(*options.fit),
                ",\"resampling\":", static_cast<int>(*options.resampling), ",\"threads\":", options.thread_count, "}");
}

Result<PoseEstimatorMultiOptions> MultiOptions(double max_poses, double score_threshold, double nms_radius_px) {
  PoseEstimatorMultiOptions multi;
  POSENET_ASSIGN_OR_RETURN(multi.max_poses, ToOptionalInt("maxPoses", max_poses));
  multi.score_threshold = ToOptionalFloat(score_threshold);
  multi.nms_radius_px = ToOptionalFloat(nms_radius_px);
  return multi;
}

}  // namespace
}  // namespace posenet::wasm

using posenet::wasm::EstimatorHandle;
using posenet::wasm::Guard;
using posenet::wasm::ModelHandle;

/// NaN leaves an option open. Null after an error.
POSENET_EXPORT(posenet_estimator_create)
EstimatorHandle* posenet_estimator_create(const ModelHandle* model, double input_width, double input_height,
                                          double output_stride, double decoder, double max_poses,
                                          double score_threshold, double nms_radius, double mirror, double precision,
                                          double fit, double resampling, double threads) {
  using namespace posenet;        // NOLINT(google-build-using-namespace)
  using namespace posenet::wasm;  // NOLINT(google-build-using-namespace)
  return Guard<EstimatorHandle*>(nullptr, [&]() -> Result<EstimatorHandle*> {
    PoseEstimatorOptions options;
    POSENET_ASSIGN_OR_RETURN(options.input_width_px, ToIntOr("inputWidth", input_width, 0));
    POSENET_ASSIGN_OR_RETURN(options.input_height_px, ToIntOr("inputHeight", input_height, 0));
    POSENET_ASSIGN_OR_RETURN(options.output_stride, ToIntOr("outputStride", output_stride, 0));
    POSENET_ASSIGN_OR_RETURN(options.decoder, ToOptionalEnum<PoseDecoder>("decoder", decoder));
    POSENET_ASSIGN_OR_RETURN(options.multi, MultiOptions(max_poses, score_threshold, nms_radius));
    options.mirror = mirror > 0.0 ? Mirror::kHorizontal : Mirror::kNone;
    POSENET_ASSIGN_OR_RETURN(const auto wanted_precision, ToOptionalEnum<Precision>("precision", precision));
    options.precision = wanted_precision.value_or(Precision::kAuto);
    POSENET_ASSIGN_OR_RETURN(options.fit, ToOptionalEnum<ImageFit>("fit", fit));
    POSENET_ASSIGN_OR_RETURN(options.resampling, ToOptionalEnum<Resampling>("resampling", resampling));
    POSENET_ASSIGN_OR_RETURN(options.thread_count, ToIntOr("threads", threads, 0));
    POSENET_ASSIGN_OR_RETURN(PoseEstimator estimator, PoseEstimator::Create(model->model, options));
    std::string in_force = ToJson(estimator.options());
    return std::make_unique<EstimatorHandle>(EstimatorHandle{std::move(estimator), std::move(in_force)}).release();
  });
}

POSENET_EXPORT(posenet_estimator_options)
const char* posenet_estimator_options(const EstimatorHandle* estimator) { return estimator->options.c_str(); }

/// Where a picture of `bytes` bytes goes; null after an error.
POSENET_EXPORT(posenet_estimator_picture)
std::uint8_t* posenet_estimator_picture(EstimatorHandle* estimator, std::size_t bytes) {
  return Guard<std::uint8_t*>(nullptr,
                              [&]() -> posenet::Result<std::uint8_t*> { return estimator->picture.Reserve(bytes); });
}

/// The number of people in the picture, or -1 after an error. NaN takes the estimator's own option.
POSENET_EXPORT(posenet_estimator_run)
int posenet_estimator_run(EstimatorHandle* estimator, int width, int height, int channels, double decoder,
                          double max_poses, double score_threshold, double nms_radius, double mirror) {
  using namespace posenet;        // NOLINT(google-build-using-namespace)
  using namespace posenet::wasm;  // NOLINT(google-build-using-namespace)
  return Guard<int>(-1, [&]() -> Result<int> {
    PoseDecodeOptions decode;
    POSENET_ASSIGN_OR_RETURN(decode.decoder, ToOptionalEnum<PoseDecoder>("decoder", decoder));
    POSENET_ASSIGN_OR_RETURN(decode.multi, MultiOptions(max_poses, score_threshold, nms_radius));
    POSENET_ASSIGN_OR_RETURN(decode.mirror, ToOptionalEnum<Mirror>("mirror", mirror));
    const ImageView view = estimator->picture.View(width, height, channels);
    POSENET_RETURN_IF_ERROR(estimator->estimator.Estimate(view, decode, estimator->poses));
    return static_cast<int>(estimator->poses.size());
  });
}

/// The poses of the last run.
POSENET_EXPORT(posenet_estimator_poses)
const float* posenet_estimator_poses(const EstimatorHandle* estimator) {
  return reinterpret_cast<const float*>(estimator->poses.data());
}

POSENET_EXPORT(posenet_estimator_destroy)
void posenet_estimator_destroy(EstimatorHandle* estimator) { delete estimator; }
