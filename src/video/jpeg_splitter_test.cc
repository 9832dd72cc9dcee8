// SPDX-License-Identifier: Apache-2.0
#include "video/jpeg_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "media/codecs.h"
#include "video/testing/video_files.h"

namespace posenet::video {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Jpeg(int number) {
  const auto bytes = media::EncodeJpeg(NumberedImage(number), 90).value();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// `jpeg` with a segment for applications behind its start: where cameras put a thumbnail.
std::string WithSegment(const std::string& jpeg, const std::string& content) {
  const std::size_t length = content.size() + 2;
  const std::string head = {'\xFF', '\xE1', static_cast<char>(length >> 8), static_cast<char>(length & 0xFF)};
  return jpeg.substr(0, 2) + head + content + jpeg.substr(2);
}

std::vector<std::string> Split(JpegSplitter& splitter, const std::string& bytes) {
  std::vector<std::string> images;
  for (const char byte : bytes) {
    if (!splitter.Take(static_cast<std::uint8_t>(byte))) continue;
    images.emplace_back(splitter.image().begin(), splitter.image().end());
    EXPECT_EQ(splitter.width_px(), 64);
    EXPECT_EQ(splitter.height_px(), 48);
  }
  return images;
}

TEST(JpegSplitterTest, AnImageIsCompleteWithItsLastByte) {
  JpegSplitter splitter;
  for (int i = 0; i < 3; ++i) {
    const std::string jpeg = Jpeg(i);
    EXPECT_THAT(Split(splitter, jpeg.substr(0, jpeg.size() - 1)), IsEmpty());
    EXPECT_EQ(splitter.begun_size(), jpeg.size() - 1);
    EXPECT_THAT(Split(splitter, jpeg.substr(jpeg.size() - 1)), ElementsAre(jpeg));
    EXPECT_EQ(splitter.begun_size(), 0U);
  }
}

TEST(JpegSplitterTest, BytesBetweenImagesAreSkipped) {
  const std::string between = "\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n\xFF\xD9\xFF";
  JpegSplitter splitter;
  EXPECT_THAT(Split(splitter, between + Jpeg(1) + between + Jpeg(2) + between), ElementsAre(Jpeg(1), Jpeg(2)));
  EXPECT_EQ(splitter.begun_size(), 0U);
}

TEST(JpegSplitterTest, AThumbnailIsNotAnImageOfItsOwn) {
  const std::string jpeg = WithSegment(Jpeg(3), "Exif" + Jpeg(4));
  JpegSplitter splitter;
  EXPECT_THAT(Split(splitter, jpeg + jpeg), ElementsAre(jpeg, jpeg));
}

TEST(JpegSplitterTest, AnImageWithoutEndMarkerEndsWhereTheNextBegins) {
  const std::string cut = Jpeg(5).substr(0, Jpeg(5).size() - 3);
  JpegSplitter splitter;
  EXPECT_THAT(Split(splitter, cut + Jpeg(6) + cut), ElementsAre(cut, Jpeg(6)));
  EXPECT_EQ(splitter.begun_size(), cut.size());
}

TEST(JpegSplitterTest, SurvivesRandomBytes) {
  JpegSplitter splitter;
  std::uint32_t random = 1;
  std::size_t image_bytes = 0;
  for (int i = 0; i < 200'000; ++i) {
    random = random * 1664525U + 1013904223U;
    // Of what matters: parts of markers, and of lengths.
    constexpr std::array<std::uint8_t, 10> kBytes = {0xFF, 0xFF, 0xD8, 0xD9, 0xDA, 0xD0, 0xC0, 0xE1, 0x00, 0x08};
    if (splitter.Take(kBytes.at((random >> 16) % kBytes.size()))) image_bytes += splitter.image().size();
  }
  EXPECT_GT(image_bytes, 0U);
  EXPECT_LE(image_bytes, 200'000U);
}

}  // namespace
}  // namespace posenet::video
