// SPDX-License-Identifier: Apache-2.0
// Inside this room failures are exceptions, as libtorch's are; its programs catch them once.
#ifndef POSENET_TRAIN_FAILURE_H_
#define POSENET_TRAIN_FAILURE_H_

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "base/strings.h"
#include "posenet/result.h"

namespace posenet::train {

/// What went wrong, in one line for a person.
class TrainError : public std::runtime_error {
 public:
  TrainError(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

/// A TrainError with the concatenation of `parts`.
template <typename... Parts>
[[nodiscard]] TrainError Failure(ErrorCode code, const Parts&... parts) {
  return {code, base::StrCat(parts...)};
}

/// The value of `result`; throws its error.
template <typename T>
T ValueOf(Result<T> result) {
  if (!result.has_value()) throw TrainError(result.error().code, result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace posenet::train

#endif  // POSENET_TRAIN_FAILURE_H_
