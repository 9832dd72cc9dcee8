// SPDX-License-Identifier: Apache-2.0
#include "media/image_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "base/file.h"
#include "media/codecs.h"

namespace posenet::media {
namespace {

using Decoder = Result<image::Image> (*)(std::span<const std::byte> bytes);

// The signature of a format.
struct Signature {
  std::size_t offset;
  std::string_view magic;
  std::string_view format;  // With an article, for error messages.
  Decoder decode;           // Null for formats that are recognized, but not supported.
};

using namespace std::literals;

// The first match applies. Brands of the ISO base media file format (ftyp) are at offset 8.
constexpr std::array kSignatures = {
    Signature{0, "\xFF\xD8\xFF"sv, "a JPEG", DecodeJpeg},
    Signature{0, "\x89PNG\r\n\x1A\n"sv, "a PNG", DecodePng},
    Signature{8, "WEBP"sv, "a WebP", DecodeWebp},
    Signature{0, "II*\0"sv, "a TIFF", DecodeTiff},
    Signature{0, "MM\0*"sv, "a TIFF", DecodeTiff},
    Signature{0, "II+\0"sv, "a BigTIFF", DecodeTiff},
    Signature{0, "MM\0+"sv, "a BigTIFF", DecodeTiff},
    Signature{0, "BM"sv, "a BMP", DecodeBmp},
    Signature{0, "GIF8"sv, "a GIF", nullptr},
    Signature{4, "ftypavif"sv, "an AVIF", nullptr},
    Signature{4, "ftypavis"sv, "an AVIF", nullptr},
    Signature{4, "ftyphe"sv, "a HEIC", nullptr},
    Signature{4, "ftypmif1"sv, "a HEIF", nullptr},
    Signature{4, "ftypmsf1"sv, "a HEIF", nullptr},
    Signature{4, "ftyp"sv, "a video", nullptr},
    Signature{4, "JXL \r\n"sv, "a JPEG XL", nullptr},
    Signature{0, "\xFF\x0A"sv, "a JPEG XL", nullptr},
    Signature{4, "jP  \r\n"sv, "a JPEG 2000", nullptr},
    Signature{0, "8BPS"sv, "a Photoshop document", nullptr},
    Signature{0, "%PDF"sv, "a PDF", nullptr},
};

constexpr std::string_view kExpected = "expected JPEG, PNG, WebP, BMP or TIFF";

bool Matches(const Signature& signature, std::span<const std::byte> bytes) {
  return bytes.size() >= signature.offset + signature.magic.size() &&
         std::memcmp(bytes.data() + signature.offset, signature.magic.data(), signature.magic.size()) == 0;
}

Result<image::Image> Decode(std::span<const std::byte> bytes) {
  if (bytes.empty()) return base::Fail(ErrorCode::kCorruptData, "is empty; ", kExpected);
  if (bytes.size() > kMaxFileBytes) {
    return base::Fail(ErrorCode::kResourceExhausted, "is ", bytes.size(), " bytes long; the limit is ", kMaxFileBytes);
  }
  const auto* found = std::ranges::find_if(kSignatures, [&](const Signature& s) { return Matches(s, bytes); });
  if (found == kSignatures.end()) return base::Fail(ErrorCode::kCorruptData, "is not an image; ", kExpected);
  if (found->decode == nullptr) return base::Fail(ErrorCode::kUnsupported, "is ", found->format, "; ", kExpected);
  return found->decode(bytes);
}

// The extension in lower case, such as ".jpg".
std::string LowerExtension(const std::filesystem::path& path) { return base::AsciiToLower(path.extension().string()); }

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> choices) {
  return std::ranges::find(choices, text) != choices.end();
}

Result<std::vector<std::byte>> Encode(std::string_view extension, const image::Image& image) {
  constexpr int kJpegQuality = 92;
  constexpr float kWebpQuality = 90.0F;
  if (extension == ".png") return EncodePng(image);
  if (extension == ".webp") return EncodeWebp(image, kWebpQuality);
  if (IsOneOf(extension, {".jpg", ".jpeg"})) return EncodeJpeg(image, kJpegQuality);
  return base::Fail(ErrorCode::kInvalidArgument, "unsupported extension '", base::Printable(extension),
                    "'; expected .png, .jpg, .jpeg or .webp");
}

}  // namespace

Result<image::Image> NewImage(std::int64_t width_px, std::int64_t height_px) {
  if (width_px < 1 || height_px < 1) {
    return base::Fail(ErrorCode::kCorruptData, "claims ", width_px, " x ", height_px,
                      " pixels; expected at least 1 x 1");
  }
  if (width_px > kMaxPixels / height_px) {
    return base::Fail(ErrorCode::kResourceExhausted, "claims ", width_px, " x ", height_px, " pixels; at most ",
                      kMaxPixels, " are decoded");
  }
  image::Image image = {.width_px = static_cast<int>(width_px), .height_px = static_cast<int>(height_px), .rgb = {}};
  image.rgb.resize(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3);
  return image;
}

Result<image::Image> DecodeImage(std::span<const std::byte> bytes, std::string_view name) {
  try {
    auto image = Decode(bytes);
    if (!image.has_value()) return base::FailIn(image.error(), base::Printable(name));
    return image;
  } catch (const std::bad_alloc&) {
    return base::Fail(ErrorCode::kResourceExhausted, base::Printable(name), ": not enough memory to decode it");
  }
}

Result<image::Image> ReadImageFile(const std::filesystem::path& path) {
  POSENET_ASSIGN_OR_RETURN(const auto bytes, base::ReadFile(path, kMaxFileBytes));
  return DecodeImage(bytes, path.string());
}

bool HasImageExtension(const std::filesystem::path& path) {
  return IsOneOf(LowerExtension(path),
                 {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".dib", ".tif", ".tiff"});
}

Result<void> WriteImageFile(const std::filesystem::path& path, const image::Image& image) {
  const std::string name = base::Printable(path.string());
  if (const auto valid = image::CheckView(image.View()); !valid.has_value()) return base::FailIn(valid.error(), name);
  try {
    const auto bytes = Encode(LowerExtension(path), image);
    if (!bytes.has_value()) return base::FailIn(bytes.error(), name);
    return base::WriteFile(path, *bytes);
  } catch (const std::bad_alloc&) {
    return base::Fail(ErrorCode::kResourceExhausted, name, ": not enough memory to encode it");
  }
}

}  // namespace posenet::media
