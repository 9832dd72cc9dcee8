// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_COMMON_STOPWATCH_H_
#define POSENET_COMMON_STOPWATCH_H_

#include <chrono>

namespace posenet::app {

/// The time since its creation.
class Stopwatch {
 public:
  [[nodiscard]] double ElapsedMs() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_STOPWATCH_H_
