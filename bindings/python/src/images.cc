// SPDX-License-Identifier: Apache-2.0
// Image files and drawing.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "errors.h"
#include "image_argument.h"
#include "media/codecs.h"
#include "media/draw.h"
#include "media/image_file.h"
#include "parts.h"
#include "pose_arrays.h"

namespace posenet::python {
namespace {

namespace py = pybind11;

py::array ReadImage(const py::object& image, const std::string& color) {
  const ImageArgument argument(image, color);
  image::Image copy;
  {
    const py::gil_scoped_release unlocked;
    copy = CopyRgb(argument.view());
  }
  return ToArray(std::move(copy));
}

py::bytes EncodePng(const py::object& image, const std::string& color) {
  const ImageArgument argument(image, color);
  std::vector<std::byte> png;
  {
    const py::gil_scoped_release unlocked;
    png = ValueOrThrow(media::EncodePng(CopyRgb(argument.view())));
  }
  return {reinterpret_cast<const char*>(png.data()), png.size()};
}

void WriteImage(const std::filesystem::path& path, const py::object& image, const std::string& color) {
  const ImageArgument argument(image, color);
  const py::gil_scoped_release unlocked;
  ValueOrThrow(media::WriteImageFile(path, CopyRgb(argument.view())));
}

py::array DrawPoses(const py::object& image, const std::string& color, const py::array& keypoints,
                    const py::array& scores, const std::optional<py::array>& ids, float min_keypoint_score,
                    int min_longer_side_px) {
  const ImageArgument argument(image, color);
  const std::vector<Pose> poses = PosesOf(keypoints, scores);
  const std::vector<std::int64_t> track_ids = ids ? IdsOf(*ids) : std::vector<std::int64_t>();
  if (ids && track_ids.size() != poses.size()) FailArgument("ids: expected as many as there are poses");
  constexpr int kMaxSidePx = 10'000;
  if (min_longer_side_px < 0 || min_longer_side_px > kMaxSidePx) {
    FailArgument("min_longer_side_px: expected a number from 0 to 10000");
  }
  image::Image drawing;
  {
    const py::gil_scoped_release unlocked;
    drawing = media::DrawPoses(
        CopyRgb(argument.view()), poses,
        {.min_keypoint_score = min_keypoint_score, .min_longer_side_px = min_longer_side_px, .ids = track_ids});
  }
  return ToArray(std::move(drawing));
}

}  // namespace

void DefineImages(py::module_& module) {
  module.def("read_image", &ReadImage, py::arg("image"), py::arg("color"));
  module.def("encode_png", &EncodePng, py::arg("image"), py::arg("color"));
  module.def("write_image", &WriteImage, py::arg("path"), py::arg("image"), py::arg("color"));
  module.def("draw_poses", &DrawPoses, py::arg("image"), py::arg("color"), py::arg("keypoints"), py::arg("scores"),
             py::arg("ids"), py::arg("min_keypoint_score"), py::arg("min_longer_side_px"));
}

}  // namespace posenet::python
