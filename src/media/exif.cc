// SPDX-License-Identifier: Apache-2.0
#include "media/exif.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace posenet::media {
namespace {

// The TIFF structure in an EXIF segment. Reads out of bounds return 0.
class TiffReader {
 public:
  explicit TiffReader(std::span<const std::byte> bytes)
      : bytes_(bytes), big_endian_(!bytes.empty() && bytes[0] == std::byte{'M'}) {}

  [[nodiscard]] std::uint32_t U16(std::size_t offset) const { return Unsigned(offset, 2); }
  [[nodiscard]] std::uint32_t U32(std::size_t offset) const { return Unsigned(offset, 4); }

 private:
  [[nodiscard]] std::uint32_t Unsigned(std::size_t offset, std::size_t length) const {
    if (offset > bytes_.size() || bytes_.size() - offset < length) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const std::byte next = bytes_[offset + (big_endian_ ? i : length - 1 - i)];
      value = (value << 8) | std::to_integer<std::uint32_t>(next);
    }
    return value;
  }

  std::span<const std::byte> bytes_;
  bool big_endian_;
};

struct Position {
  int x = 0;
  int y = 0;
};

// The position in the stored image, of `width` x `height` pixels, of (x, y) in the upright image.
Position StoredFromUpright(Orientation orientation, int x, int y, int width, int height) {
  switch (orientation) {
    case Orientation::kTopLeft:
      return {x, y};
    case Orientation::kTopRight:
      return {width - 1 - x, y};
    case Orientation::kBottomRight:
      return {width - 1 - x, height - 1 - y};
    case Orientation::kBottomLeft:
      return {x, height - 1 - y};
    case Orientation::kLeftTop:
      return {y, x};
    case Orientation::kRightTop:
      return {y, height - 1 - x};
    case Orientation::kRightBottom:
      return {width - 1 - y, height - 1 - x};
    case Orientation::kLeftBottom:
      return {width - 1 - y, x};
  }
  return {x, y};
}

}  // namespace

Orientation OrientationFromTag(unsigned value) {
  return value >= 1 && value <= 8 ? static_cast<Orientation>(value) : Orientation::kTopLeft;
}

Orientation ExifOrientation(std::span<const std::byte> app1) {
  constexpr std::array<char, 6> kSignature = {'E', 'x', 'i', 'f', '\0', '\0'};
  if (app1.size() < kSignature.size() || std::memcmp(app1.data(), kSignature.data(), kSignature.size()) != 0) {
    return Orientation::kTopLeft;
  }
  constexpr std::uint32_t kTiffMagic = 42;
  constexpr std::uint32_t kOrientationTag = 274;
  constexpr std::uint32_t kShortType = 3;
  constexpr std::size_t kEntryBytes = 12;
  const TiffReader tiff(app1.subspan(kSignature.size()));
  if (tiff.U16(2) != kTiffMagic) return Orientation::kTopLeft;
  const std::size_t directory = tiff.U32(4);
  const std::size_t entry_count = tiff.U16(directory);
  for (std::size_t i = 0; i < entry_count; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    if (tiff.U16(entry) == kOrientationTag && tiff.U16(entry + 2) == kShortType) {
      return OrientationFromTag(tiff.U16(entry + 8));
    }
  }
  return Orientation::kTopLeft;
}

image::Image Upright(image::Image stored, Orientation orientation) {
  if (orientation == Orientation::kTopLeft) return stored;
  image::Image upright = {.width_px = stored.width_px, .height_px = stored.height_px, .rgb = {}};
  if (orientation >= Orientation::kLeftTop) std::swap(upright.width_px, upright.height_px);
  upright.rgb.resize(stored.rgb.size());
  std::uint8_t* out = upright.rgb.data();
  for (int y = 0; y < upright.height_px; ++y) {
    for (int x = 0; x < upright.width_px; ++x, out += 3) {
      const Position from = StoredFromUpright(orientation, x, y, stored.width_px, stored.height_px);
      const std::size_t pixel = static_cast<std::size_t>(from.y) * static_cast<std::size_t>(stored.width_px) +
                                static_cast<std::size_t>(from.x);
      std::copy_n(stored.rgb.data() + 3 * pixel, 3, out);
    }
  }
  return upright;
}

}  // namespace posenet::media
