// SPDX-License-Identifier: Apache-2.0
// The target of a request: its path, and the parameters behind the question mark.
#ifndef POSENET_SERVER_QUERY_H_
#define POSENET_SERVER_QUERY_H_

#include <string>
#include <string_view>
#include <vector>

#include "posenet/result.h"

namespace posenet::server {

/// name=value, both decoded; "single" alone has an empty value.
struct QueryParameter {
  std::string name;
  std::string value;
};

struct Target {
  std::string path;  ///< As sent: paths are compared, never looked up in a file system, so nothing in them is decoded.
  std::vector<QueryParameter> query;
};

/// Takes "/path?a=1&b" apart; of "http://host/path" the host is dropped (RFC 9112, 3.2.2), "*" stays.
/// Errors: kInvalidArgument for anything else, for a '%' without two hexadecimal digits, for control characters, and
/// for more than 64 parameters.
Result<Target> ParseTarget(std::string_view text);

}  // namespace posenet::server

#endif  // POSENET_SERVER_QUERY_H_
