// SPDX-License-Identifier: Apache-2.0
// PoseEstimator, with models chosen as the command chooses them.
#include "estimator.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "choices.h"
#include "common/human_options.h"
#include "common/human_preset.h"
#include "image_argument.h"
#include "parts.h"
#include "pose_arrays.h"

namespace posenet::python {
namespace {

namespace py = pybind11;

constexpr Choice<Precision> kPrecisions[] = {{"auto", Precision::kAuto},
                                             {"fp32", Precision::kFloat32},
                                             {"bf16", Precision::kBFloat16},
                                             {"int8", Precision::kInt8}};
constexpr Choice<ImageFit> kFits[] = {
    {"pad", ImageFit::kPad}, {"stretch", ImageFit::kStretch}, {"crop", ImageFit::kCrop}};
constexpr Choice<Resampling> kResamplings[] = {
    {"bilinear", Resampling::kBilinear}, {"nearest", Resampling::kNearest}, {"antialiased", Resampling::kAntialiased}};
constexpr Choice<app::Preset> kPresets[] = {{"tfjs", app::Preset::kTfjs}};
// "single" is what --single is to the command.
constexpr Choice<PoseDecoder> kEstimatorDecoders[] = {{"hough", PoseDecoder::kHough},
                                                      {"tfjs", PoseDecoder::kTfjsMultiple},
                                                      {"coral", PoseDecoder::kCoral},
                                                      {"single", PoseDecoder::kTfjsSingle}};

std::shared_ptr<Estimator> CreateEstimator(
    const std::string& model, int width_px, int height_px, const std::string& precision, int threads,
    const std::optional<std::string>& decoder, std::optional<int> max_poses, std::optional<float> score_threshold,
    std::optional<float> nms_radius_px, const std::optional<std::string>& fit,
    const std::optional<std::string>& resampling, int output_stride, bool is_mirrored, const std::string& refine,
    const std::string& proposals, const std::optional<std::string>& preset, const std::string& instruction_set) {
  app::HumanOptions options;
  options.model = model;
  options.preset = ChoiceOf("preset", preset, kPresets);
  const Precision given = ChoiceOf("precision", std::string_view(precision), kPrecisions);
  // A preset brings its own.
  if (given != Precision::kAuto || !options.preset) options.precision = given;
  options.estimator = {
      .input_width_px = width_px,
      .input_height_px = height_px,
      .fit = ChoiceOf("fit", fit, kFits),
      .resampling = ChoiceOf("resampling", resampling, kResamplings),
      .output_stride = output_stride,
      .decoder = ChoiceOf("decoder", decoder, kEstimatorDecoders),
      .multi = {.max_poses = max_poses, .score_threshold = score_threshold, .nms_radius_px = nms_radius_px},
      .mirror = is_mirrored ? Mirror::kHorizontal : Mirror::kNone,
      .instruction_set = instruction_set,
      .thread_count = threads};
  options.refine = {.refine = refine, .proposals = proposals};
  const py::gil_scoped_release unlocked;
  app::Engine engine = app::CreateEngine(options);
  return std::make_shared<Estimator>(
      Estimator{.model = std::move(engine.model), .estimator = std::move(engine.estimator)});
}

// (keypoints, scores, (width, height)).
py::tuple Estimate(const Estimator& estimator, const py::object& image, const std::string& color) {
  const ImageArgument argument(image, color);
  std::vector<Pose> poses;
  {
    const py::gil_scoped_release unlocked;
    ValueOrThrow(estimator.estimator.Estimate(argument.view(), poses));
  }
  const py::tuple arrays = ToArrays(poses);
  return py::make_tuple(arrays[0], arrays[1], py::make_tuple(argument.view().width_px, argument.view().height_px));
}

py::dict OptionsInEffect(const Estimator& estimator) {
  const PoseEstimatorOptions& options = estimator.estimator.options();
  py::dict dict;
  dict["model"] = estimator.model.name;
  dict["size"] = py::make_tuple(options.input_width_px, options.input_height_px);
  dict["output_stride"] = options.output_stride;
  dict["precision"] = std::string(NameOfChoice(options.precision, kPrecisions));
  dict["instruction_set"] = options.instruction_set;
  dict["threads"] = options.thread_count;
  dict["decoder"] = std::string(app::DecoderName(*options.decoder));
  dict["fit"] = std::string(NameOfChoice(*options.fit, kFits));
  dict["resampling"] = std::string(NameOfChoice(*options.resampling, kResamplings));
  dict["max_poses"] = *options.multi.max_poses;
  dict["score_threshold"] = *options.multi.score_threshold;
  dict["nms_radius_px"] = *options.multi.nms_radius_px;
  return dict;
}

}  // namespace

void DefineEstimator(py::module_& module) {
  py::class_<Estimator, std::shared_ptr<Estimator>>(module, "Estimator")
      .def(py::init(&CreateEstimator), py::kw_only(), py::arg("model"), py::arg("width_px"), py::arg("height_px"),
           py::arg("precision"), py::arg("threads"), py::arg("decoder"), py::arg("max_poses"),
           py::arg("score_threshold"), py::arg("nms_radius_px"), py::arg("fit"), py::arg("resampling"),
           py::arg("output_stride"), py::arg("is_mirrored"), py::arg("refine"), py::arg("proposals"), py::arg("preset"),
           py::arg("instruction_set"))
      .def("estimate", &Estimate, py::arg("image"), py::arg("color"))
      .def("options", &OptionsInEffect);
}

}  // namespace posenet::python
