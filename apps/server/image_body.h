// SPDX-License-Identifier: Apache-2.0
// From the body of a request to the image in it.
#ifndef POSENET_SERVER_IMAGE_BODY_H_
#define POSENET_SERVER_IMAGE_BODY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "image/image.h"
#include "server/http_message.h"

namespace posenet::server {

/// Whether a body of that type can hold an image: JPEG, PNG and WebP by their types, application/octet-stream or no
/// type at all, and forms.
bool HoldsImage(std::string_view content_type);

struct NamedImage {
  image::Image image;
  std::string name;  ///< The file name of a form, or empty.
};

/// Decodes the image in `body`. Images of more than `max_pixels` (at most media::kMaxPixels), and JPEGs with more
/// passes over so many pixels than any encoder writes, are refused before they are decoded.
/// Otherwise the response that says why not: 400, 413, 415 or 503.
tl::expected<NamedImage, Response> ReadImage(std::string_view content_type, std::string_view body,
                                               std::int64_t max_pixels);

}  // namespace posenet::server

#endif  // POSENET_SERVER_IMAGE_BODY_H_
