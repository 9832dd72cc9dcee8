// SPDX-License-Identifier: Apache-2.0
// Decoders for the raw maps of any runtime.
#include "posenet/decode.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/strings.h"
#include "choices.h"
#include "errors.h"
#include "parts.h"
#include "pose_arrays.h"

namespace posenet::python {
namespace {

namespace py = pybind11;

constexpr Choice<PoseDecoder> kDecoders[] = {{"hough", PoseDecoder::kHough},
                                             {"tfjs", PoseDecoder::kTfjsMultiple},
                                             {"tfjs_single", PoseDecoder::kTfjsSingle},
                                             {"coral", PoseDecoder::kCoral}};

// A map as the decoders read it, and the array that owns it.
struct Map {
  py::array_t<float> owner;
  MapView view;
};

// `array` is [height, width, channels], float32.
Map MapOf(const py::array& array, int channels, const char* name) {
  if (array.ndim() != 3 || array.shape(2) != channels) {
    FailArgument(base::StrCat(name, ": expected ", channels, " channels"));
  }
  constexpr py::ssize_t kFloat = sizeof(float);
  const auto is_view = [&] {
    const py::ssize_t pixel = array.strides(1);
    const bool is_aligned = reinterpret_cast<std::uintptr_t>(array.data()) % alignof(float) == 0;
    return py::isinstance<py::array_t<float>>(array) && is_aligned && array.strides(2) == kFloat &&
           pixel % kFloat == 0 && pixel >= channels * kFloat && array.strides(0) == pixel * array.shape(1);
  };
  if (is_view()) {
    const auto floats = py::array_t<float>(array);
    return {.owner = floats,
            .view = {.data = floats.data(), .pixel_stride = static_cast<int>(array.strides(1) / kFloat)}};
  }
  const auto copy = PlainArray<float>(array);
  return {.owner = copy, .view = {.data = copy.data()}};
}

py::tuple Decode(const py::array& heatmap, const py::array& offsets, const std::optional<py::array>& displacement_fwd,
                 const std::optional<py::array>& displacement_bwd, int output_stride, const std::string& decoder_name,
                 bool is_logits, std::optional<int> max_poses, std::optional<float> score_threshold,
                 std::optional<float> nms_radius_px) {
  const PoseDecoder decoder = ChoiceOf("decoder", std::string_view(decoder_name), kDecoders);
  std::vector<Map> maps = {MapOf(heatmap, kPartCount, "heatmap"), MapOf(offsets, 2 * kPartCount, "offsets")};
  constexpr int kEdgeChannels = 32;
  if (displacement_fwd) maps.push_back(MapOf(*displacement_fwd, kEdgeChannels, "displacement_fwd"));
  if (displacement_bwd) maps.push_back(MapOf(*displacement_bwd, kEdgeChannels, "displacement_bwd"));
  for (const Map& map : maps) {
    if (map.owner.shape(0) != heatmap.shape(0) || map.owner.shape(1) != heatmap.shape(1)) {
      FailArgument("maps: expected the same height and width in all of them");
    }
  }
  if (decoder != PoseDecoder::kTfjsSingle && maps.size() != 4) {
    FailArgument(base::StrCat("decoder '", decoder_name, "' needs displacement_fwd and displacement_bwd"));
  }
  const PoseMaps pose_maps = {.height = static_cast<int>(heatmap.shape(0)),
                              .width = static_cast<int>(heatmap.shape(1)),
                              .output_stride = output_stride,
                              .heatmap_kind = is_logits ? HeatmapKind::kLogits : HeatmapKind::kProbabilities,
                              .heatmap = maps[0].view,
                              .offsets = maps[1].view,
                              .displacement_fwd = maps.size() == 4 ? maps[2].view : MapView{},
                              .displacement_bwd = maps.size() == 4 ? maps[3].view : MapView{}};
  MultiPoseOptions options = DefaultMultiPoseOptions(decoder);
  options.max_poses = max_poses.value_or(options.max_poses);
  options.score_threshold = score_threshold.value_or(options.score_threshold);
  options.nms_radius_px = nms_radius_px.value_or(options.nms_radius_px);
  std::vector<Pose> poses;
  {
    const py::gil_scoped_release unlocked;
    switch (decoder) {
      case PoseDecoder::kTfjsSingle:
        poses = {ValueOrThrow(DecodeSinglePose(pose_maps))};
        break;
      case PoseDecoder::kTfjsMultiple:
        poses = ValueOrThrow(DecodeMultiplePoses(pose_maps, options));
        break;
      case PoseDecoder::kCoral:
        poses = ValueOrThrow(DecodeMultiplePosesCoral(pose_maps, options));
        break;
      default:
        poses = ValueOrThrow(DecodeMultiplePosesHough(pose_maps, options));
    }
  }
  return ToArrays(poses);
}

}  // namespace

void DefineDecode(py::module_& module) {
  module.def("decode", &Decode, py::arg("heatmap"), py::arg("offsets"), py::arg("displacement_fwd"),
             py::arg("displacement_bwd"), py::arg("output_stride"), py::arg("decoder"), py::arg("is_logits"),
             py::arg("max_poses"), py::arg("score_threshold"), py::arg("nms_radius_px"));
}

}  // namespace posenet::python
