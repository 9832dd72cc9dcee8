// SPDX-License-Identifier: Apache-2.0
// COCO evaluation and the formats of other programs.
#include "human/coco.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "errors.h"
#include "human/openpose.h"
#include "parts.h"
#include "pose_arrays.h"

namespace posenet::python {
namespace {

namespace py = pybind11;

py::dict Evaluate(const std::string& annotations_json, const std::string& annotations_name,
                  const std::string& results_json, const std::string& results_name) {
  human::coco::Summary summary;
  {
    const py::gil_scoped_release unlocked;
    const human::coco::Annotations annotations =
        ValueOrThrow(human::coco::ParseAnnotations(annotations_json, annotations_name));
    const std::vector<human::coco::Detection> detections =
        ValueOrThrow(human::coco::ParseDetections(results_json, results_name));
    ValueOrThrow(human::coco::CheckDetections(detections, annotations));
    std::vector<std::int64_t> image_ids;
    for (const human::coco::ImageEntry& image : annotations.images) image_ids.push_back(image.id);
    summary = human::coco::Evaluate(image_ids, annotations.persons, detections);
  }
  py::dict metrics;
  metrics["AP"] = summary.ap;
  metrics["AP50"] = summary.ap50;
  metrics["AP75"] = summary.ap75;
  metrics["AP_medium"] = summary.ap_medium;
  metrics["AP_large"] = summary.ap_large;
  metrics["AR"] = summary.ar;
  metrics["AR50"] = summary.ar50;
  metrics["AR75"] = summary.ar75;
  metrics["AR_medium"] = summary.ar_medium;
  metrics["AR_large"] = summary.ar_large;
  return metrics;
}

std::string ToOpenPose(const py::array& keypoints, const py::array& scores, const std::optional<py::array>& ids,
                       float min_keypoint_score) {
  const std::vector<std::int64_t> track_ids = ids ? IdsOf(*ids) : std::vector<std::int64_t>();
  return human::openpose::PosesToJson(PosesOf(keypoints, scores), track_ids, min_keypoint_score);
}

py::tuple FromOpenPose(const std::string& json, const std::string& name) {
  return ToArrays(ValueOrThrow(human::openpose::ParsePoses(json, name)));
}

}  // namespace

void DefineCoco(py::module_& module) {
  module.def("evaluate_coco", &Evaluate, py::arg("annotations_json"), py::arg("annotations_name"),
             py::arg("results_json"), py::arg("results_name"));
  module.def("to_openpose", &ToOpenPose, py::arg("keypoints"), py::arg("scores"), py::arg("ids"),
             py::arg("min_keypoint_score"));
  module.def("from_openpose", &FromOpenPose, py::arg("json"), py::arg("name"));
}

}  // namespace posenet::python
