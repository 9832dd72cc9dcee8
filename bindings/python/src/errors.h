// SPDX-License-Identifier: Apache-2.0
// Errors of the library as Python exceptions.
#ifndef POSENET_PYTHON_ERRORS_H_
#define POSENET_PYTHON_ERRORS_H_

#include <pybind11/pybind11.h>

#include <string>
#include <type_traits>
#include <utility>

#include "posenet/result.h"

namespace posenet::python {

/// An Error on its way to Python, where it is a posenet.Error.
class LibraryError : public std::exception {
 public:
  explicit LibraryError(Error error) : error_(std::move(error)) {}
  [[nodiscard]] const Error& error() const { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  Error error_;
};

/// Throws a LibraryError that blames an argument.
[[noreturn]] void FailArgument(const std::string& message);

/// The value of `result`; throws LibraryError.
template <typename T>
T ValueOrThrow(Result<T> result) {
  if (!result.has_value()) throw LibraryError(std::move(result.error()));
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

/// Registers posenet._posenet.Error and its subclasses, and their translation.
void DefineErrors(pybind11::module_& module);

}  // namespace posenet::python

#endif  // POSENET_PYTHON_ERRORS_H_
