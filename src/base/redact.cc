// SPDX-License-Identifier: Apache-2.0
#include "base/redact.h"

#include <algorithm>
#include <cstddef>

namespace posenet::base {

std::string WithoutCredentials(std::string_view text) {
  constexpr std::string_view kAuthorityBegin = "://";
  std::string redacted;
  for (;;) {
    const std::size_t scheme_end = text.find(kAuthorityBegin);
    if (scheme_end == std::string_view::npos) return redacted.append(text);
    const std::size_t begin = scheme_end + kAuthorityBegin.size();
    redacted += text.substr(0, begin);
    text.remove_prefix(begin);
    // Passwords may hold any character, although "/", "?" and "#" should be escaped: the last "@" before a space or a
    // quotation mark ends them. That hides the host, too, if the path has an "@", which is the safe mistake.
    const std::string_view url = text.substr(0, std::min(text.find_first_of(" \t\r\n\"'"), text.size()));
    const std::size_t at = url.rfind('@');
    if (at == std::string_view::npos) continue;
    redacted += "***";
    text.remove_prefix(at);
  }
}

}  // namespace posenet::base
