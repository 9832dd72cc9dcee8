// SPDX-License-Identifier: Apache-2.0
// Invalid headers, and files that are not images.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <tiffio.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "media/image_file.h"
#include "media/testing/decoding.h"
#include "media/testing/encoders.h"

namespace posenet::media {
namespace {

// Writes `value` at `offset`.
template <typename T>
void Put(Bytes& bytes, std::size_t offset, T value, std::endian order) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes[offset + (order == std::endian::big ? sizeof(T) - 1 - i : i)] = static_cast<std::byte>(value >> (8 * i));
  }
}

// Valid files whose headers are modified to have another size.
std::vector<Bytes> ClaimingSize(int width_px, int height_px) {
  const image::Image image = SmoothImage(61, 43);
  const auto width = static_cast<std::uint32_t>(width_px);
  const auto height = static_cast<std::uint32_t>(height_px);
  Bytes jpeg = EncodeTestJpeg(image, JpegColor::kRgb);
  const Bytes frame_marker = {std::byte{0xFF}, std::byte{0xC0}};
  const auto frame = static_cast<std::size_t>(
      std::search(jpeg.begin(), jpeg.end(), frame_marker.begin(), frame_marker.end()) - jpeg.begin());
  Put(jpeg, frame + 5, static_cast<std::uint16_t>(height), std::endian::big);
  Put(jpeg, frame + 7, static_cast<std::uint16_t>(width), std::endian::big);

  // libpng checks the CRC of the header after its content.
  Bytes png = EncodeTestPng(
      {.width_px = 1, .height_px = 1, .color_type = PNG_COLOR_TYPE_GRAY, .sample = [](int, int, int) { return 0U; }});
  Put(png, 16, width, std::endian::big);
  Put(png, 20, height, std::endian::big);
  std::uint32_t crc = 0xFFFFFFFF;
  for (std::size_t i = 12; i < 29; ++i) {
    crc ^= std::to_integer<std::uint32_t>(png[i]);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
  }
  Put(png, 29, ~crc, std::endian::big);

  Bytes bmp = EncodeTestBmp(image, 24, 1);
  Put(bmp, 18, width, std::endian::little);
  Put(bmp, 22, height, std::endian::little);

  Bytes tiff = EncodeTestTiff({.width_px = 30'000,
                               .height_px = 1,
                               .channel_count = 1,
                               .photometric = PHOTOMETRIC_MINISBLACK,
                               .sample = [](int, int, int) { return 0U; }});
  const auto directory =
      static_cast<std::size_t>(std::to_integer<unsigned>(tiff[4]) | std::to_integer<unsigned>(tiff[5]) << 8);
  for (std::size_t entry = directory + 2; entry + 12 <= tiff.size(); entry += 12) {
    const unsigned tag = std::to_integer<unsigned>(tiff[entry]) | std::to_integer<unsigned>(tiff[entry + 1]) << 8;
    if (tag == TIFFTAG_IMAGEWIDTH) Put(tiff, entry + 8, static_cast<std::uint16_t>(width), std::endian::little);
    if (tag == TIFFTAG_IMAGELENGTH) Put(tiff, entry + 8, static_cast<std::uint16_t>(height), std::endian::little);
  }
  return {jpeg, png, bmp, tiff};
}

TEST(DecodeImage, RejectsHugeSizesBeforeAllocation) {
  for (const Bytes& bytes : ClaimingSize(30'000, 30'000)) {
    ExpectFails(bytes, ErrorCode::kResourceExhausted, "claims 30000 x 30000 pixels; at most 100000000 are decoded");
  }
}

TEST(DecodeImage, RejectsEmptyImages) {
  // The libraries of some formats detect this themselves, with messages of their own.
  for (const Bytes& bytes : ClaimingSize(0, 5)) ExpectFails(bytes, ErrorCode::kCorruptData, "a.jpg: ");
  for (const Bytes& bytes : ClaimingSize(5, 0)) ExpectFails(bytes, ErrorCode::kCorruptData, "a.jpg: ");
  Bytes bmp = EncodeTestBmp(SmoothImage(3, 2), 24, 1);
  Put(bmp, 18, static_cast<std::uint32_t>(-3), std::endian::little);
  ExpectFails(bmp, ErrorCode::kCorruptData, "claims -3 x 2 pixels");
  Put(bmp, 18, 3U, std::endian::little);
  Put(bmp, 22, 0x80000000U, std::endian::little);
  ExpectFails(bmp, ErrorCode::kResourceExhausted, "claims 3 x 2147483648 pixels");
}

TEST(DecodeImage, NamesUnsupportedFormats) {
  ExpectFails({}, ErrorCode::kCorruptData, "is empty; expected JPEG, PNG, WebP, BMP or TIFF");
  ExpectFails(BytesOf("Dear Sir,"), ErrorCode::kCorruptData, "is not an image; expected JPEG");
  ExpectFails({std::byte{0xFF}}, ErrorCode::kCorruptData, "is not an image");
  ExpectFails(BytesOf("GIF89a......"), ErrorCode::kUnsupported, "is a GIF; expected JPEG, PNG, WebP, BMP or TIFF");
  ExpectFails(BytesOf("....ftypheic"), ErrorCode::kUnsupported, "is a HEIC; expected");
  ExpectFails(BytesOf("....ftypavif"), ErrorCode::kUnsupported, "is an AVIF; expected");
}

TEST(DecodeImage, SanitizesTheNameInMessages) {
  const auto image = DecodeImage({}, "a\x1B[31m\n.jpg");
  EXPECT_THAT(image.error().message, ::testing::StartsWith("a?[31m?.jpg: "));
}

}  // namespace
}  // namespace posenet::media
