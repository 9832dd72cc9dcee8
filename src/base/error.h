// SPDX-License-Identifier: Apache-2.0
// Creating and propagating errors.
#ifndef POSENET_BASE_ERROR_H_
#define POSENET_BASE_ERROR_H_

#include <utility>

#include "base/strings.h"
#include "posenet/result.h"

namespace posenet::base {

/// An error to return from a function that returns a Result; its message is the concatenation of `parts`.
template <typename... Parts>
[[nodiscard]] tl::unexpected<Error> Fail(ErrorCode code, const Parts&... parts) {
  return tl::unexpected<Error>(Error{code, StrCat(parts...)});
}

/// `error` with its message prefixed by "where: ".
template <typename... Parts>
[[nodiscard]] tl::unexpected<Error> FailIn(const Error& error, const Parts&... where) {
  return tl::unexpected<Error>(Error{error.code, StrCat(where..., ": ", error.message)});
}

}  // namespace posenet::base

#define POSENET_CONCAT_INNER(a, b) a##b
#define POSENET_CONCAT(a, b) POSENET_CONCAT_INNER(a, b)

/// Returns the error of `expression` (a Result) from the calling function, if it is one.
#define POSENET_RETURN_IF_ERROR(expression)                                       \
  do {                                                                            \
    if (auto posenet_result = (expression); !posenet_result.has_value()) {        \
      return tl::unexpected<::posenet::Error>(std::move(posenet_result.error())); \
    }                                                                             \
  } while (false)

/// `POSENET_ASSIGN_OR_RETURN(const auto value, Compute());` declares `value`, or returns the error of Compute().
// A declaration cannot be parenthesized. NOLINTBEGIN(bugprone-macro-parentheses)
#define POSENET_ASSIGN_OR_RETURN(declaration, expression) \
  POSENET_ASSIGN_OR_RETURN_INNER(POSENET_CONCAT(posenet_result_, __LINE__), declaration, expression)
#define POSENET_ASSIGN_OR_RETURN_INNER(result, declaration, expression) \
  auto result = (expression);                                           \
  if (!result.has_value()) {                                            \
    return tl::unexpected<::posenet::Error>(std::move(result.error())); \
  }                                                                     \
  declaration = *std::move(result)
// NOLINTEND(bugprone-macro-parentheses)

#endif  // POSENET_BASE_ERROR_H_
