// SPDX-License-Identifier: Apache-2.0
#include "media/testing/encoders.h"

// clang-format off
#include <cstdio>  // jpeglib.h needs FILE and size_t.
#include <jpeglib.h>
// clang-format on

#include <png.h>
#include <tiffio.h>
#include <webp/encode.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace posenet::media {
namespace {

void Append(Bytes& out, const void* data, std::size_t length) {
  const auto* bytes = static_cast<const std::byte*>(data);
  for (std::size_t i = 0; i < length; ++i) out.push_back(bytes[i]);
}

void AppendLittleEndian(Bytes& out, std::uint32_t value, int length) {
  for (int i = 0; i < length; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

// A row in the channels of the JPEG. Black ink is maximal: the brightest of the other channels has no ink.
void FillJpegRow(const image::Image& image, int y, JpegColor color, std::uint8_t* out) {
  for (int x = 0; x < image.width_px; ++x) {
    const std::uint8_t* rgb = PixelAt(image, x, y);
    switch (color) {
      case JpegColor::kRgb:
        out = std::copy_n(rgb, 3, out);
        break;
      case JpegColor::kGray:
        *out++ = rgb[0];
        break;
      case JpegColor::kCmyk:
      case JpegColor::kYcck: {
        const int white = std::max({int{rgb[0]}, int{rgb[1]}, int{rgb[2]}, 1});
        for (int c = 0; c < 3; ++c) *out++ = static_cast<std::uint8_t>(rgb[c] * 255 / white);
        *out++ = static_cast<std::uint8_t>(white);
        break;
      }
    }
  }
}

// The data of the callbacks of libtiff.
struct TiffMemory {
  Bytes bytes;
  std::size_t position = 0;
};

tmsize_t ReadTiff(thandle_t handle, void* out, tmsize_t length) {
  auto* memory = static_cast<TiffMemory*>(handle);
  const std::size_t count = std::min(static_cast<std::size_t>(length), memory->bytes.size() - memory->position);
  std::memcpy(out, memory->bytes.data() + memory->position, count);
  memory->position += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t WriteTiff(thandle_t handle, void* data, tmsize_t length) {
  auto* memory = static_cast<TiffMemory*>(handle);
  const std::size_t end = memory->position + static_cast<std::size_t>(length);
  memory->bytes.resize(std::max(memory->bytes.size(), end));
  std::memcpy(memory->bytes.data() + memory->position, data, static_cast<std::size_t>(length));
  memory->position = end;
  return length;
}

toff_t SeekTiff(thandle_t handle, toff_t offset, int whence) {
  auto* memory = static_cast<TiffMemory*>(handle);
  const std::size_t base = whence == SEEK_CUR ? memory->position : whence == SEEK_END ? memory->bytes.size() : 0;
  memory->position = base + offset;
  return memory->position;
}

Bytes BmpHeader(int width_px, int signed_height_px, int bits_per_pixel, int color_count) {
  constexpr std::uint32_t kHeaderBytes = 54;
  Bytes out;
  Append(out, "BM", 2);
  out.resize(out.size() + 8);  // File size, which is ignored, and reserved fields.
  AppendLittleEndian(out, kHeaderBytes + 4 * static_cast<std::uint32_t>(color_count), 4);
  AppendLittleEndian(out, 40, 4);
  AppendLittleEndian(out, static_cast<std::uint32_t>(width_px), 4);
  AppendLittleEndian(out, static_cast<std::uint32_t>(signed_height_px), 4);
  AppendLittleEndian(out, 1, 2);
  AppendLittleEndian(out, static_cast<std::uint32_t>(bits_per_pixel), 2);
  out.resize(out.size() + 16);  // No compression, and sizes, which are ignored.
  AppendLittleEndian(out, static_cast<std::uint32_t>(color_count), 4);
  AppendLittleEndian(out, 0, 4);
  return out;
}

void PadBmpRow(Bytes& row) { row.resize((row.size() + 3) / 4 * 4); }

}  // namespace

image::Image SmoothImage(int width_px, int height_px) {
  image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      const int right = x * 200 / std::max(width_px - 1, 1);
      const int down = y * 200 / std::max(height_px - 1, 1);
      image.rgb.push_back(static_cast<std::uint8_t>(30 + right));
      image.rgb.push_back(static_cast<std::uint8_t>(30 + down));
      image.rgb.push_back(static_cast<std::uint8_t>(230 - (right + down) / 2));
    }
  }
  return image;
}

const std::uint8_t* PixelAt(const image::Image& image, int x, int y) {
  return image.rgb.data() +
         3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width_px) + static_cast<std::size_t>(x));
}

int MaxDifference(const image::Image& a, const image::Image& b) {
  if (a.width_px != b.width_px || a.height_px != b.height_px || a.rgb.size() != b.rgb.size()) return 256;
  int difference = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) difference = std::max(difference, std::abs(a.rgb[i] - b.rgb[i]));
  return difference;
}

Bytes EncodeTestJpeg(const image::Image& image, JpegColor color, JpegScans scans) {
  jpeg_error_mgr errors = {};
  jpeg_compress_struct jpeg = {};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* encoded = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): the type of libjpeg
  jpeg_mem_dest(&jpeg, &encoded, &size);
  jpeg.image_width = static_cast<JDIMENSION>(image.width_px);
  jpeg.image_height = static_cast<JDIMENSION>(image.height_px);
  const bool is_cmyk = color == JpegColor::kCmyk || color == JpegColor::kYcck;
  jpeg.input_components = is_cmyk ? 4 : color == JpegColor::kGray ? 1 : 3;
  jpeg.in_color_space = is_cmyk ? JCS_CMYK : color == JpegColor::kGray ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&jpeg);
  if (color == JpegColor::kYcck) jpeg_set_colorspace(&jpeg, JCS_YCCK);
  jpeg_set_quality(&jpeg, 95, TRUE);
  jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = 1;
  if (is_cmyk) jpeg.comp_info[3].h_samp_factor = jpeg.comp_info[3].v_samp_factor = 1;
  if (scans == JpegScans::kProgressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  std::vector<std::uint8_t> row(static_cast<std::size_t>(image.width_px * jpeg.input_components));
  for (int y = 0; y < image.height_px; ++y) {
    FillJpegRow(image, y, color, row.data());
    JSAMPROW pointer = row.data();
    jpeg_write_scanlines(&jpeg, &pointer, 1);
  }
  jpeg_finish_compress(&jpeg);
  Bytes out;
  Append(out, encoded, size);
  jpeg_destroy_compress(&jpeg);
  std::free(encoded);  // NOLINT(cppcoreguidelines-no-malloc): allocated by libjpeg
  return out;
}

Bytes WithExifOrientation(const Bytes& jpeg, int orientation) {
  Bytes out(jpeg.begin(), jpeg.begin() + 2);
  Append(out,
         "\xFF\xE1\x00\x22"
         "Exif\0\0II*\0",
         14);
  AppendLittleEndian(out, 8, 4);  // The directory follows.
  AppendLittleEndian(out, 1, 2);
  AppendLittleEndian(out, 274, 2);
  AppendLittleEndian(out, 3, 2);
  AppendLittleEndian(out, 1, 4);
  AppendLittleEndian(out, static_cast<std::uint32_t>(orientation), 4);
  AppendLittleEndian(out, 0, 4);
  out.insert(out.end(), jpeg.begin() + 2, jpeg.end());
  return out;
}

Bytes EncodeTestPng(const PngSamples& samples) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  Bytes out;
  png_set_write_fn(
      png, &out,
      [](png_structp writer, png_bytep data, std::size_t length) {
        Append(*static_cast<Bytes*>(png_get_io_ptr(writer)), data, length);
      },
      nullptr);
  const auto width = static_cast<png_uint_32>(samples.width_px);
  const auto height = static_cast<png_uint_32>(samples.height_px);
  png_set_IHDR(png, info, width, height, samples.bit_depth, samples.color_type,
               samples.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (!samples.palette_rgb.empty()) {
    png_set_PLTE(png, info, reinterpret_cast<png_const_colorp>(samples.palette_rgb.data()),
                 static_cast<int>(samples.palette_rgb.size() / 3));
  }
  if (samples.first_color_is_transparent) {
    const png_byte alpha = 0;
    const png_color_16 transparent = {};
    png_set_tRNS(png, info, &alpha, 1, &transparent);
  }
  png_write_info(png, info);
  if (samples.bit_depth < 8) png_set_packing(png);  // The input has one sample per byte.
  const int channel_count = png_get_channels(png, info);
  std::vector<std::vector<png_byte>> rows(height);
  std::vector<png_bytep> row_pointers;
  for (int y = 0; y < samples.height_px; ++y) {
    auto& row = rows[static_cast<std::size_t>(y)];
    for (int x = 0; x < samples.width_px; ++x) {
      for (int c = 0; c < channel_count; ++c) {
        const unsigned value = samples.sample(x, y, c);
        if (samples.bit_depth == 16) row.push_back(static_cast<png_byte>(value >> 8));
        row.push_back(static_cast<png_byte>(value));
      }
    }
    row_pointers.push_back(row.data());
  }
  png_write_image(png, row_pointers.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}

Bytes EncodeTestTiff(const TiffSamples& samples) {
  TiffMemory memory;
  TIFF* tiff = TIFFClientOpen(
      "test", "w", &memory, ReadTiff, WriteTiff, SeekTiff, [](thandle_t) { return 0; },
      [](thandle_t handle) -> toff_t { return static_cast<TiffMemory*>(handle)->bytes.size(); }, nullptr, nullptr);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, samples.width_px);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, samples.height_px);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, samples.channel_count);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, samples.bits_per_sample);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, samples.photometric);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, samples.compression);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, samples.orientation);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP,
               8);  // Several strips, of which the last is shorter; JPEG requires a multiple of 8.
  if (samples.channel_count == 4) {
    const std::uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
  }
  for (int y = 0; y < samples.height_px; ++y) {
    Bytes row;
    for (int x = 0; x < samples.width_px; ++x) {
      for (int c = 0; c < samples.channel_count; ++c) {
        AppendLittleEndian(row, samples.sample(x, y, c), samples.bits_per_sample / 8);
      }
    }
    TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0);
  }
  TIFFClose(tiff);
  return memory.bytes;
}

Bytes EncodeTestWebp(const image::Image& image, WebpAlpha alpha) {
  std::vector<std::uint8_t> rgba;
  for (int y = 0; y < image.height_px; ++y) {
    for (int x = 0; x < image.width_px; ++x) {
      const std::uint8_t* rgb = PixelAt(image, x, y);
      rgba.insert(rgba.end(), rgb, rgb + 3);
      const bool is_transparent = alpha == WebpAlpha::kHalfTransparent && 2 * x < image.width_px;
      rgba.push_back(is_transparent ? 0 : 255);
    }
  }
  WebPConfig config;
  WebPConfigInit(&config);
  config.lossless = 1;
  config.exact = 1;  // Keeps the colors of transparent pixels.
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  WebPPicture webp;
  WebPPictureInit(&webp);
  webp.use_argb = 1;
  webp.width = image.width_px;
  webp.height = image.height_px;
  webp.writer = WebPMemoryWrite;
  webp.custom_ptr = &writer;
  WebPPictureImportRGBA(&webp, rgba.data(), image.width_px * 4);
  WebPEncode(&config, &webp);
  Bytes out;
  Append(out, writer.mem, writer.size);
  WebPPictureFree(&webp);
  WebPMemoryWriterClear(&writer);
  return out;
}

Bytes EncodeTestBmp(const image::Image& image, int bits_per_pixel, int height_sign) {
  Bytes out = BmpHeader(image.width_px, height_sign * image.height_px, bits_per_pixel, 0);
  for (int i = 0; i < image.height_px; ++i) {
    const int y = height_sign > 0 ? image.height_px - 1 - i : i;
    Bytes row;
    for (int x = 0; x < image.width_px; ++x) {
      const std::uint8_t* rgb = PixelAt(image, x, y);
      const std::uint8_t bgra[4] = {rgb[2], rgb[1], rgb[0], 255};
      Append(row, bgra, static_cast<std::size_t>(bits_per_pixel) / 8);
    }
    PadBmpRow(row);
    Append(out, row.data(), row.size());
  }
  return out;
}

Bytes EncodeTestPaletteBmp(int width_px, int height_px, int bits_per_pixel, int color_count,
                           const std::function<unsigned(int x, int y)>& index) {
  Bytes out = BmpHeader(width_px, height_px, bits_per_pixel, color_count);
  for (int i = 0; i < color_count; ++i) {
    const auto gray = static_cast<std::byte>(i * 255 / std::max(color_count - 1, 1));
    out.insert(out.end(), {gray, gray, gray, std::byte{0}});
  }
  const unsigned pixels_per_byte = 8 / static_cast<unsigned>(bits_per_pixel);
  for (int y = height_px - 1; y >= 0; --y) {
    Bytes row(static_cast<std::size_t>(width_px) / pixels_per_byte + 1);
    for (int x = 0; x < width_px; ++x) {
      const unsigned position = static_cast<unsigned>(x) % pixels_per_byte;
      const unsigned shift = 8 - static_cast<unsigned>(bits_per_pixel) * (position + 1);
      row[static_cast<unsigned>(x) / pixels_per_byte] |= static_cast<std::byte>(index(x, y) << shift);
    }
    row.resize((static_cast<std::size_t>(width_px) * static_cast<std::size_t>(bits_per_pixel) + 7) / 8);
    PadBmpRow(row);
    Append(out, row.data(), row.size());
  }
  return out;
}

}  // namespace posenet::media
