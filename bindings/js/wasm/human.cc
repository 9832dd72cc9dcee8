// SPDX-License-Identifier: Apache-2.0
// Pose estimators, and the crop with which MoveNet follows a person; poses are arrays of floats.
#include "posenet/human.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "errors.h"
#include "export.h"
#include "image_buffer.h"
#include "json_fields.h"
#include "model_handle.h"
#include "posenet/movenet.h"
#include "posenet/refine.h"

namespace posenet::wasm {
namespace {

struct EstimatorHandle {
  PoseEstimator estimator;
  std::string options;  // Those in force, as JSON.
  ImageBuffer image = {};
  std::vector<Pose> poses = {};
  std::vector<BoxedPose> people = {};
};

struct CropHandle {
  MoveNetCrop crop;
  Pose pose = {};
  SquareRegion region = {};
};

// JavaScript reads arrays of poses in place: each is its score, then x, y and score of each keypoint; with a box, then
// its left, top, right and bottom.
static_assert(sizeof(Pose) == (1 + 3 * kPartCount) * sizeof(float));
static_assert(sizeof(BoxedPose) == sizeof(Pose) + 4 * sizeof(float));
static_assert(sizeof(SquareRegion) == 3 * sizeof(double));

}  // namespace

// DecodeOptions and EstimatorOptions of bindings/js/src/core/options.ts.
template <typename Fields, typename Options>
void ListDecodeFields(Fields& fields, Options& options) {
  fields("decoder", options.decoder);
  fields("maxPoses", options.multi.max_poses);
  fields("scoreThreshold", options.multi.score_threshold);
  fields("nmsRadius", options.multi.nms_radius_px);
  fields.Flag("mirror", options.mirror, Mirror::kNone, Mirror::kHorizontal);
}

template <typename Fields>
void ListFields(Fields& fields, PoseDecodeOptions& options) {
  ListDecodeFields(fields, options);
}

template <typename Fields>
void ListFields(Fields& fields, PoseEstimatorOptions& options) {
  ListDecodeFields(fields, options);
  fields("inputWidth", options.input_width_px);
  fields("inputHeight", options.input_height_px);
  fields("outputStride", options.output_stride);
  fields("precision", options.precision);
  fields("fit", options.fit);
  fields("resampling", options.resampling);
  fields("threads", options.thread_count);
}

/// Runs `estimator` on its image; `size` bytes of JSON at `options` override its own options. Returns the number of
/// people, or -1 after an error.
template <typename Person>
int Run(EstimatorHandle& estimator, const ImageView& image, const char* options, std::size_t size,
        std::vector<Person>& people) {
  return Guard<int>(-1, [&]() -> Result<int> {
    POSENET_ASSIGN_OR_RETURN(const auto decode, ReadFields<PoseDecodeOptions>(options, size));
    POSENET_RETURN_IF_ERROR(estimator.estimator.Estimate(image, decode, people));
    return static_cast<int>(people.size());
  });
}

}  // namespace posenet::wasm

using posenet::wasm::CropHandle;
using posenet::wasm::EstimatorHandle;
using posenet::wasm::Guard;
using posenet::wasm::ModelHandle;

/// An estimator with the options of `size` bytes of JSON at `options`. `refiner` is a MoveNet that refines its poses,
/// or null. Null after an error.
POSENET_EXPORT(posenet_estimator_create)
EstimatorHandle* posenet_estimator_create(const ModelHandle* model, const ModelHandle* refiner, const char* options,
                                          std::size_t size) {
  using namespace posenet;        // NOLINT(google-build-using-namespace)
  using namespace posenet::wasm;  // NOLINT(google-build-using-namespace)
  return Guard<EstimatorHandle*>(nullptr, [&]() -> Result<EstimatorHandle*> {
    POSENET_ASSIGN_OR_RETURN(auto wanted, ReadFields<PoseEstimatorOptions>(options, size));
    if (refiner != nullptr) {
      POSENET_ASSIGN_OR_RETURN(PersonRefiner created,
                               PersonRefiner::Create(refiner->model, {.thread_count = wanted.thread_count}));
      wanted.refiner = std::make_shared<const PersonRefiner>(std::move(created));
    }
    POSENET_ASSIGN_OR_RETURN(PoseEstimator estimator, PoseEstimator::Create(model->model, wanted));
    std::string in_force = WriteFields(estimator.options());
    return std::make_unique<EstimatorHandle>(EstimatorHandle{std::move(estimator), std::move(in_force)}).release();
  });
}

/// The options in force, as JSON.
POSENET_EXPORT(posenet_estimator_options)
const char* posenet_estimator_options(const EstimatorHandle* estimator) { return estimator->options.c_str(); }

/// Memory for an image of `bytes` bytes, which posenet_estimator_run reads. Null after an error.
POSENET_EXPORT(posenet_estimator_image)
std::uint8_t* posenet_estimator_image(EstimatorHandle* estimator, std::size_t bytes) {
  return Guard<std::uint8_t*>(nullptr,
                              [&]() -> posenet::Result<std::uint8_t*> { return estimator->image.Reserve(bytes); });
}

/// Estimates the poses in the image; `size` bytes of JSON at `options` override the estimator's own. Returns the number
/// of poses, or -1 after an error.
POSENET_EXPORT(posenet_estimator_run)
int posenet_estimator_run(EstimatorHandle* estimator, int width, int height, int channels, const char* options,
                          std::size_t size) {
  return posenet::wasm::Run(*estimator, estimator->image.View(width, height, channels), options, size,
                            estimator->poses);
}

/// The same with boxes, for MoveNet MultiPose.
POSENET_EXPORT(posenet_estimator_run_boxed)
int posenet_estimator_run_boxed(EstimatorHandle* estimator, int width, int height, int channels, const char* options,
                                std::size_t size) {
  return posenet::wasm::Run(*estimator, estimator->image.View(width, height, channels), options, size,
                            estimator->people);
}

/// The poses of the last run.
POSENET_EXPORT(posenet_estimator_poses)
const float* posenet_estimator_poses(const EstimatorHandle* estimator) {
  return reinterpret_cast<const float*>(estimator->poses.data());
}

/// The poses and boxes of the last run with boxes.
POSENET_EXPORT(posenet_estimator_people)
const float* posenet_estimator_people(const EstimatorHandle* estimator) {
  return reinterpret_cast<const float*>(estimator->people.data());
}

POSENET_EXPORT(posenet_estimator_destroy)
void posenet_estimator_destroy(EstimatorHandle* estimator) { delete estimator; }

/// Null after an error.
POSENET_EXPORT(posenet_crop_create)
CropHandle* posenet_crop_create() {
  return Guard<CropHandle*>(nullptr,
                            []() -> posenet::Result<CropHandle*> { return std::make_unique<CropHandle>().release(); });
}

/// The region for a frame of that size: left, top and side in pixels.
POSENET_EXPORT(posenet_crop_region)
const double* posenet_crop_region(CropHandle* crop, int width, int height) {
  crop->region = crop->crop.Region(width, height);
  return &crop->region.left_px;
}

/// The pose that posenet_crop_update reads.
POSENET_EXPORT(posenet_crop_pose)
float* posenet_crop_pose(CropHandle* crop) { return &crop->pose.score; }

POSENET_EXPORT(posenet_crop_update)
void posenet_crop_update(CropHandle* crop, int width, int height) { crop->crop.Update(crop->pose, width, height); }

POSENET_EXPORT(posenet_crop_reset)
void posenet_crop_reset(CropHandle* crop) { crop->crop.Reset(); }

POSENET_EXPORT(posenet_crop_destroy)
void posenet_crop_destroy(CropHandle* crop) { delete crop; }
