// SPDX-License-Identifier: Apache-2.0
#include "server/query.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/error.h"

namespace posenet::server {
namespace {

// Several times the number of options.
constexpr std::size_t kMaxParameters = 64;

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// application/x-www-form-urlencoded: '+' is a space.
Result<std::string> Decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const std::optional<int> high = i + 2 < text.size() ? HexDigit(text[i + 1]) : std::nullopt;
      const std::optional<int> low = i + 2 < text.size() ? HexDigit(text[i + 2]) : std::nullopt;
      if (!high || !low) {
        return base::Fail(ErrorCode::kInvalidArgument, "the query has a '%' without two hexadecimal digits: '",
                          base::Printable(text), "'");
      }
      decoded += static_cast<char>(*high * 16 + *low);
      i += 2;
    }
  }
  if (std::ranges::any_of(decoded, IsControl)) {
    return base::Fail(ErrorCode::kInvalidArgument, "the query has a control character: '", base::Printable(decoded),
                      "'");
  }
  return decoded;
}

// "/path" of "http://host:80/path".
std::string_view WithoutOrigin(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const std::size_t slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target;
}

}  // namespace

Result<Target> ParseTarget(std::string_view text) {
  const std::string_view target = WithoutOrigin(text);
  if (target != "*" && !target.starts_with('/')) {
    return base::Fail(ErrorCode::kInvalidArgument, "the request's target is '", base::Printable(text),
                      "'; expected a path");
  }
  const std::size_t question_mark = std::min(target.find('?'), target.size());
  Target parsed = {.path = std::string(target.substr(0, question_mark)), .query = {}};
  std::string_view rest = target.substr(std::min(question_mark + 1, target.size()));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    if (parsed.query.size() == kMaxParameters) {
      return base::Fail(ErrorCode::kInvalidArgument, "the query has more than ", kMaxParameters, " parameters");
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    POSENET_ASSIGN_OR_RETURN(std::string name, Decoded(pair.substr(0, equals)));
    POSENET_ASSIGN_OR_RETURN(std::string value, Decoded(pair.substr(std::min(equals + 1, pair.size()))));
    parsed.query.push_back({.name = std::move(name), .value = std::move(value)});
  }
  return parsed;
}

}  // namespace posenet::server
