// SPDX-License-Identifier: Apache-2.0
// BMP by stb_image, which trusts headers and reads zeros past the end of the data: headers and sizes are checked
// before.
#include <algorithm>
#include <climits>
#include <cstdlib>
#include <memory>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_ASSERT(condition) ((void)0)  // The library never aborts.
#include <stb_image.h>

#include "base/error.h"
#include "media/codecs.h"
#include "media/image_file.h"

namespace posenet::media {
namespace {

constexpr std::size_t kFileHeaderBytes = 14;
constexpr std::uint32_t kOs2HeaderBytes = 12;
constexpr std::uint32_t kInfoHeaderBytes = 40;

enum Compression : std::uint32_t { kNoCompression = 0, kRle8 = 1, kRle4 = 2, kBitFields = 3 };

struct Header {
  std::uint32_t pixels_offset = 0;
  std::uint32_t size = 0;  // Of the info header; identifies its version.
  std::int64_t width_px = 0;
  std::int64_t height_px = 0;  // Absolute; the sign in the file is the order of rows.
  std::uint32_t bits_per_pixel = 0;
  std::uint32_t compression = kNoCompression;

  [[nodiscard]] std::size_t RowBytes() const {
    return (static_cast<std::size_t>(width_px) * bits_per_pixel + 31) / 32 * 4;
  }
  [[nodiscard]] bool HasPalette() const { return bits_per_pixel < 16; }
};

std::uint32_t LittleEndian(std::span<const std::byte> bytes, std::size_t offset, std::size_t length) {
  std::uint32_t value = 0;
  for (std::size_t i = length; i-- > 0;) value = (value << 8) | std::to_integer<std::uint32_t>(bytes[offset + i]);
  return value;
}

Result<Header> ReadHeader(std::span<const std::byte> bytes) {
  constexpr std::size_t kMinBytes = kFileHeaderBytes + kInfoHeaderBytes;
  if (bytes.size() < kMinBytes) return base::Fail(ErrorCode::kCorruptData, "BMP is truncated in its header");
  Header header = {.pixels_offset = LittleEndian(bytes, 10, 4), .size = LittleEndian(bytes, 14, 4)};
  if (header.size == kOs2HeaderBytes) {
    return base::Fail(ErrorCode::kUnsupported, "is an OS/2 BMP; expected one with a Windows header");
  }
  header.width_px = static_cast<std::int32_t>(LittleEndian(bytes, 18, 4));
  header.height_px = std::abs(std::int64_t{static_cast<std::int32_t>(LittleEndian(bytes, 22, 4))});
  header.bits_per_pixel = LittleEndian(bytes, 28, 2);
  header.compression = LittleEndian(bytes, 30, 4);
  return header;
}

// For colors beyond a short palette, stb_image copies uninitialized memory.
bool UsesOnlyItsPalette(std::span<const std::byte> bytes, const Header& header) {
  const std::size_t bits = header.bits_per_pixel;
  const std::size_t color_count = (header.pixels_offset - kFileHeaderBytes - header.size) / 4;
  if (color_count >= (std::size_t{1} << bits)) return true;
  const std::uint32_t mask = (1U << bits) - 1;
  for (std::size_t y = 0; y < static_cast<std::size_t>(header.height_px); ++y) {
    const auto row = bytes.subspan(header.pixels_offset + y * header.RowBytes(), header.RowBytes());
    for (std::size_t x = 0; x < static_cast<std::size_t>(header.width_px); ++x) {
      const std::size_t bit = x * bits;
      const std::uint32_t index = (std::to_integer<std::uint32_t>(row[bit / 8]) >> (8 - bits - bit % 8)) & mask;
      if (index >= color_count) return false;
    }
  }
  return true;
}

// Errors unless stb_image supports the file and all bytes that it will read exist.
Result<void> CheckContent(std::span<const std::byte> bytes, const Header& header) {
  if (header.compression == kRle8 || header.compression == kRle4) {
    return base::Fail(ErrorCode::kUnsupported, "is a run-length encoded BMP; expected an uncompressed one");
  }
  constexpr std::uint32_t kDepths[] = {1, 4, 8, 16, 24, 32};
  if (std::ranges::find(kDepths, header.bits_per_pixel) == std::end(kDepths) || header.compression > kBitFields) {
    return base::Fail(ErrorCode::kUnsupported, "BMP has ", header.bits_per_pixel, " bits per pixel and compression ",
                      header.compression, "; expected 1, 4, 8, 16, 24 or 32 bits without compression");
  }
  if (header.pixels_offset < kFileHeaderBytes || header.pixels_offset - kFileHeaderBytes < header.size) {
    return base::Fail(ErrorCode::kCorruptData, "BMP is damaged: its pixels overlap its header");
  }
  const std::size_t stored_bytes = bytes.size() - std::min<std::size_t>(header.pixels_offset, bytes.size());
  const std::size_t row_count = stored_bytes / header.RowBytes();
  if (row_count < static_cast<std::size_t>(header.height_px)) {
    return base::Fail(ErrorCode::kCorruptData, "BMP is truncated after row ", row_count, " of ", header.height_px);
  }
  if (header.HasPalette() && !UsesOnlyItsPalette(bytes, header)) {
    return base::Fail(ErrorCode::kCorruptData, "BMP is damaged: pixels have colors that are not in its palette");
  }
  return {};
}

}  // namespace

Result<image::Image> DecodeBmp(std::span<const std::byte> bytes) {
  POSENET_ASSIGN_OR_RETURN(const Header header, ReadHeader(bytes));
  POSENET_ASSIGN_OR_RETURN(image::Image image, NewImage(header.width_px, header.height_px));
  POSENET_RETURN_IF_ERROR(CheckContent(bytes, header));
  static_assert(kMaxFileBytes <= INT_MAX);
  int width_px = 0;
  int height_px = 0;
  int channels_in_file = 0;
  const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> rgb(
      stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()), static_cast<int>(bytes.size()), &width_px,
                            &height_px, &channels_in_file, STBI_rgb),
      stbi_image_free);
  if (rgb == nullptr) return base::Fail(ErrorCode::kUnsupported, "BMP cannot be decoded: ", stbi_failure_reason());
  if (width_px != image.width_px || height_px != image.height_px) {
    return base::Fail(ErrorCode::kCorruptData, "BMP is damaged: its header contradicts itself");
  }
  std::copy_n(rgb.get(), image.rgb.size(), image.rgb.data());
  return image;
}

}  // namespace posenet::media
