// SPDX-License-Identifier: Apache-2.0
#include "server/image_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/testing/temporary_folder.h"
#include "media/image_file.h"
#include "media/image_header.h"

namespace posenet::server {
namespace {

using ::testing::HasSubstr;
using std::string_literals::operator""s;

constexpr std::int64_t kManyPixels = 1'000'000;

// A gradient as a file of the format that `extension` names.
std::string Encoded(const std::string& extension, int width_px, int height_px) {
  image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  for (int i = 0; i < width_px * height_px * 3; ++i) image.rgb.push_back(static_cast<std::uint8_t>(i / 7));
  const base::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / ("a" + extension);
  if (!media::WriteImageFile(file, image).has_value()) throw std::runtime_error("cannot write " + file.native());
  const std::vector<std::byte> bytes = *base::ReadFile(file, 1 << 20);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Result<media::ImageHeader> HeaderOf(const std::string& bytes) {
  return media::ReadImageHeader(std::as_bytes(std::span(bytes)));
}

int StatusOf(const std::string& type, const std::string& body, std::int64_t max_pixels = kManyPixels) {
  const auto image = DecodeImageBody(type, body, max_pixels);
  return image.has_value() ? 200 : image.error().status;
}

TEST(ReadImageHeader, AgreesWithTheDecoders) {
  for (const std::string extension : {".jpg", ".png", ".webp"}) {
    const std::string bytes = Encoded(extension, 37, 21);
    const auto header = HeaderOf(bytes);
    ASSERT_TRUE(header.has_value()) << extension << ": " << header.error().message;
    EXPECT_EQ(header->width_px, 37) << extension;
    EXPECT_EQ(header->height_px, 21) << extension;
    EXPECT_EQ(header->pass_count, 1) << extension;
  }
}

TEST(ReadImageHeader, ReadsTheThreeKindsOfWebp) {
  const std::string lossless = "RIFF....WEBPVP8L....\x2F"s + "\x24\x00\x05\x00"s + "padding..";
  EXPECT_EQ(HeaderOf(lossless)->width_px, 37);
  EXPECT_EQ(HeaderOf(lossless)->height_px, 21);
  const std::string extended = "RIFF....WEBPVP8X....flag"s + "\x24\x00\x01\x14\x00\x00"s;
  EXPECT_EQ(HeaderOf(extended)->width_px, 65573);
  EXPECT_EQ(HeaderOf(extended)->height_px, 21);
}

TEST(ReadImageHeader, CountsScans) {
  const std::string segment = "\xFF\xDA\x00\x02"s + "data\xFF\x00\xFF\xD0more"s;
  const std::string frame = "\xFF\xC2\x00\x0B\x08\x00\x15\x00\x25\x01\x11\x11\x00"s;
  // The scan in the metadata is not one.
  const std::string metadata = "\xFF\xE1\x00\x06\xFF\xDA\x00\x02"s;
  const auto header = HeaderOf("\xFF\xD8" + metadata + frame + segment + segment + segment + "\xFF\xD9" + segment);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->width_px, 37);
  EXPECT_EQ(header->height_px, 21);
  EXPECT_EQ(header->pass_count, 3);
}

TEST(ReadImageHeader, TerminatesOnDamagedFiles) {
  for (const std::string extension : {".jpg", ".png", ".webp"}) {
    const std::string whole = Encoded(extension, 16, 16);
    for (std::size_t size = 0; size < std::min<std::size_t>(whole.size(), 200); ++size) {
      std::ignore = HeaderOf(whole.substr(0, size));
    }
    std::mt19937 random(7);
    for (int i = 0; i < 2000; ++i) {
      std::string damaged = whole;
      for (int k = 0; k < 3; ++k) damaged[random() % damaged.size()] = static_cast<char>(random());
      std::ignore = HeaderOf(damaged);
    }
  }
}

TEST(DecodeImageBody, DecodesBodiesAndForms) {
  const std::string jpeg = Encoded(".jpg", 37, 21);
  const auto image = DecodeImageBody("image/jpeg", jpeg, kManyPixels);
  ASSERT_TRUE(image.has_value());
  EXPECT_EQ(image->image.width_px, 37);
  EXPECT_EQ(image->name, "");
  const std::string form = "--b\r\nContent-Disposition: form-data; name=x; filename=a.jpg\r\n\r\n" + jpeg + "\r\n--b--";
  const auto file = DecodeImageBody("multipart/form-data; boundary=b", form, kManyPixels);
  ASSERT_TRUE(file.has_value()) << file.error().detail;
  EXPECT_EQ(file->image.height_px, 21);
  EXPECT_EQ(file->name, "a.jpg");
}

TEST(DecodeImageBody, RejectsWithTheFittingStatus) {
  const std::string jpeg = Encoded(".jpg", 37, 21);
  EXPECT_EQ(StatusOf("image/jpeg", ""), 400);
  EXPECT_EQ(StatusOf("image/jpeg", jpeg.substr(0, jpeg.size() / 2)), 400);
  EXPECT_EQ(StatusOf("image/jpeg", jpeg.substr(0, 3)), 400);
  EXPECT_EQ(StatusOf("image/jpeg", "GIF89a......"), 415);
  EXPECT_EQ(StatusOf("image/jpeg", Encoded(".png", 4, 4)), 200);  // Content decides, as everywhere in this project.
  EXPECT_EQ(StatusOf("multipart/form-data; boundary=b", jpeg), 400);
  EXPECT_EQ(StatusOf("image/jpeg", jpeg, 37 * 21), 200);
  EXPECT_EQ(StatusOf("image/jpeg", jpeg, 37 * 21 - 1), 413);
  const std::string huge = "\x89PNG\r\n\x1A\n"s + "\0\0\0\rIHDR"s + "\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF"s;
  EXPECT_EQ(StatusOf("image/png", huge), 413);
}

TEST(DecodeImageBody, RejectsMoreScansThanAnyEncoderWrites) {
  const std::string scan = "\xFF\xDA\x00\x02"s;
  std::string jpeg = "\xFF\xD8\xFF\xC2\x00\x0B\x08\x03\xE8\x03\xE8\x01\x11\x11\x00"s;  // 1000 x 1000
  for (int i = 0; i < 17; ++i) jpeg += scan;
  const auto image = DecodeImageBody("image/jpeg", jpeg, kManyPixels);
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().status, 413);
  EXPECT_THAT(image.error().detail, HasSubstr("17 scans"));
}

TEST(AcceptsContentType, AcceptsImagesFormsAndNone) {
  for (const std::string type : {"", "image/jpeg", "IMAGE/PNG", "image/webp; q=1", "multipart/form-data; boundary=x"}) {
    EXPECT_TRUE(AcceptsContentType(type)) << type;
  }
  for (const std::string type : {"text/plain", "image/gif", "application/json", "multipart/mixed"}) {
    EXPECT_FALSE(AcceptsContentType(type)) << type;
  }
}

}  // namespace
}  // namespace posenet::server
