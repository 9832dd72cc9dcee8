// SPDX-License-Identifier: Apache-2.0
// Options that Python passes as strings.
#ifndef POSENET_PYTHON_CHOICES_H_
#define POSENET_PYTHON_CHOICES_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/strings.h"
#include "errors.h"

namespace posenet::python {

/// A string and the value that it stands for.
template <typename T>
using Choice = std::pair<std::string_view, T>;

/// The value of `text` among `choices`; throws LibraryError that lists them.
template <typename T, std::size_t kCount>
T ChoiceOf(const char* name, std::string_view text, const Choice<T> (&choices)[kCount]) {
  std::string expected;
  for (const auto& [choice, value] : choices) {
    if (choice == text) return value;
    expected += (expected.empty() ? "'" : ", '") + std::string(choice) + "'";
  }
  FailArgument(base::StrCat(name, ": expected one of ", expected, ", got '", base::Printable(std::string(text)), "'"));
}

/// The same for an option that may be None.
template <typename T, std::size_t kCount>
std::optional<T> ChoiceOf(const char* name, const std::optional<std::string>& text,
                          const Choice<T> (&choices)[kCount]) {
  return text ? std::optional(ChoiceOf(name, std::string_view(*text), choices)) : std::nullopt;
}

/// The string of `value`.
template <typename T, std::size_t kCount>
std::string_view NameOfChoice(T value, const Choice<T> (&choices)[kCount]) {
  for (const auto& [choice, candidate] : choices) {
    if (candidate == value) return choice;
  }
  return "";
}

}  // namespace posenet::python

#endif  // POSENET_PYTHON_CHOICES_H_
