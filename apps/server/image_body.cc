// SPDX-License-Identifier: Apache-2.0
#include "server/image_body.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "base/strings.h"
#include "media/image_file.h"
#include "media/image_header.h"
#include "server/multipart.h"
#include "server/problem.h"

namespace posenet::server {
namespace {

constexpr std::string_view kFormType = "multipart/form-data";
constexpr std::array<std::string_view, 6> kContentTypes = {
    "", "image/jpeg", "image/png", "image/webp", "application/octet-stream", kFormType};

// libjpeg's progressive script has 10 scans, which images of any size may have; small images may have more. Without a
// limit, a file of a few bytes could keep a worker busy for minutes.
constexpr std::int64_t kMaxScans = 16;

HttpResult<void> CheckHeader(std::span<const std::byte> bytes, std::int64_t max_pixels) {
  const auto header = media::ReadImageHeader(bytes);
  if (!header.has_value()) {
    return tl::unexpected(ToHttpError({header.error().code, "the body " + header.error().message}));
  }
  // The sides of a PNG have 31 bits each; their product fits in 62.
  const std::int64_t pixels = header->width_px * header->height_px;
  if (pixels > max_pixels) {
    return HttpFailure(413, base::StrCat("the image has ", header->width_px, " x ", header->height_px,
                                         " pixels; the limit is ", max_pixels));
  }
  const std::int64_t max_scans = std::max(kMaxScans, kMaxScans * max_pixels / std::max(pixels, std::int64_t{1}));
  if (header->pass_count > max_scans) {
    return HttpFailure(
        413, base::StrCat("the JPEG has ", header->pass_count, " scans; the limit at this size is ", max_scans));
  }
  return {};
}

}  // namespace

bool AcceptsContentType(std::string_view content_type) {
  return std::ranges::find(kContentTypes, MediaTypeOf(content_type)) != kContentTypes.end();
}

HttpResult<NamedImage> DecodeImageBody(std::string_view content_type, std::string_view body, std::int64_t max_pixels) {
  FormFile file = {.name = {}, .content = body};
  if (MediaTypeOf(content_type) == kFormType) {
    Result<FormFile> form = ParseForm(content_type, body);
    if (!form.has_value()) return tl::unexpected(ToHttpError(form.error()));
    file = *std::move(form);
  }
  if (file.content.empty()) return HttpFailure(400, "the body is empty; expected an image");
  const auto bytes = std::as_bytes(std::span(file.content));
  if (const auto checked = CheckHeader(bytes, max_pixels); !checked.has_value()) {
    return tl::unexpected(checked.error());
  }
  Result<image::Image> image = media::DecodeImage(bytes, "the image");
  if (!image.has_value()) return tl::unexpected(ToHttpError(image.error()));
  return NamedImage{.image = *std::move(image), .name = std::move(file.name)};
}

}  // namespace posenet::server
