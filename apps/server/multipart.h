// SPDX-License-Identifier: Apache-2.0
// multipart/form-data (RFC 7578), as sent by browsers and curl -F.
#ifndef POSENET_SERVER_MULTIPART_H_
#define POSENET_SERVER_MULTIPART_H_

#include <string>
#include <string_view>

#include "posenet/result.h"

namespace posenet::server {

/// The file of a form.
struct FormFile {
  std::string name;          ///< The file name without folders; may be empty.
  std::string_view content;  ///< A part of the body.
};

/// The value of a Content-Type field without parameters, in lower case: "multipart/form-data".
std::string MediaTypeOf(std::string_view content_type);

/// The file of a form that holds one file and nothing else. `body` must outlive the result.
/// Errors: kInvalidArgument for a missing or impossible boundary, a body that is not divided by it, parts without
/// Content-Disposition, other fields than files (options are query parameters), no file or several, headers longer than
/// 8 KiB.
Result<FormFile> ParseForm(std::string_view content_type, std::string_view body);

}  // namespace posenet::server

#endif  // POSENET_SERVER_MULTIPART_H_
