// SPDX-License-Identifier: Apache-2.0
// Model files.
#include "posenet/model.h"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/model_search.h"
#include "errors.h"
#include "export/export.h"
#include "import/import.h"
#include "model/model_file.h"
#include "model/model_spec.h"
#include "model/model_variants.h"
#include "model/output_stride.h"
#include "parts.h"
#include "posenet/runtime.h"

namespace posenet::python {
namespace {

namespace py = pybind11;
namespace fs = std::filesystem;

py::dict InfoOf(const fs::path& file) {
  model::ModelVariant variant;
  std::optional<Model> model;
  {
    const py::gil_scoped_release unlocked;
    variant = ValueOrThrow(model::LoadVariant(file));
    model = ValueOrThrow(model::MakeModel(variant.model));
  }
  const ModelInfo& info = model->info();
  py::dict dict;
  dict["name"] = info.name;
  dict["architecture"] = info.architecture;
  dict["task"] = info.task;
  dict["precision"] = std::string(model::NameOf(variant.precision));
  dict["output_stride"] = info.output_stride;
  dict["source"] = info.source;
  dict["license"] = info.license;
  dict["parameter_count"] = info.parameter_count;
  dict["layer_count"] = info.layer_count;
  return dict;
}

std::string Verify(const fs::path& file) {
  const py::gil_scoped_release unlocked;
  return ValueOrThrow(model::VerifyModelFile(file)).sha256;
}

void Import(const fs::path& source, const fs::path& output, const std::string& name) {
  const py::gil_scoped_release unlocked;
  model::LoadedModel model = ValueOrThrow(importer::ImportModel(source));
  model.spec.name = name;
  ValueOrThrow(model::WriteModelFile(output, model));
}

void ExportOnnx(const fs::path& file, const fs::path& output, const std::optional<std::pair<int, int>>& size,
                int output_stride) {
  const py::gil_scoped_release unlocked;
  model::LoadedModel model = ValueOrThrow(model::LoadModelFile(file));
  if (output_stride != 0 && output_stride != model.spec.output_stride) {
    model.spec.network = ValueOrThrow(model::WithOutputStride(model.spec.network, output_stride));
    model.spec.output_stride = output_stride;
  }
  exporter::OnnxOptions options;
  if (size) options.size = {.height_px = size->second, .width_px = size->first};
  ValueOrThrow(exporter::WriteOnnx(output, ValueOrThrow(exporter::OnnxModel(model, options))));
}

std::vector<std::pair<std::string, fs::path>> ListModels(const std::vector<fs::path>& more_folders) {
  std::vector<fs::path> folders = app::ModelFolders();
  folders.insert(folders.end(), more_folders.begin(), more_folders.end());
  std::vector<std::pair<std::string, fs::path>> models;
  for (const app::NamedModel& model : app::FindModels(folders)) models.emplace_back(model.name, model.file);
  return models;
}

}  // namespace

void DefineModel(py::module_& module) {
  module.def("resolve_model", &app::ResolveModel, py::arg("name_or_file"));
  module.def("list_models", &ListModels, py::arg("more_folders"));
  module.def("model_info", &InfoOf, py::arg("file"));
  module.def("verify_model", &Verify, py::arg("file"));
  module.def("import_model", &Import, py::arg("source"), py::arg("output"), py::arg("name"));
  module.def("export_onnx", &ExportOnnx, py::arg("file"), py::arg("output"), py::arg("size"), py::arg("output_stride"));
  module.def("supported_instruction_sets", &SupportedInstructionSets);
}

}  // namespace posenet::python
