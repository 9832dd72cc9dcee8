// SPDX-License-Identifier: Apache-2.0
#include "media/image_header.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/error.h"

namespace posenet::media {
namespace {

using namespace std::literals;

class HeaderBytes {
 public:
  explicit HeaderBytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool HasAt(std::size_t offset, std::string_view text) const {
    return offset + text.size() <= bytes_.size() && std::memcmp(bytes_.data() + offset, text.data(), text.size()) == 0;
  }
  /// The integer in `count` bytes at `offset`, which must be in range.
  [[nodiscard]] std::int64_t BigEndian(std::size_t offset, std::size_t count) const {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 256 + At(offset + i);
    return value;
  }
  [[nodiscard]] std::int64_t LittleEndian(std::size_t offset, std::size_t count) const {
    std::int64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value * 256 + At(offset + i);
    return value;
  }
  [[nodiscard]] std::int64_t At(std::size_t offset) const { return std::to_integer<std::int64_t>(bytes_[offset]); }
  /// The position of the first 0xFF at or after `offset`, or size().
  [[nodiscard]] std::size_t FindMarker(std::size_t offset) const {
    const auto from = bytes_.subspan(std::min(offset, bytes_.size()));
    return bytes_.size() - static_cast<std::size_t>(from.end() - std::ranges::find(from, std::byte{0xFF}));
  }

 private:
  std::span<const std::byte> bytes_;
};

tl::unexpected<Error> NoSize(std::string_view format) {
  return base::Fail(ErrorCode::kCorruptData, format, " is truncated or damaged: the size of the image is missing");
}

// Markers of ITU-T T.81, table B.1. Bytes between segments are skipped, as in libjpeg.
constexpr std::int64_t kStartOfScan = 0xDA;
constexpr std::int64_t kEndOfImage = 0xD9;

bool IsFrameHeader(std::int64_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}
bool HasNoLength(std::int64_t marker) { return marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8) || marker == 0xFF; }

Result<ImageHeader> ReadJpeg(const HeaderBytes& bytes) {
  ImageHeader header = {.width_px = 0, .height_px = 0, .pass_count = 0};
  bool has_size = false;
  std::size_t offset = 2;
  while ((offset = bytes.FindMarker(offset)) + 1 < bytes.size()) {
    const std::int64_t marker = bytes.At(offset + 1);
    if (marker == kEndOfImage) break;
    // Fill bytes, stuffed bytes and restart markers. After a fill byte, 0xFF, a marker may start.
    if (HasNoLength(marker)) {
      offset += marker == 0xFF ? 1 : 2;
      continue;
    }
    if (offset + 4 > bytes.size()) break;
    const auto length = static_cast<std::size_t>(bytes.BigEndian(offset + 2, 2));
    if (marker == kStartOfScan) ++header.pass_count;
    if (IsFrameHeader(marker) && !has_size) {
      if (offset + 9 > bytes.size()) break;
      header.height_px = bytes.BigEndian(offset + 5, 2);
      header.width_px = bytes.BigEndian(offset + 7, 2);
      has_size = true;
    }
    offset += 2 + length;
  }
  if (!has_size) return NoSize("JPEG");
  header.pass_count = std::max(header.pass_count, std::int64_t{1});
  return header;
}

Result<ImageHeader> ReadPng(const HeaderBytes& bytes) {
  if (!bytes.HasAt(12, "IHDR"sv) || bytes.size() < 24) return NoSize("PNG");
  return ImageHeader{.width_px = bytes.BigEndian(16, 4), .height_px = bytes.BigEndian(20, 4)};
}

// "WebP Container Specification" of Google; RFC 6386, section 9.1.
Result<ImageHeader> ReadWebp(const HeaderBytes& bytes) {
  if (bytes.size() < 30) return NoSize("WebP");
  if (bytes.HasAt(12, "VP8X"sv)) {
    return ImageHeader{.width_px = bytes.LittleEndian(24, 3) + 1, .height_px = bytes.LittleEndian(27, 3) + 1};
  }
  if (bytes.HasAt(12, "VP8L"sv) && bytes.At(20) == 0x2F) {
    const std::int64_t bits = bytes.LittleEndian(21, 4);
    return ImageHeader{.width_px = bits % 16384 + 1, .height_px = bits / 16384 % 16384 + 1};
  }
  if (bytes.HasAt(12, "VP8 "sv) && bytes.HasAt(23, "\x9D\x01\x2A"sv)) {
    return ImageHeader{.width_px = bytes.LittleEndian(26, 2) % 16384, .height_px = bytes.LittleEndian(28, 2) % 16384};
  }
  return NoSize("WebP");
}

}  // namespace

Result<ImageHeader> ReadImageHeader(std::span<const std::byte> data) {
  const HeaderBytes bytes(data);
  if (bytes.HasAt(0, "\xFF\xD8\xFF"sv)) return ReadJpeg(bytes);
  if (bytes.HasAt(0, "\x89PNG\r\n\x1A\n"sv)) return ReadPng(bytes);
  if (bytes.HasAt(0, "RIFF"sv) && bytes.HasAt(8, "WEBP"sv)) return ReadWebp(bytes);
  return base::Fail(ErrorCode::kUnsupported, "is not a JPEG, PNG or WebP image");
}

}  // namespace posenet::media
