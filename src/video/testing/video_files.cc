// SPDX-License-Identifier: Apache-2.0
#include "video/testing/video_files.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <numeric>

#include "base/testing/matchers.h"
#include "video/video_writer.h"

namespace posenet::video {
namespace {

constexpr int kDarkest = 20;
constexpr int kStep = 8;  // Codecs are off by less than half of it.
constexpr int kNumbers = 25;

}  // namespace

image::Image NumberedImage(int number, int width_px, int height_px) {
  const auto size = static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3;
  return {.width_px = width_px,
          .height_px = height_px,
          .rgb = std::vector<std::uint8_t>(size, static_cast<std::uint8_t>(kDarkest + kStep * (number % kNumbers)))};
}

int NumberIn(const image::Image& image) {
  const double sum = std::accumulate(image.rgb.begin(), image.rgb.end(), 0.0);
  return static_cast<int>(std::lround((sum / static_cast<double>(image.rgb.size()) - kDarkest) / kStep));
}

void WriteNumberedVideo(const std::filesystem::path& path, std::span<const double> times_s, double frames_per_s) {
  auto writer = VideoWriter::Create(path, {.width_px = 64, .height_px = 48, .frames_per_s = frames_per_s});
  ASSERT_THAT(writer, base::Succeeds());
  int number = 0;
  for (const double time_s : times_s) ASSERT_THAT(writer->Write(NumberedImage(number++), time_s), base::Succeeds());
  ASSERT_THAT(writer->Commit(), base::Succeeds());
}

std::vector<double> EvenTimes(int count, double step_s) {
  std::vector<double> times_s;
  for (int i = 0; i < count; ++i) times_s.push_back(i * step_s);
  return times_s;
}

}  // namespace posenet::video
