// SPDX-License-Identifier: Apache-2.0
// Error handling: functions that can fail return a Result, which holds a value or an Error. The library does not throw.
#ifndef POSENET_RESULT_H_
#define POSENET_RESULT_H_

#include <string>
#include <tl/expected.hpp>

namespace posenet {

/// The kind of a failure; details are in Error::message.
enum class ErrorCode {
  kInvalidArgument,    ///< An argument is outside its documented range.
  kNotFound,           ///< No file, folder, tensor or model has that name.
  kPermissionDenied,   ///< The operating system denied access.
  kIo,                 ///< Reading or writing failed (disk full, closed pipe, device error).
  kCorruptData,        ///< A file is damaged, truncated, or not in the format that it claims.
  kUnsupported,        ///< Valid input that this library does not support.
  kResourceExhausted,  ///< Out of memory, or larger than the limits of this library.
};

/// A failure. `message` is one human-readable line: what failed, where, and what was expected.
struct Error {
  ErrorCode code = ErrorCode::kInvalidArgument;
  std::string message;
};

/// A `T` or an Error. Test it with `has_value()` or `if (result)`; access the value with `*result` or `result->member`
/// and the failure with `result.error()`. value() throws tl::bad_expected_access if there is none.
template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

}  // namespace posenet

#endif  // POSENET_RESULT_H_
