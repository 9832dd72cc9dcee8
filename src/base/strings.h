// SPDX-License-Identifier: Apache-2.0
// Text for messages.
#ifndef POSENET_BASE_STRINGS_H_
#define POSENET_BASE_STRINGS_H_

#include <sstream>
#include <string>
#include <string_view>

namespace posenet {

/// Everything that a stream can print, joined. For messages, not for hot code.
template <typename... Parts>
std::string StrCat(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return std::move(out).str();
}

/// `text` fit for one line of a terminal or a message: control characters and bytes that are not UTF-8 are replaced by
/// '?', and at most `max_bytes` are kept.
std::string Printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace posenet

#endif  // POSENET_BASE_STRINGS_H_
