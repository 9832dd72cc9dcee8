// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_COMMON_JSON_BREAKS_H_
#define POSENET_COMMON_JSON_BREAKS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "common/pose_json.h"

namespace posenet::app {

/// Line breaks and indentation in the two layouts.
class Breaks {
 public:
  explicit Breaks(JsonLayout layout) : pretty_(layout == JsonLayout::kPretty) {}

  /// A newline and two spaces per level, or `otherwise`.
  [[nodiscard]] std::string At(std::size_t level, std::string_view otherwise = "") const {
    return pretty_ ? std::string(1, '\n').append(2 * level, ' ') : std::string(otherwise);
  }

 private:
  bool pretty_;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_JSON_BREAKS_H_
