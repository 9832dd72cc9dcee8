// SPDX-License-Identifier: Apache-2.0
// media, the room's door: image files and drawing. For the apps and the trainer; the library proper never sees it.
#ifndef POSENET_MEDIA_IMAGE_FILE_H_
#define POSENET_MEDIA_IMAGE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "image/image.h"
#include "posenet/result.h"

namespace posenet::media {

/// Most pixels that we decode: a header that claims more is answered by an error before anything is allocated.
inline constexpr std::int64_t kMaxPixels = 100'000'000;
/// Most bytes of an encoded image.
inline constexpr std::size_t kMaxFileBytes = std::size_t{512} << 20;

/// Decodes a JPEG (turned upright by its EXIF orientation), PNG, WebP, BMP or TIFF, told apart by content. Gray, alpha,
/// palette, 16-bit and CMYK images become 8-bit RGB; transparent pixels keep their colour. `name` is what messages
/// call the image.
/// Of a TIFF it is the first page; animations are not read.
/// Errors: kCorruptData for empty, truncated or damaged data and for data that is not an image; kResourceExhausted
/// above kMaxPixels; kUnsupported for another format, such as GIF, and for a variant that the format's library does not
/// read.
Result<image::Image> DecodeImage(std::span<const std::byte> bytes, std::string_view name);

/// DecodeImage of a file. Also errors: kNotFound, kPermissionDenied, kIo.
Result<image::Image> ReadImageFile(const std::filesystem::path& path);

/// Whether the name ends like an image that DecodeImage reads (any case): used to pick files from folders.
bool HasImageExtension(const std::filesystem::path& path);

/// Writes PNG, JPEG (quality 92) or WebP (quality 90) by the name's ending, under a temporary name first.
/// Errors: kInvalidArgument for another ending or an empty image, kUnsupported for a side longer than the format
/// allows, and those of base/file.h.
Result<void> WriteImageFile(const std::filesystem::path& path, const image::Image& image);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_IMAGE_FILE_H_
