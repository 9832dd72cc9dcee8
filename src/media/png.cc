// SPDX-License-Identifier: Apache-2.0
// PNG by libpng.
//
// libpng reports errors by longjmp, which must not skip destructors: functions with a setjmp have no objects with
// destructors.
#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <new>
#include <string_view>

#include "base/error.h"
#include "media/codecs.h"

namespace posenet::media {
namespace {

// The data of the callbacks of libpng: input or output in memory, and the message of an error.
struct PngStream {
  std::span<const std::byte> unread;
  std::vector<std::byte> written;
  bool is_truncated = false;
  char message[128] = {};
};

[[noreturn]] void OnError(png_structp png, png_const_charp message) {
  auto* stream = static_cast<PngStream*>(png_get_error_ptr(png));
  std::strncpy(stream->message, message, sizeof(stream->message) - 1);
  png_longjmp(png, 1);
}

void OnWarning(png_structp /*png*/, png_const_charp /*message*/) {}

void OnRead(png_structp png, png_bytep out, std::size_t length) {
  auto* stream = static_cast<PngStream*>(png_get_io_ptr(png));
  if (length > stream->unread.size()) {
    stream->is_truncated = true;
    png_error(png, "unexpected end of data");
  }
  std::memcpy(out, stream->unread.data(), length);
  stream->unread = stream->unread.subspan(length);
}

// std::vector may throw, but exceptions must not propagate through C.
bool Append(std::vector<std::byte>& out, const std::byte* bytes, std::size_t length) noexcept {
  try {
    out.insert(out.end(), bytes, bytes + length);
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

void OnWrite(png_structp png, png_bytep bytes, std::size_t length) {
  auto* stream = static_cast<PngStream*>(png_get_io_ptr(png));
  if (!Append(stream->written, reinterpret_cast<const std::byte*>(bytes), length)) png_error(png, "out of memory");
}

void OnFlush(png_structp /*png*/) {}

struct PngReader {
  explicit PngReader(PngStream& stream)
      : png(png_create_read_struct(PNG_LIBPNG_VER_STRING, &stream, OnError, OnWarning)),
        info(png != nullptr ? png_create_info_struct(png) : nullptr) {
    if (info != nullptr) png_set_read_fn(png, &stream, OnRead);
  }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }

  png_structp png;
  png_infop info;  // Null if memory ran out.
};

struct PngWriter {
  explicit PngWriter(PngStream& stream)
      : png(png_create_write_struct(PNG_LIBPNG_VER_STRING, &stream, OnError, OnWarning)),
        info(png != nullptr ? png_create_info_struct(png) : nullptr) {
    if (info != nullptr) png_set_write_fn(png, &stream, OnWrite, OnFlush);
  }
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;
  ~PngWriter() { png_destroy_write_struct(&png, &info); }

  png_structp png;
  png_infop info;  // Null if memory ran out.
};

// Returns false on errors.
bool ReadHeader(PngReader& reader) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;  // NOLINT(modernize-avoid-setjmp-longjmp)
  // NewImage checks the size. The default limit of libpng, a million pixels per side, would be reported as damage.
  png_set_user_limits(reader.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(reader.png, reader.info);
  return true;
}

// Fills `rows` with RGB. Returns false on errors.
bool ReadRows(PngReader& reader, png_bytepp rows) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;  // NOLINT(modernize-avoid-setjmp-longjmp)
  png_set_expand(reader.png);                             // Expands palettes and fewer than 8 bits.
  png_set_scale_16(reader.png);                           // Rounds; png_set_strip_16 would truncate.
  png_set_strip_alpha(reader.png);
  png_set_gray_to_rgb(reader.png);
  png_read_update_info(reader.png, reader.info);
  if (png_get_rowbytes(reader.png, reader.info) != 3 * std::size_t{png_get_image_width(reader.png, reader.info)}) {
    png_error(reader.png, "unexpected layout of pixels");
  }
  png_read_image(reader.png, rows);
  png_read_end(reader.png, nullptr);
  return true;
}

bool Write(PngWriter& writer, const image::Image& image, png_bytepp rows) {
  // Level 4 with the fast filters encodes photos two to three times as fast as the defaults of libpng (level 6, all
  // filters), with files about 4 % larger.
  constexpr int kCompressionLevel = 4;
  if (setjmp(png_jmpbuf(writer.png)) != 0) return false;  // NOLINT(modernize-avoid-setjmp-longjmp)
  png_set_user_limits(writer.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(writer.png, writer.info, static_cast<png_uint_32>(image.width_px),
               static_cast<png_uint_32>(image.height_px), 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(writer.png, kCompressionLevel);
  png_set_filter(writer.png, PNG_FILTER_TYPE_BASE, PNG_FAST_FILTERS);
  png_write_info(writer.png, writer.info);
  png_write_image(writer.png, rows);
  png_write_end(writer.png, writer.info);
  return true;
}

std::vector<png_bytep> RowsOf(std::uint8_t* rgb, const image::Image& image) {
  std::vector<png_bytep> rows(static_cast<std::size_t>(image.height_px));
  const std::size_t row_bytes = static_cast<std::size_t>(image.width_px) * 3;
  for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = rgb + y * row_bytes;
  return rows;
}

tl::unexpected<Error> FailureOf(const PngStream& stream) {
  if (std::string_view(stream.message).find("memory") != std::string_view::npos) {
    return base::Fail(ErrorCode::kResourceExhausted, "PNG: ", stream.message);
  }
  if (stream.is_truncated) return base::Fail(ErrorCode::kCorruptData, "PNG is truncated");
  return base::Fail(ErrorCode::kCorruptData, "PNG is damaged: ", stream.message);
}

}  // namespace

Result<image::Image> DecodePng(std::span<const std::byte> bytes) {
  PngStream stream = {.unread = bytes, .written = {}};
  PngReader reader(stream);
  if (reader.info == nullptr) throw std::bad_alloc();
  if (!ReadHeader(reader)) return FailureOf(stream);
  POSENET_ASSIGN_OR_RETURN(image::Image image, NewImage(png_get_image_width(reader.png, reader.info),
                                                        png_get_image_height(reader.png, reader.info)));
  auto rows = RowsOf(image.rgb.data(), image);
  if (!ReadRows(reader, rows.data())) return FailureOf(stream);
  return image;
}

Result<std::vector<std::byte>> EncodePng(const image::Image& image) {
  PngStream stream;
  PngWriter writer(stream);
  if (writer.info == nullptr) throw std::bad_alloc();
  // libpng only reads the rows, but its API is not const-correct.
  auto rows = RowsOf(const_cast<std::uint8_t*>(image.rgb.data()), image);
  if (!Write(writer, image, rows.data())) {
    return base::Fail(ErrorCode::kResourceExhausted, "cannot encode PNG: ", stream.message);
  }
  return std::move(stream.written);
}

}  // namespace posenet::media
