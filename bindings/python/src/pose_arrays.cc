// SPDX-License-Identifier: Apache-2.0
#include "pose_arrays.h"

#include <cstddef>
#include <string>

#include "base/strings.h"
#include "errors.h"

namespace posenet::python {
namespace {

namespace py = pybind11;

template <typename T>
PlainArray<T> Converted(const py::array& array, const char* name) {
  const char kind = array.dtype().kind();
  const bool is_number = kind == 'f' || kind == 'i' || kind == 'u';
  auto converted = PlainArray<T>::ensure(array);
  if (!is_number || !converted) {
    PyErr_Clear();
    FailArgument(base::StrCat(name, ": expected an array of numbers, got ", std::string(py::str(array.dtype()))));
  }
  return converted;
}

}  // namespace

py::tuple ToArrays(std::span<const Pose> poses) {
  const auto count = static_cast<py::ssize_t>(poses.size());
  py::array_t<float> keypoints({count, py::ssize_t{kPartCount}, py::ssize_t{3}});
  py::array_t<float> scores(count);
  float* keypoint = keypoints.mutable_data();
  float* score = scores.mutable_data();
  for (const Pose& pose : poses) {
    *score++ = pose.score;
    for (const auto& [position, keypoint_score] : pose.keypoints) {
      *keypoint++ = position.x;
      *keypoint++ = position.y;
      *keypoint++ = keypoint_score;
    }
  }
  return py::make_tuple(keypoints, scores);
}

std::vector<Pose> PosesOf(const py::array& keypoints, const py::array& scores) {
  if (keypoints.ndim() != 3 || keypoints.shape(1) != kPartCount || keypoints.shape(2) != 3) {
    FailArgument("keypoints: expected an array of shape (n, 17, 3)");
  }
  if (scores.ndim() != 1 || scores.shape(0) != keypoints.shape(0)) {
    FailArgument("scores: expected an array of shape (n,), with as many elements as keypoints has poses");
  }
  const auto keypoint_values = Converted<float>(keypoints, "keypoints");
  const auto score_values = Converted<float>(scores, "scores");
  const float* value = keypoint_values.data();
  std::vector<Pose> poses(static_cast<std::size_t>(scores.shape(0)));
  for (std::size_t i = 0; i < poses.size(); ++i) {
    poses[i].score = score_values.data()[i];
    for (Keypoint& keypoint : poses[i].keypoints) {
      keypoint = {.position_px = {value[0], value[1]}, .score = value[2]};
      value += 3;
    }
  }
  return poses;
}

py::array_t<std::int64_t> ToArray(std::span<const std::int64_t> ids) {
  return py::array_t<std::int64_t>(static_cast<py::ssize_t>(ids.size()), ids.data());
}

std::vector<std::int64_t> IdsOf(const py::array& ids) {
  if (ids.ndim() != 1) FailArgument("ids: expected an array of shape (n,)");
  const auto values = Converted<std::int64_t>(ids, "ids");
  return {values.data(), values.data() + values.size()};
}

}  // namespace posenet::python
