// SPDX-License-Identifier: Apache-2.0
// The extension module posenet._posenet: the library for arrays. Documented and given its public shape by the modules
// in package/posenet/, which are all that imports it.
#include <pybind11/pybind11.h>

#include "errors.h"
#include "parts.h"
#include "posenet/version.h"

PYBIND11_MODULE(_posenet, module) {
  module.attr("__version__") = POSENET_VERSION_STRING;
  posenet::python::DefineErrors(module);
  posenet::python::DefineImages(module);
  posenet::python::DefineModel(module);
  posenet::python::DefineQuantize(module);
  posenet::python::DefineDecode(module);
  posenet::python::DefineEstimator(module);
  posenet::python::DefineTrack(module);
  posenet::python::DefineCoco(module);
  posenet::python::DefineCamera(module);
}
