// SPDX-License-Identifier: Apache-2.0
#include "errors.h"

#include <array>
#include <cstddef>
#include <exception>
#include <string_view>

#include "common/command_error.h"

namespace posenet::python {
namespace {

namespace py = pybind11;

// The values of Error.code, indexed by ErrorCode.
constexpr std::array<std::string_view, 7> kCodeNames = {"invalid_argument", "not_found",   "permission_denied", "io",
                                                        "corrupt_data",     "unsupported", "resource_exhausted"};

// Sets the Python exception for `error`.
void Raise(const py::object& error_class, const py::object& argument_error_class, const Error& error) {
  const std::string_view code = kCodeNames[static_cast<std::size_t>(error.code)];
  const py::object& type = error.code == ErrorCode::kInvalidArgument ? argument_error_class : error_class;
  // Messages may quote file names of any bytes.
  const py::object message = py::reinterpret_steal<py::object>(
      PyUnicode_DecodeUTF8(error.message.data(), static_cast<py::ssize_t>(error.message.size()), "backslashreplace"));
  py::object exception = type(message);
  exception.attr("code") = py::str(code.data(), code.size());
  PyErr_SetObject(type.ptr(), exception.ptr());
}

}  // namespace

void FailArgument(const std::string& message) { throw LibraryError(Error{ErrorCode::kInvalidArgument, message}); }

void DefineErrors(py::module_& module) {
  // Written in Python, where a class with two bases and docstrings is a few lines.
  const py::module_ errors = py::module_::import("posenet._errors");
  static const py::handle error_class = py::object(errors.attr("Error")).release();
  static const py::handle argument_error_class = py::object(errors.attr("InvalidArgumentError")).release();
  module.attr("Error") = error_class;
  py::register_exception_translator([](std::exception_ptr pointer) {
    const auto raise = [](const Error& error) {
      Raise(py::reinterpret_borrow<py::object>(error_class), py::reinterpret_borrow<py::object>(argument_error_class),
            error);
    };
    try {
      if (pointer) std::rethrow_exception(pointer);
    } catch (const LibraryError& failure) {
      raise(failure.error());
    } catch (const app::CommandError& failure) {
      // Of the search for models, which is the command's.
      const bool is_usage = failure.exit_code() == app::ExitCode::kUsage;
      raise({is_usage ? ErrorCode::kInvalidArgument : ErrorCode::kCorruptData, failure.what()});
    }
  });
}

}  // namespace posenet::python
