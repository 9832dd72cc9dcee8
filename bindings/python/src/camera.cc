// SPDX-License-Identifier: Apache-2.0
// Camera relocalization: localizers, scenes and scores.
#include "posenet/camera.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "camera/metrics.h"
#include "camera/rigid_pose.h"
#include "camera/scene.h"
#include "camera/scene_reader.h"
#include "choices.h"
#include "errors.h"
#include "image_argument.h"
#include "parts.h"
#include "pose_arrays.h"
#include "posenet/model.h"

namespace posenet::python {
namespace {

namespace py = pybind11;

std::unique_ptr<CameraLocalizer> CreateLocalizer(const std::filesystem::path& file, int crops, int uncertainty_passes,
                                                 std::uint64_t seed, bool has_features, int threads,
                                                 const std::string& instruction_set) {
  const py::gil_scoped_release unlocked;
  const Model model = ValueOrThrow(Model::Load(file));
  return std::make_unique<CameraLocalizer>(ValueOrThrow(
      CameraLocalizer::Create(model, {.crops = crops,
                                      .uncertainty_passes = uncertainty_passes,
                                      .seed = seed,
                                      .features = has_features ? CameraFeatures::kReturned : CameraFeatures::kNone,
                                      .instruction_set = instruction_set,
                                      .thread_count = threads})));
}

// {"position", "rotation_wxyz", "position_std", "position_total_std", "rotation_std_deg", "features"}; None for what
// there is not.
py::dict ToDict(const CameraEstimate& estimate) {
  py::dict dict;
  dict["position"] = py::array_t<double>(3, estimate.pose.position.data());
  dict["rotation_wxyz"] = py::array_t<double>(4, estimate.pose.rotation_wxyz.data());
  const std::optional<CameraUncertainty>& uncertainty = estimate.uncertainty;
  dict["position_std"] =
      uncertainty ? py::object(py::array_t<double>(3, uncertainty->position_std.data())) : py::none();
  dict["position_total_std"] = uncertainty ? py::object(py::float_(uncertainty->position_total_std)) : py::none();
  dict["rotation_std_deg"] = uncertainty ? py::object(py::float_(uncertainty->rotation_std_deg)) : py::none();
  dict["features"] = estimate.features.empty() ? py::object(py::none())
                                               : py::array_t<float>(static_cast<py::ssize_t>(estimate.features.size()),
                                                                    estimate.features.data());
  return dict;
}

py::dict Localize(const CameraLocalizer& localizer, const py::object& image, const std::string& color) {
  const ImageArgument argument(image, color);
  CameraEstimate estimate;
  {
    const py::gil_scoped_release unlocked;
    estimate = ValueOrThrow(localizer.Localize(argument.view()));
  }
  return ToDict(estimate);
}

py::list LocalizeSequence(const CameraLocalizer& localizer, const py::sequence& images, const std::string& color) {
  std::vector<std::unique_ptr<ImageArgument>> arguments;
  std::vector<ImageView> views;
  for (const py::handle image : images) {
    arguments.push_back(std::make_unique<ImageArgument>(py::reinterpret_borrow<py::object>(image), color));
    views.push_back(arguments.back()->view());
  }
  std::vector<CameraEstimate> estimates;
  {
    const py::gil_scoped_release unlocked;
    estimates = ValueOrThrow(localizer.LocalizeSequence(views));
  }
  py::list dicts;
  for (const CameraEstimate& estimate : estimates) dicts.append(ToDict(estimate));
  return dicts;
}

py::dict SceneOf(const CameraLocalizer& localizer) {
  const CameraScene& scene = localizer.scene();
  py::dict dict;
  dict["name"] = scene.name;
  dict["length_unit"] = scene.length_unit == LengthUnit::kMeters ? "meters" : "arbitrary";
  dict["sequence_length"] = scene.sequence_length;
  return dict;
}

std::array<double, 7> Numbers(const camera::RigidPose& pose) {
  return {pose.translation_m.x, pose.translation_m.y, pose.translation_m.z, pose.rotation.w,
          pose.rotation.x,      pose.rotation.y,      pose.rotation.z};
}

py::object IntrinsicsOf(const camera::Scene& scene, const camera::Frame& frame) {
  if (!frame.camera) return py::none();
  const camera::Intrinsics& camera = scene.cameras[*frame.camera];
  return py::make_tuple(camera.width_px, camera.height_px, camera.focal_x_px, camera.focal_y_px, camera.center_x_px,
                        camera.center_y_px);
}

py::dict ReadScene(const std::filesystem::path& data, const std::optional<std::string>& format,
                   std::optional<double> holdout, bool needs_photos) {
  camera::ReadSceneOptions options = {.format = std::nullopt,
                                      .photos = needs_photos ? camera::Photos::kRequired : camera::Photos::kOptional,
                                      .holdout = holdout};
  if (format) {
    options.format = camera::FormatOf(*format);
    if (!options.format) {
      FailArgument(base::StrCat("format: expected '7scenes', 'cambridge', 'colmap', 'nerf', 'tum' or 'csv', got '",
                                base::Printable(*format), "'"));
    }
  }
  camera::Scene scene;
  {
    const py::gil_scoped_release unlocked;
    scene = ValueOrThrow(camera::ReadScene(data, options));
  }
  py::list frames;
  for (const camera::Frame& frame : scene.frames) {
    py::dict dict;
    dict["name"] = frame.name;
    dict["image"] = frame.image.string();
    dict["is_test"] = frame.split == camera::Split::kTest;
    dict["sequence"] = frame.sequence;
    dict["time_s"] = frame.time_s;
    dict["pose"] = Numbers(frame.world_from_cam);
    dict["intrinsics"] = IntrinsicsOf(scene, frame);
    frames.append(std::move(dict));
  }
  py::dict dict;
  dict["format"] = std::string(camera::FormatName(scene.format));
  dict["length_unit"] = scene.units == LengthUnit::kMeters ? "meters" : "arbitrary";
  dict["is_held_out"] = scene.split_origin == camera::SplitOrigin::kHeldOut;
  dict["remarks"] = scene.remarks;
  dict["frames"] = std::move(frames);
  return dict;
}

camera::RigidPose PoseOf(const double* numbers, const char* name, py::ssize_t row) {
  const auto checked = camera::CheckQuaternion({numbers[3], numbers[4], numbers[5], numbers[6]});
  const bool is_finite = std::isfinite(numbers[0]) && std::isfinite(numbers[1]) && std::isfinite(numbers[2]);
  if (!checked.has_value() || !is_finite || checked->defect != camera::RotationDefect::kNone) {
    FailArgument(base::StrCat(name, "[", row, "]: expected finite numbers x, y, z and a unit quaternion w, x, y, z"));
  }
  return {.rotation = checked->rotation, .translation_m = {numbers[0], numbers[1], numbers[2]}};
}

using PoseRows = PlainArray<double>;

py::dict Score(const PoseRows& truth, const PoseRows& estimates) {
  const auto is_valid = [](const PoseRows& rows) { return rows.ndim() == 2 && rows.shape(1) == 7; };
  if (!is_valid(truth) || !is_valid(estimates) || truth.shape(0) != estimates.shape(0)) {
    FailArgument("truth and estimates: expected arrays of shape (n, 7) with the same n");
  }
  std::vector<camera::PoseError> errors;
  for (py::ssize_t row = 0; row < truth.shape(0); ++row) {
    const camera::RigidPose pose = PoseOf(truth.data(row, 0), "truth", row);
    const bool is_missing = std::isnan(*estimates.data(row, 0));
    errors.push_back(is_missing ? camera::kMissing
                                : camera::ErrorOf(pose, PoseOf(estimates.data(row, 0), "estimates", row)));
  }
  const camera::ErrorSummary summary = camera::Summarize(errors);
  py::dict within;
  for (std::size_t i = 0; i < camera::kThresholds.size(); ++i) {
    within[py::str(std::string(camera::kThresholds[i].name))] = summary.shares[i];
  }
  const auto pair = [](const camera::PoseError& error) { return py::make_tuple(error.position_m, error.rotation_deg); };
  py::dict dict;
  dict["frame_count"] = summary.frame_count;
  dict["missing_count"] = summary.missing_count;
  dict["median"] = pair(summary.median);
  dict["mean"] = pair(summary.mean);
  dict["percentile_90"] = pair(summary.percentile_90);
  dict["within"] = std::move(within);
  py::array_t<double> rows({static_cast<py::ssize_t>(errors.size()), py::ssize_t{2}});
  for (std::size_t i = 0; i < errors.size(); ++i) {
    rows.mutable_at(static_cast<py::ssize_t>(i), 0) = errors[i].position_m;
    rows.mutable_at(static_cast<py::ssize_t>(i), 1) = errors[i].rotation_deg;
  }
  dict["errors"] = std::move(rows);
  return dict;
}

}  // namespace

void DefineCamera(py::module_& module) {
  py::class_<CameraLocalizer>(module, "Localizer")
      .def(py::init(&CreateLocalizer), py::kw_only(), py::arg("file"), py::arg("crops"), py::arg("uncertainty_passes"),
           py::arg("seed"), py::arg("has_features"), py::arg("threads"), py::arg("instruction_set"))
      .def("localize", &Localize, py::arg("image"), py::arg("color"))
      .def("localize_sequence", &LocalizeSequence, py::arg("images"), py::arg("color"))
      .def("scene", &SceneOf);
  module.def("read_scene", &ReadScene, py::arg("data"), py::arg("format"), py::arg("holdout"), py::arg("needs_photos"));
  module.def("score_poses", &Score, py::arg("truth"), py::arg("estimates"));
}

}  // namespace posenet::python
