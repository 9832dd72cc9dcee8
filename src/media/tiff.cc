// SPDX-License-Identifier: Apache-2.0
// The first page of a TIFF, by libtiff.
#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/strings.h"
#include "media/codecs.h"
#include "media/exif.h"
#include "media/image_file.h"

namespace posenet::media {
namespace {

// Limits allocations, for the largest pixels that libtiff can convert to RGB: four channels of 16 bits.
constexpr tmsize_t kMaxSingleAllocationBytes = tmsize_t{8} * kMaxPixels;

// The data of the callbacks of libtiff: a file in memory, and the first error message.
struct TiffStream {
  std::span<const std::byte> bytes;
  std::size_t position = 0;
  char message[256] = {};
};

tmsize_t OnRead(thandle_t handle, void* out, tmsize_t length) {
  auto* stream = static_cast<TiffStream*>(handle);
  if (stream->position >= stream->bytes.size() || length <= 0) return 0;
  const std::size_t count = std::min(static_cast<std::size_t>(length), stream->bytes.size() - stream->position);
  std::memcpy(out, stream->bytes.data() + stream->position, count);
  stream->position += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t OnWrite(thandle_t /*handle*/, void* /*bytes*/, tmsize_t /*length*/) { return -1; }

toff_t OnSeek(thandle_t handle, toff_t offset, int whence) {
  auto* stream = static_cast<TiffStream*>(handle);
  const std::size_t base = whence == SEEK_CUR ? stream->position : whence == SEEK_END ? stream->bytes.size() : 0;
  stream->position = base + static_cast<std::size_t>(offset);
  return stream->position;
}

int OnClose(thandle_t /*handle*/) { return 0; }

toff_t OnSize(thandle_t handle) { return static_cast<TiffStream*>(handle)->bytes.size(); }

constexpr int kHandled = 1;  // Otherwise libtiff prints the message.

int OnError(TIFF* /*tiff*/, void* user_data, const char* /*module*/, const char* format, va_list arguments) {
  auto* stream = static_cast<TiffStream*>(user_data);
  if (stream->message[0] == '\0') std::vsnprintf(stream->message, sizeof(stream->message), format, arguments);
  return kHandled;
}

// Warnings concern unknown tags.
int OnWarning(TIFF* /*tiff*/, void* /*user_data*/, const char* /*module*/, const char* /*format*/,
              va_list /*arguments*/) {
  return kHandled;
}

using TiffPointer = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

TiffPointer Open(TiffStream& stream) {
  const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                 TIFFOpenOptionsFree);
  if (options == nullptr) throw std::bad_alloc();
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMaxSingleAllocationBytes);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), OnError, &stream);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), OnWarning, &stream);
  // "m" disables memory mapping, with which libtiff could modify the input.
  return {TIFFClientOpenExt("TIFF", "rm", &stream, OnRead, OnWrite, OnSeek, OnClose, OnSize, nullptr, nullptr,
                            options.get()),
          TIFFClose};
}

// libtiff multiplies colors by unassociated alpha. Marking it as associated prevents this.
void KeepColorsOfTransparentPixels(TIFF* tiff) {
  std::uint16_t count = 0;
  const std::uint16_t* kinds = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) != 1 || count < 1) return;
  if (kinds[0] != EXTRASAMPLE_UNASSALPHA) return;
  const std::vector<std::uint16_t> associated(count, EXTRASAMPLE_ASSOCALPHA);
  TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, count, associated.data());
}

tl::unexpected<Error> DamageError(const TiffStream& stream) {
  return base::Fail(ErrorCode::kCorruptData,
                    "TIFF is damaged: ", stream.message[0] != '\0' ? base::Printable(stream.message) : "unknown error");
}

}  // namespace

Result<image::Image> DecodeTiff(std::span<const std::byte> bytes) {
  TiffStream stream = {.bytes = bytes};
  const TiffPointer tiff = Open(stream);
  if (tiff == nullptr) return DamageError(stream);

  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::uint16_t orientation_tag = ORIENTATION_TOPLEFT;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width_px);
  TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height_px);
  TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_ORIENTATION, &orientation_tag);
  POSENET_ASSIGN_OR_RETURN(image::Image image, NewImage(width_px, height_px));

  char reason[1024] = {};
  if (TIFFRGBAImageOK(tiff.get(), reason) == 0) {
    return base::Fail(ErrorCode::kUnsupported, "TIFF cannot be converted to RGB: ", base::Printable(reason));
  }
  KeepColorsOfTransparentPixels(tiff.get());

  // With the orientation of the file, libtiff does not move pixels; it cannot rotate by 90 degrees.
  const Orientation orientation = OrientationFromTag(orientation_tag);
  std::vector<std::uint32_t> abgr(std::size_t{width_px} * height_px);
  constexpr int kStopOnError = 1;
  const int is_read = TIFFReadRGBAImageOriented(tiff.get(), width_px, height_px, abgr.data(),
                                                static_cast<int>(orientation), kStopOnError);
  if (is_read == 0 || stream.message[0] != '\0') return DamageError(stream);

  std::uint8_t* out = image.rgb.data();
  for (const std::uint32_t pixel : abgr) {
    *out++ = static_cast<std::uint8_t>(TIFFGetR(pixel));
    *out++ = static_cast<std::uint8_t>(TIFFGetG(pixel));
    *out++ = static_cast<std::uint8_t>(TIFFGetB(pixel));
  }
  return Upright(std::move(image), orientation);
}

}  // namespace posenet::media
