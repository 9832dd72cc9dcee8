// SPDX-License-Identifier: Apache-2.0
// Quantization of model files.
#include "quantize/quantize.h"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/strings.h"
#include "base/thread_pool.h"
#include "calibrate/calibrate.h"
#include "choices.h"
#include "common/inputs.h"
#include "errors.h"
#include "image/image.h"
#include "image_argument.h"
#include "model/model_file.h"
#include "parts.h"
#include "posenet/runtime.h"

namespace posenet::python {
namespace {

namespace py = pybind11;
namespace fs = std::filesystem;
using quantize::WeightFormat;

constexpr Choice<WeightFormat> kFormats[] = {{"int8", WeightFormat::kInt8}, {"bf16", WeightFormat::kBFloat16}};

// `images` with the images in place of their folders.
std::vector<py::object> WithoutFolders(const std::vector<py::object>& images) {
  std::vector<py::object> expanded;
  for (const py::object& image : images) {
    std::error_code ignored;
    const bool is_path = py::isinstance<py::str>(image) || py::hasattr(image, "__fspath__");
    if (!is_path || !fs::is_directory(PathOf(image), ignored)) {
      expanded.push_back(image);
      continue;
    }
    const std::string folder = PathOf(image).native();
    for (const app::Input& input : app::ExpandInputs({&folder, 1})) {
      if (input.error) throw LibraryError(*input.error);
      expanded.push_back(py::cast(fs::path(input.name)));
    }
  }
  return expanded;
}

std::vector<image::Image> ReadImages(const std::vector<py::object>& arguments, const std::string& color) {
  std::vector<image::Image> images;
  for (const std::size_t i : calibrate::EvenSample(arguments.size(), calibrate::kMaxImages)) {
    const ImageArgument argument(arguments[i], color);
    images.push_back(CopyRgb(argument.view()));
  }
  return images;
}

// Lets Python stop the work, as Ctrl-C does.
void CheckSignals() {
  const py::gil_scoped_acquire locked;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

void Quantize(const fs::path& file, const std::vector<py::object>& arguments, const std::string& color,
              const fs::path& output, const std::string& to, const std::string& name, const std::vector<int>& sizes_px,
              std::optional<double> time_budget, int thread_count) {
  const WeightFormat format = ChoiceOf("to", std::string_view(to), kFormats);
  if (format == WeightFormat::kBFloat16 && time_budget) FailArgument("time_budget: has no effect with 'bf16'");
  if (thread_count < 0 || thread_count > kMaxThreads) {
    FailArgument(base::StrCat("threads: expected a number from 0 to ", kMaxThreads, ", got ", thread_count));
  }
  std::error_code ignored;
  if (fs::equivalent(file, output, ignored)) FailArgument("output: is the model itself; expected another file");
  const std::vector<image::Image> images = ReadImages(WithoutFolders(arguments), color);
  const py::gil_scoped_release unlocked;
  // Opened and dropped, so that an error is reported before the work.
  ValueOrThrow(base::AtomicFile::Create(output));
  const model::LoadedModel model = ValueOrThrow(model::LoadModelFile(file));
  const calibrate::Options options = {.name = name,
                                      .format = format,
                                      .sides_px = sizes_px,
                                      .time_budget = time_budget,
                                      .thread_count = thread_count == 0 ? base::AvailableCores() : thread_count,
                                      .on_progress = [](std::size_t, std::size_t) { CheckSignals(); }};
  Result<quantize::QuantizedModel> quantized = calibrate::Quantize(model, images, options);
  if (!quantized) {
    quantized.error().message = base::StrCat(base::Printable(file.native()), ": ", quantized.error().message);
  }
  ValueOrThrow(model::WriteModelFile(output, ValueOrThrow(std::move(quantized)).model));
}

}  // namespace

void DefineQuantize(py::module_& module) {
  module.def("quantize_model", &Quantize, py::arg("file"), py::arg("images"), py::arg("color"), py::arg("output"),
             py::arg("to"), py::arg("name"), py::arg("sizes_px"), py::arg("time_budget"), py::arg("threads"));
}

}  // namespace posenet::python
