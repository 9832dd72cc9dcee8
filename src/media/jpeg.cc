// SPDX-License-Identifier: Apache-2.0
// JPEG by libjpeg-turbo with its default settings (accurate integer DCT, smooth chroma upsampling), so that pixels
// equal those of other programs that use the library.
//
// libjpeg reports errors by longjmp, which must not skip destructors: functions with a setjmp have no objects with
// destructors. Memory is owned by the caller or by the pools of libjpeg.
// clang-format off
#include <cstdio>  // jpeglib.h needs FILE and size_t, jerror.h needs jpeglib.h.
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <csetjmp>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "media/codecs.h"
#include "media/exif.h"

namespace posenet::media {
namespace {

// A progressive image has about ten scans. Each is a pass over the whole image, so a small malicious file with
// thousands of scans would take hours to decode.
constexpr int kMaxScans = 500;

struct ErrorManager {
  jpeg_error_mgr base;  // First, because libjpeg refers to this struct by a pointer to it.
  std::jmp_buf escape;
};

[[noreturn]] void Escape(j_common_ptr jpeg) {
  std::longjmp(reinterpret_cast<ErrorManager*>(jpeg->err)->escape, 1);  // NOLINT(modernize-avoid-setjmp-longjmp)
}

// For damaged data, libjpeg emits one of these warnings and makes pixels up. Other warnings concern metadata, bytes
// between segments and unusual encoders, and all pixels are valid.
bool WarnsOfDamage(int message_code) {
  switch (message_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      return true;
    default:
      return false;
  }
}

void OnMessage(j_common_ptr jpeg, int level) {
  const bool is_warning = level < 0;
  if (is_warning && WarnsOfDamage(jpeg->err->msg_code)) Escape(jpeg);
}

void OnOutput(j_common_ptr /*jpeg*/) {}

jpeg_error_mgr* InitErrors(ErrorManager& errors) {
  jpeg_error_mgr* base = jpeg_std_error(&errors.base);
  base->error_exit = Escape;
  base->emit_message = OnMessage;
  base->output_message = OnOutput;
  return base;
}

std::string MessageOf(j_common_ptr jpeg) {
  char text[JMSG_LENGTH_MAX] = {};
  jpeg->err->format_message(jpeg, text);
  return text;
}

// A decoder and the data of its callbacks. Not movable, because libjpeg has pointers to it.
struct JpegDecoder {
  JpegDecoder() {
    jpeg.err = InitErrors(errors);
    progress.progress_monitor = [](j_common_ptr common) {
      auto* decompress = reinterpret_cast<j_decompress_ptr>(common);
      if (decompress->input_scan_number > kMaxScans) ERREXIT(decompress, JERR_BAD_PROGRESSION);
    };
  }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;
  ~JpegDecoder() { jpeg_destroy_decompress(&jpeg); }

  ErrorManager errors = {};
  jpeg_progress_mgr progress = {};
  jpeg_decompress_struct jpeg = {};
};

// Returns false on errors, of which libjpeg keeps the message.
bool ReadHeader(JpegDecoder& decoder, std::span<const std::byte> bytes) {
  if (setjmp(decoder.errors.escape) != 0) return false;  // NOLINT(modernize-avoid-setjmp-longjmp)
  jpeg_create_decompress(&decoder.jpeg);
  decoder.jpeg.progress = &decoder.progress;
  jpeg_mem_src(&decoder.jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  constexpr int kExifMarker = JPEG_APP0 + 1;
  constexpr unsigned kWholeMarker = 0xFFFF;
  jpeg_save_markers(&decoder.jpeg, kExifMarker, kWholeMarker);
  jpeg_read_header(&decoder.jpeg, TRUE);
  return true;
}

// Adobe inverts the four channels: 255 is no ink.
void RgbFromCmyk(const std::uint8_t* cmyk, JDIMENSION width_px, boolean inverted, std::uint8_t* rgb) {
  const unsigned flip = inverted != FALSE ? 0U : 255U;
  for (JDIMENSION x = 0; x < width_px; ++x, cmyk += 4) {
    const unsigned white = cmyk[3] ^ flip;
    for (int c = 0; c < 3; ++c) *rgb++ = static_cast<std::uint8_t>(((cmyk[c] ^ flip) * white + 127U) / 255U);
  }
}

// Fills `rgb`. Returns false on errors.
bool ReadRows(JpegDecoder& decoder, std::uint8_t* rgb) {
  jpeg_decompress_struct& jpeg = decoder.jpeg;
  if (setjmp(decoder.errors.escape) != 0) return false;  // NOLINT(modernize-avoid-setjmp-longjmp)
  const bool is_cmyk = jpeg.num_components == 4;
  jpeg.out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&jpeg);
  JSAMPARRAY cmyk_row = nullptr;
  if (is_cmyk) {
    cmyk_row = jpeg.mem->alloc_sarray(reinterpret_cast<j_common_ptr>(&jpeg), JPOOL_IMAGE, jpeg.output_width * 4, 1);
  }
  while (jpeg.output_scanline < jpeg.output_height) {
    std::uint8_t* rgb_row = rgb + std::size_t{jpeg.output_scanline} * jpeg.output_width * 3;
    if (is_cmyk) {
      jpeg_read_scanlines(&jpeg, cmyk_row, 1);
      RgbFromCmyk(cmyk_row[0], jpeg.output_width, jpeg.saw_Adobe_marker, rgb_row);
    } else {
      jpeg_read_scanlines(&jpeg, &rgb_row, 1);
    }
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

ErrorCode CodeOf(int message_code) {
  switch (message_code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
      return ErrorCode::kResourceExhausted;
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_ARITH_NOTIMPL:
      return ErrorCode::kUnsupported;
    default:
      return ErrorCode::kCorruptData;
  }
}

// The progress of the decoder, such as " after row 120 of 480".
std::string Progress(const jpeg_decompress_struct& jpeg) {
  if (jpeg.output_scanline > 0) return base::StrCat(" after row ", jpeg.output_scanline, " of ", jpeg.image_height);
  if (jpeg.input_scan_number > 1) return base::StrCat(" in scan ", jpeg.input_scan_number);
  return jpeg.input_scan_number == 1 ? " before its first row" : " in its header";
}

tl::unexpected<Error> FailureOf(JpegDecoder& decoder) {
  const int message_code = decoder.errors.base.msg_code;
  const ErrorCode code = CodeOf(message_code);
  if (message_code == JWRN_JPEG_EOF) return base::Fail(code, "JPEG is truncated", Progress(decoder.jpeg));
  const std::string message = MessageOf(reinterpret_cast<j_common_ptr>(&decoder.jpeg));
  if (code != ErrorCode::kCorruptData) return base::Fail(code, "JPEG cannot be decoded: ", message);
  return base::Fail(code, "JPEG is damaged", Progress(decoder.jpeg), ": ", message);
}

Orientation OrientationOf(const jpeg_decompress_struct& jpeg) {
  for (jpeg_saved_marker_ptr marker = jpeg.marker_list; marker != nullptr; marker = marker->next) {
    // APP1 segments may contain other metadata, such as XMP.
    const auto orientation = ExifOrientation(std::as_bytes(std::span(marker->data, marker->data_length)));
    if (orientation != Orientation::kTopLeft) return orientation;
  }
  return Orientation::kTopLeft;
}

struct Encoder {
  Encoder() { jpeg.err = InitErrors(errors); }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  ~Encoder() {
    jpeg_destroy_compress(&jpeg);
    std::free(bytes);  // NOLINT(cppcoreguidelines-no-malloc): allocated by libjpeg
  }

  ErrorManager errors = {};
  jpeg_compress_struct jpeg = {};
  unsigned char* bytes = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): the type of libjpeg
};

bool Write(Encoder& encoder, const image::Image& image, int quality) {
  jpeg_compress_struct& jpeg = encoder.jpeg;
  if (setjmp(encoder.errors.escape) != 0) return false;  // NOLINT(modernize-avoid-setjmp-longjmp)
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, &encoder.bytes, &encoder.size);
  jpeg.image_width = static_cast<JDIMENSION>(image.width_px);
  jpeg.image_height = static_cast<JDIMENSION>(image.height_px);
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, quality, TRUE);
  // No chroma subsampling, which would blur the thin colored lines of drawings.
  jpeg.comp_info[0].h_samp_factor = 1;
  jpeg.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    auto* row = const_cast<JSAMPROW>(image.rgb.data() + std::size_t{jpeg.next_scanline} * jpeg.image_width * 3);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  return true;
}

}  // namespace

Result<image::Image> DecodeJpeg(std::span<const std::byte> bytes) {
  const auto decoder = std::make_unique<JpegDecoder>();
  if (!ReadHeader(*decoder, bytes)) return FailureOf(*decoder);
  POSENET_ASSIGN_OR_RETURN(image::Image image, NewImage(decoder->jpeg.image_width, decoder->jpeg.image_height));
  const Orientation orientation = OrientationOf(decoder->jpeg);  // libjpeg frees the markers with the last row.
  if (!ReadRows(*decoder, image.rgb.data())) return FailureOf(*decoder);
  return Upright(std::move(image), orientation);
}

Result<std::vector<std::byte>> EncodeJpeg(const image::Image& image, int quality) {
  constexpr int kMaxSidePx = JPEG_MAX_DIMENSION;
  if (image.width_px > kMaxSidePx || image.height_px > kMaxSidePx) {
    return base::Fail(ErrorCode::kUnsupported, "cannot encode ", image.width_px, " x ", image.height_px,
                      " pixels as JPEG; sides are limited to ", kMaxSidePx, " pixels");
  }
  const auto encoder = std::make_unique<Encoder>();
  if (!Write(*encoder, image, quality)) {
    return base::Fail(ErrorCode::kResourceExhausted,
                      "cannot encode JPEG: ", MessageOf(reinterpret_cast<j_common_ptr>(&encoder->jpeg)));
  }
  const auto* begin = reinterpret_cast<const std::byte*>(encoder->bytes);
  return std::vector<std::byte>(begin, begin + encoder->size);
}

}  // namespace posenet::media
