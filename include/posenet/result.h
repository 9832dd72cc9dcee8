// SPDX-License-Identifier: Apache-2.0
// How functions of this library answer: a value, or an Error that says what went wrong.
#ifndef POSENET_RESULT_H_
#define POSENET_RESULT_H_

#include <string>
#include <tl/expected.hpp>

namespace posenet {

/// What kind of failure an Error is; the message has the particulars.
enum class ErrorCode {
  kInvalidArgument,    ///< The caller passed a value outside its documented range.
  kNotFound,           ///< A file, folder, tensor or model of that name does not exist.
  kPermissionDenied,   ///< The operating system refused access.
  kIo,                 ///< Reading or writing failed (disk full, closed pipe, device error).
  kCorruptData,        ///< A file is damaged, truncated, or not of the format it claims.
  kUnsupported,        ///< Well-formed, but something this library does not do.
  kResourceExhausted,  ///< Larger than the limits this library accepts.
};

/// A failure. `message` is one line for a person: what, where, and what was expected.
struct Error {
  ErrorCode code = ErrorCode::kInvalidArgument;
  std::string message;
};

/// A `T`, or the Error that prevented it. Test with `has_value()` (or `if (result)`), read with `*result`,
/// `result->member` or `result.value()`, and the failure with `result.error()`. Never ignored silently.
template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

}  // namespace posenet

#endif  // POSENET_RESULT_H_
