// SPDX-License-Identifier: Apache-2.0
// From the body of a request to the picture in it.
#ifndef POSENET_SERVER_PICTURE_BODY_H_
#define POSENET_SERVER_PICTURE_BODY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "http_message.h"
#include "image/image.h"

namespace posenet::server {

/// Whether a body of that type can hold a picture: JPEG, PNG and WebP by their types, application/octet-stream or no
/// type at all, and forms.
bool HoldsPicture(std::string_view content_type);

struct Picture {
  Image image;
  std::string name;  ///< The file name of a form, or empty.
};

/// Decodes the picture in `body`. Pictures of more than `max_pixels` (at most media::kMaxPixels), and JPEGs with more
/// passes over so many pixels than any encoder writes, are refused before they are decoded.
/// Otherwise the response that says why not: 400, 413, 415 or 503.
tl::expected<Picture, Response> ReadPicture(std::string_view content_type, std::string_view body,
                                            std::int64_t max_pixels);

}  // namespace posenet::server

#endif  // POSENET_SERVER_PICTURE_BODY_H_
