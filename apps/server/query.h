// SPDX-License-Identifier: Apache-2.0
// The target of a request: its path and query parameters.
#ifndef POSENET_SERVER_QUERY_H_
#define POSENET_SERVER_QUERY_H_

#include <string>
#include <string_view>
#include <vector>

#include "posenet/result.h"

namespace posenet::server {

/// name=value, both percent-decoded; "single" alone has an empty value.
struct QueryParameter {
  std::string name;
  std::string value;
};

struct Target {
  std::string path;  ///< As sent; not decoded, because paths are only compared with those of routes.
  std::vector<QueryParameter> query;
};

/// Splits "/path?a=1&b". The host of "http://host/path" is dropped (RFC 9112, 3.2.2); "*" is kept.
/// Errors: kInvalidArgument for anything else, for a '%' without two hexadecimal digits, for control characters, and
/// for more than 64 parameters.
Result<Target> ParseTarget(std::string_view text);

}  // namespace posenet::server

#endif  // POSENET_SERVER_QUERY_H_
