// SPDX-License-Identifier: Apache-2.0
// Poses as arrays.
#ifndef POSENET_PYTHON_POSE_ARRAYS_H_
#define POSENET_PYTHON_POSE_ARRAYS_H_

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <span>
#include <vector>

#include "posenet/pose.h"

namespace posenet::python {

/// An array of that type as C++ has it, converted or copied where the caller's is not: rows first, in one piece,
/// aligned. NumPy's arrays may be at any address, such as in the middle of a file's content.
template <typename T>
using PlainArray = pybind11::array_t<T, pybind11::array::c_style | pybind11::array::forcecast |
                                            pybind11::detail::npy_api::NPY_ARRAY_ALIGNED_>;

/// (keypoints float32 [n, 17, 3]: x and y in pixels and the score; scores float32 [n]).
pybind11::tuple ToArrays(std::span<const Pose> poses);

/// The reverse. Arrays of other types are converted. Throws LibraryError for other shapes.
std::vector<Pose> PosesOf(const pybind11::array& keypoints, const pybind11::array& scores);

/// An int64 array [n].
pybind11::array_t<std::int64_t> ToArray(std::span<const std::int64_t> ids);
std::vector<std::int64_t> IdsOf(const pybind11::array& ids);

}  // namespace posenet::python

#endif  // POSENET_PYTHON_POSE_ARRAYS_H_
