// SPDX-License-Identifier: Apache-2.0
#include "server/image_body.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "media/image_file.h"
#include "media/image_header.h"
#include "server/multipart.h"
#include "server/problem.h"

namespace posenet::server {
namespace {

constexpr std::string_view kFormType = "multipart/form-data";
constexpr std::array<std::string_view, 6> kImageTypes = {
    "", "image/jpeg", "image/png", "image/webp", "application/octet-stream", kFormType};

// libjpeg's script of progressive scans has 10 of them, which every image may have; small ones more. Beyond, a file
// of few bytes would keep a worker busy for minutes.
constexpr std::int64_t kMaxPasses = 16;

tl::expected<void, Response> CheckImage(std::span<const std::byte> bytes, std::int64_t max_pixels) {
  const auto header = media::ReadImageHeader(bytes);
  if (!header.has_value()) {
    return tl::unexpected(ProblemOf({header.error().code, "the body " + header.error().message}));
  }
  // The sides of a PNG have 31 bits each: their product has 62.
  const std::int64_t pixels = header->width_px * header->height_px;
  if (pixels > max_pixels) {
    return tl::unexpected(Problem(413, base::StrCat("the image claims ", header->width_px, " x ", header->height_px,
                                                    " pixels; at most ", max_pixels, " are decoded")));
  }
  if (header->pass_count > kMaxPasses &&
      header->pass_count > kMaxPasses * max_pixels / std::max(pixels, std::int64_t{1})) {
    return tl::unexpected(
        Problem(413, base::StrCat("the JPEG has ", header->pass_count, " scans; at this size at most ",
                                  kMaxPasses * max_pixels / pixels, " are decoded")));
  }
  return {};
}

}  // namespace

bool HoldsImage(std::string_view content_type) {
  return std::ranges::find(kImageTypes, MediaTypeOf(content_type)) != kImageTypes.end();
}

tl::expected<NamedImage, Response> ReadImage(std::string_view content_type, std::string_view body,
                                               std::int64_t max_pixels) {
  FormFile file = {.name = {}, .content = body};
  if (MediaTypeOf(content_type) == kFormType) {
    Result<FormFile> form = ParseForm(content_type, body);
    if (!form.has_value()) return tl::unexpected(Problem(400, form.error().message));
    file = *std::move(form);
  }
  if (file.content.empty()) return tl::unexpected(Problem(400, "the body is empty; expected an image"));
  const auto bytes = std::as_bytes(std::span(file.content));
  if (const auto checked = CheckImage(bytes, max_pixels); !checked.has_value()) {
    return tl::unexpected(checked.error());
  }
  Result<image::Image> image = media::DecodeImage(bytes, "the image");
  if (!image.has_value()) return tl::unexpected(ProblemOf(image.error()));
  return NamedImage{.image = *std::move(image), .name = std::move(file.name)};
}

}  // namespace posenet::server
