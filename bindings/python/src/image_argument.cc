// SPDX-License-Identifier: Apache-2.0
#include "image_argument.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "errors.h"
#include "image/antialias.h"
#include "image/size.h"
#include "media/image_file.h"

namespace posenet::python {
namespace {

namespace py = pybind11;

std::string ShapeText(const py::array& array) {
  return py::str(py::tuple(py::cast(std::vector<py::ssize_t>(array.shape(), array.shape() + array.ndim()))));
}

PixelFormat FormatOf(py::ssize_t channels, const std::string& color) {
  if (channels == 1) return PixelFormat::kGray;
  if (color == "bgr") return channels == 3 ? PixelFormat::kBgr : PixelFormat::kBgra;
  return channels == 3 ? PixelFormat::kRgb : PixelFormat::kRgba;
}

// Anything that NumPy can view as an array: PIL images, tensors of other libraries.
py::array AsArray(const py::object& image) {
  if (py::isinstance<py::array>(image)) return image;
  const py::module_ numpy = py::module_::import("numpy");
  if (py::hasattr(image, "mode") && py::hasattr(image, "convert")) {
    // PIL: palettes, CMYK and 16-bit images become RGB.
    const std::string mode = py::str(image.attr("mode"));
    const bool is_plain = mode == "RGB" || mode == "RGBA" || mode == "L";
    return numpy.attr("asarray")(is_plain ? image : py::object(image.attr("convert")("RGB")));
  }
  if (py::hasattr(image, "__array__") || py::hasattr(image, "__array_interface__")) {
    return numpy.attr("asarray")(image);
  }
  throw py::type_error(base::StrCat("image: expected an array, a PIL image, a path or the bytes of an image file, got ",
                                    std::string(py::str(py::type::of(image).attr("__name__")))));
}

}  // namespace

ImageArgument::ImageArgument(const py::object& image, const std::string& color) {
  if (color != "rgb" && color != "bgr") FailArgument("color: expected 'rgb' or 'bgr', got '" + color + "'");
  const bool is_path = py::isinstance<py::str>(image) || py::hasattr(image, "__fspath__");
  const bool is_bytes =
      py::isinstance<py::bytes>(image) || py::isinstance<py::bytearray>(image) || py::isinstance<py::memoryview>(image);
  if (is_path) {
    const std::filesystem::path path = PathOf(image);
    const py::gil_scoped_release unlocked;
    decoded_ = ValueOrThrow(media::ReadImageFile(path));
    view_ = decoded_.View();
  } else if (is_bytes) {
    const py::buffer_info bytes = image.cast<py::buffer>().request();
    if (bytes.ndim != 1 || bytes.itemsize != 1 || (bytes.size > 0 && bytes.strides[0] != 1)) {
      FailArgument("image: expected the bytes of an image file in one piece; for pixels, pass a NumPy array");
    }
    const std::span content(static_cast<const std::byte*>(bytes.ptr), static_cast<std::size_t>(bytes.size));
    const py::gil_scoped_release unlocked;
    decoded_ = ValueOrThrow(media::DecodeImage(content, "image"));
    view_ = decoded_.View();
  } else {
    SetArray(AsArray(image), color);
  }
}

void ImageArgument::SetArray(const py::array& array, const std::string& color) {
  if (!py::isinstance<py::array_t<std::uint8_t>>(array)) {
    FailArgument(base::StrCat("image: expected an array of uint8, got ", std::string(py::str(array.dtype())),
                              "; values from 0 to 1 are converted by (image * 255).astype(numpy.uint8)"));
  }
  const py::ssize_t channels = array.ndim() == 3 ? array.shape(2) : 1;
  const bool is_image = (array.ndim() == 2 || array.ndim() == 3) && (channels == 1 || channels == 3 || channels == 4);
  if (!is_image || array.size() == 0) {
    FailArgument("image: expected an array of shape (height, width), (height, width, 3) or (height, width, 4), got " +
                 ShapeText(array));
  }
  constexpr py::ssize_t kMaxSide = std::numeric_limits<int>::max();
  if (array.shape(0) > kMaxSide || array.shape(1) > kMaxSide) FailArgument("image: is too large: " + ShapeText(array));
  py::array pixels = array;
  std::string order = color;
  const bool has_channels = array.ndim() == 3 && channels > 1;
  const auto* data = static_cast<const std::uint8_t*>(array.data());
  // image[..., ::-1], the usual way to swap the order of channels, is a view with a negative stride.
  if (has_channels && channels == 3 && array.strides(2) == -1 && (array.shape(1) == 1 || array.strides(1) == 3)) {
    data -= 2;
    order = color == "rgb" ? "bgr" : "rgb";
  } else {
    const bool is_packed =
        (!has_channels || array.strides(2) == 1) && (array.shape(1) == 1 || array.strides(1) == channels);
    // Rows may have any distance, also a negative one, but must not overlap, as those of a broadcast array do.
    const py::ssize_t row_bytes = array.shape(1) * channels;
    const bool has_rows = array.shape(0) == 1 || std::abs(array.strides(0)) >= row_bytes;
    if (!is_packed || !has_rows) {
      pixels = py::array_t<std::uint8_t, py::array::c_style | py::array::forcecast>(array);
      data = static_cast<const std::uint8_t*>(pixels.data());
    }
  }
  view_ = {.data = data,
           .width_px = static_cast<int>(array.shape(1)),
           .height_px = static_cast<int>(array.shape(0)),
           .row_stride_bytes = array.shape(0) == 1 ? 0 : pixels.strides(0),
           .format = FormatOf(channels, order)};
  owner_ = std::move(pixels);
}

std::filesystem::path PathOf(const py::object& path) {
  PyObject* bytes = nullptr;
  if (PyUnicode_FSConverter(path.ptr(), &bytes) == 0) throw py::error_already_set();
  return {std::string(py::reinterpret_steal<py::bytes>(bytes))};
}

py::array_t<std::uint8_t> ToArray(image::Image&& image) {
  auto owned = std::make_unique<image::Image>(std::move(image));
  const image::Image& pixels = *owned;
  py::capsule owner(owned.get(), [](void* pointer) { delete static_cast<image::Image*>(pointer); });
  owned.release();
  return py::array_t<std::uint8_t>({py::ssize_t{pixels.height_px}, py::ssize_t{pixels.width_px}, py::ssize_t{3}},
                                   pixels.rgb.data(), owner);
}

image::Image CopyRgb(const ImageView& view) {
  ValueOrThrow(image::CheckView(view));
  image::Image copy = {.width_px = view.width_px, .height_px = view.height_px, .rgb = {}};
  copy.rgb.resize(static_cast<std::size_t>(view.width_px) * static_cast<std::size_t>(view.height_px) * 3);
  image::AntialiasResizer().Run(view, {.width_px = 1.0 * view.width_px, .height_px = 1.0 * view.height_px},
                                image::SizeOf(view), copy.rgb);
  return copy;
}

}  // namespace posenet::python
