// SPDX-License-Identifier: Apache-2.0
// The image in the body of a request.
#ifndef POSENET_SERVER_IMAGE_BODY_H_
#define POSENET_SERVER_IMAGE_BODY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "image/image.h"
#include "server/http_message.h"

namespace posenet::server {

/// Whether a body of this Content-Type can hold an image: image/jpeg, image/png, image/webp, multipart/form-data,
/// application/octet-stream, or none given.
bool AcceptsContentType(std::string_view content_type);

struct NamedImage {
  image::Image image;
  std::string name;  ///< The file name in a form, or empty.
};

/// Decodes the image in `body`. Images of more than `max_pixels` (at most media::kMaxPixels) are rejected before they
/// are decoded, as are JPEGs with more scans over that many pixels than any encoder writes.
/// Errors: 400, 413, 415 or 503.
HttpResult<NamedImage> DecodeImageBody(std::string_view content_type, std::string_view body, std::int64_t max_pixels);

}  // namespace posenet::server

#endif  // POSENET_SERVER_IMAGE_BODY_H_
