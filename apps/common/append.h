// SPDX-License-Identifier: Apache-2.0
// Text put together piece by piece, without a stream and its locale.
#ifndef POSENET_COMMON_APPEND_H_
#define POSENET_COMMON_APPEND_H_

#include <string>
#include <string_view>

namespace posenet::app {

/// Appends `parts`, each a string or a string literal, to `out`.
template <typename... Parts>
void Append(std::string& out, const Parts&... parts) {
  (out.append(std::string_view{parts}), ...);
}

}  // namespace posenet::app

#endif  // POSENET_COMMON_APPEND_H_
