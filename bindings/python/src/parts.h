// SPDX-License-Identifier: Apache-2.0
// The parts of the extension module, each in a file of its own.
#ifndef POSENET_PYTHON_PARTS_H_
#define POSENET_PYTHON_PARTS_H_

#include <pybind11/pybind11.h>

namespace posenet::python {

void DefineCamera(pybind11::module_& module);
void DefineCoco(pybind11::module_& module);
void DefineDecode(pybind11::module_& module);
void DefineEstimator(pybind11::module_& module);
void DefineImages(pybind11::module_& module);
void DefineModel(pybind11::module_& module);
void DefineQuantize(pybind11::module_& module);
void DefineTrack(pybind11::module_& module);

}  // namespace posenet::python

#endif  // POSENET_PYTHON_PARTS_H_
