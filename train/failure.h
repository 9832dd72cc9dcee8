// SPDX-License-Identifier: Apache-2.0
// Errors in train are exceptions, like libtorch's. Programs catch them in one place.
#ifndef POSENET_TRAIN_FAILURE_H_
#define POSENET_TRAIN_FAILURE_H_

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "base/strings.h"
#include "posenet/result.h"

namespace posenet::train {

/// An error code and a one-line message for the user.
class TrainError : public std::runtime_error {
 public:
  TrainError(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

/// A TrainError whose message is the concatenation of `parts`.
template <typename... Parts>
[[nodiscard]] TrainError Failure(ErrorCode code, const Parts&... parts) {
  return {code, base::StrCat(parts...)};
}

/// The value of `result`; throws a TrainError if it holds an error.
template <typename T>
T ValueOf(Result<T> result) {
  if (!result.has_value()) throw TrainError(result.error().code, result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace posenet::train

#endif  // POSENET_TRAIN_FAILURE_H_
