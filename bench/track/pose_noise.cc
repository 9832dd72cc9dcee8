// SPDX-License-Identifier: Apache-2.0
// pose_noise MODEL.safetensors COCO_FOLDER [SIZE]
//
// Measures the noise of PoseNet's keypoints in video, on 24 simulated frames of each annotated person of COCO. Prints
// the standard deviation of the coordinates, in sizes of the person (the mean side of the annotated box), by mean score
// of the keypoint: for a static camera, whose frames differ by sensor noise only, and for a camera that moves by up to
// 8 px, so that the position of people relative to the cells of the network's output varies; the motion is compensated.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "main.h"
#include "media/image_file.h"
#include "posenet/human.h"
#include "track/coco_people.h"
#include "track/sensor.h"

namespace {

using posenet::bench::LabeledPerson;
using posenet::image::Image;

constexpr int kFrames = 24;
constexpr int kShakePx = 8;
constexpr std::array<float, 6> kScores = {0.0F, 0.1F, 0.3F, 0.5F, 0.7F, 0.9F};

/// The keypoints of a person in all frames, in pixels of the photo.
struct Track {
  std::array<std::vector<double>, posenet::kPartCount> x;
  std::array<std::vector<double>, posenet::kPartCount> y;
  std::array<double, posenet::kPartCount> score_sums = {};
};

double Variance(const std::vector<double>& values) {
  double mean = 0.0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  double sum = 0.0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

posenet::Result<Track> EstimateTrack(const posenet::PoseEstimator& estimator, const Image& image,
                                     const posenet::human::coco::Person& person, int shake_px, std::mt19937& random) {
  Track track;
  for (int frame = 0; frame < kFrames; ++frame) {
    const Image noisy = posenet::bench::WithSensorNoise(image, random);
    const int x = shake_px > 0 ? static_cast<int>(random() % static_cast<unsigned>(shake_px)) : 0;
    const int y = shake_px > 0 ? static_cast<int>(random() % static_cast<unsigned>(shake_px)) : 0;
    const posenet::ImageView view = posenet::bench::Crop(
        noisy, {.x_px = x, .y_px = y, .width_px = noisy.width_px - shake_px, .height_px = noisy.height_px - shake_px});
    const auto poses = estimator.Estimate(view);
    if (!poses) return tl::unexpected<posenet::Error>(poses.error());
    const posenet::Point corner = {.x = static_cast<float>(-x), .y = static_cast<float>(-y)};
    const auto pose = posenet::bench::PoseOf(person, *poses, corner, 1.0);
    if (!pose) continue;
    for (std::size_t i = 0; i < posenet::kPartCount; ++i) {
      track.x[i].push_back(static_cast<double>(pose->keypoints[i].position_px.x) + x);
      track.y[i].push_back(static_cast<double>(pose->keypoints[i].position_px.y) + y);
      track.score_sums[i] += static_cast<double>(pose->keypoints[i].score);
    }
  }
  return track;
}

void Print(const char* name, std::array<std::vector<double>, kScores.size()>& deviations) {
  std::printf("%s\n  score       keypoints  median   RMS               90th percentile\n", name);
  for (std::size_t bin = 0; bin < kScores.size(); ++bin) {
    std::vector<double>& values = deviations[bin];
    if (values.empty()) continue;
    std::sort(values.begin(), values.end());
    double squares = 0.0;
    for (const double value : values) squares += value * value / static_cast<double>(values.size());
    const float end = bin + 1 < kScores.size() ? kScores[bin + 1] : 1.0F;
    std::printf("  %.1f to %.1f  %9zu  %.4f   %.4f            %.4f\n", static_cast<double>(kScores[bin]),
                static_cast<double>(end), values.size(), values[values.size() / 2], std::sqrt(squares),
                values[values.size() * 9 / 10]);
  }
}

int Fail(const posenet::Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 1;
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 3) {
    std::fputs("usage: pose_noise MODEL.safetensors COCO_FOLDER [SIZE]\n", stderr);
    return 2;
  }
  const int size = arguments.size() > 3 ? std::stoi(arguments[3]) : 257;
  const auto model = posenet::Model::Load(arguments[1]);
  if (!model) return Fail(model.error());
  const auto estimator =
      posenet::PoseEstimator::Create(*model, {.input_width_px = size, .input_height_px = size, .thread_count = 1});
  if (!estimator) return Fail(estimator.error());
  const auto people = posenet::bench::LabeledPeople(arguments[2], 8, 120.0);
  if (!people) return Fail(people.error());
  for (const int shake_px : {0, kShakePx}) {
    std::mt19937 random(1);
    std::array<std::vector<double>, kScores.size()> deviations;
    int found = 0;
    for (const LabeledPerson& one : *people) {
      const auto image = posenet::media::ReadImageFile(std::filesystem::path(arguments[2]) / "images" / one.file_name);
      if (!image) return Fail(image.error());
      const auto track = EstimateTrack(*estimator, *image, one.person, shake_px, random);
      if (!track) return Fail(track.error());
      const auto count = static_cast<double>(track->x[0].size());
      if (2.0 * count < kFrames) continue;
      ++found;
      for (std::size_t i = 0; i < posenet::kPartCount; ++i) {
        const double deviation = std::sqrt(0.5 * (Variance(track->x[i]) + Variance(track->y[i])));
        const double score = track->score_sums[i] / count;
        const auto bin = std::upper_bound(kScores.begin(), kScores.end(), score) - kScores.begin() - 1;
        deviations[static_cast<std::size_t>(bin)].push_back(deviation / posenet::bench::SizeOf(one.person));
      }
    }
    std::printf("%d of %zu people detected; ", found, people->size());
    Print(shake_px == 0 ? "static camera" : "moving camera", deviations);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return posenet::bench::Main("pose_noise", argc, argv, &Run); }
