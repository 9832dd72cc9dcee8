// SPDX-License-Identifier: Apache-2.0
// media: image files and drawing of poses. For the apps and the trainer; not part of the library.
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

/// Maximum size of an image, checked before anything is allocated.
inline constexpr std::int64_t kMaxPixels = 100'000'000;
/// Maximum size of an encoded image.
inline constexpr std::size_t kMaxFileBytes = std::size_t{512} << 20;

/// Decodes a JPEG (rotated upright by its EXIF orientation), PNG, WebP, BMP or the first page of a TIFF; the format is
/// detected from the content. Gray, palette, 16-bit and CMYK images are converted to 8-bit RGB; alpha is dropped.
/// `name` identifies the image in error messages.
/// Errors: kCorruptData for empty, truncated or damaged data, or data that is not an image; kResourceExhausted above
/// kMaxPixels or kMaxFileBytes; kUnsupported for other formats (such as GIF), animations, and variants that the library
/// of the format does not support.
Result<image::Image> DecodeImage(std::span<const std::byte> bytes, std::string_view name);

/// Decodes a file. Errors: as DecodeImage; kNotFound, kPermissionDenied, kIo.
Result<image::Image> ReadImageFile(const std::filesystem::path& path);

/// Whether `path` has the extension, in any case, of a format that DecodeImage supports.
bool HasImageExtension(const std::filesystem::path& path);

/// Writes a PNG, JPEG (quality 92) or WebP (quality 90), by the extension of `path`. Atomic (base::AtomicFile).
/// Errors: kInvalidArgument for another extension or an empty image; kUnsupported for a side longer than the format
/// allows; as base::WriteFile.
Result<void> WriteImageFile(const std::filesystem::path& path, const image::Image& image);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_IMAGE_FILE_H_
