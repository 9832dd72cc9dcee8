// SPDX-License-Identifier: Apache-2.0
// Images as Python has them.
#ifndef POSENET_PYTHON_IMAGE_ARGUMENT_H_
#define POSENET_PYTHON_IMAGE_ARGUMENT_H_

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <filesystem>
#include <optional>
#include <string>

#include "image/image.h"
#include "posenet/image.h"

namespace posenet::python {

/// An image that a Python caller passed, and what keeps its pixels in memory. Create and destroy it with the GIL.
class ImageArgument {
 public:
  /// `image` is an array of uint8, [height, width], [height, width, 1], [height, width, 3] or [height, width, 4], or
  /// something that NumPy makes one of (of PIL, RGB); a path; or the content of an image file (bytes and the like).
  /// `color` is "rgb" or "bgr", the order of an array's channels. Arrays are not copied unless the channels of a pixel
  /// are apart. Files are read and decoded without the GIL.
  /// Throws LibraryError and, for objects of other kinds, pybind11::type_error.
  ImageArgument(const pybind11::object& image, const std::string& color);

  /// Valid as long as this.
  [[nodiscard]] const ImageView& view() const { return view_; }

 private:
  void SetArray(const pybind11::array& array, const std::string& color);

  pybind11::object owner_;
  image::Image decoded_;
  ImageView view_;
};

/// The file that a str, bytes or os.PathLike names; throws pybind11::error_already_set as Python does, such as for a
/// null character.
std::filesystem::path PathOf(const pybind11::object& path);

/// The pixels of `image` as a new array [height, width, 3], RGB.
pybind11::array_t<std::uint8_t> ToArray(image::Image&& image);

/// A copy of the pixels that `view` shows.
image::Image CopyRgb(const ImageView& view);

}  // namespace posenet::python

#endif  // POSENET_PYTHON_IMAGE_ARGUMENT_H_
