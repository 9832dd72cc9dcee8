// SPDX-License-Identifier: Apache-2.0
// multipart/form-data (RFC 7578): what browsers and curl -F send.
#ifndef POSENET_SERVER_MULTIPART_H_
#define POSENET_SERVER_MULTIPART_H_

#include <string>
#include <string_view>

#include "posenet/result.h"

namespace posenet::server {

/// The file of a form.
struct FormFile {
  std::string name;          ///< Its file name without folders, where one came.
  std::string_view content;  ///< A part of the body.
};

/// A header field's value without its parameters, in lower case: "multipart/form-data".
std::string MediaTypeOf(std::string_view content_type);

/// The one file of a form with one file; fields that are not files are passed over. `content_type` is the request's,
/// `body` must outlive the answer.
/// Errors: kInvalidArgument for a missing or impossible boundary, a body that is not divided by it, parts without
/// Content-Disposition, no file or more than one, more than 16 parts, headers longer than 8 KiB.
Result<FormFile> ParseForm(std::string_view content_type, std::string_view body);

}  // namespace posenet::server

#endif  // POSENET_SERVER_MULTIPART_H_
