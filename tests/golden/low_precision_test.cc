// SPDX-License-Identifier: Apache-2.0
// Quantized models against the float models that they were made from, on images that they were not calibrated with.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "media/image_file.h"
#include "posenet/human.h"

namespace posenet {
namespace {

namespace fs = std::filesystem;

constexpr float kConfidentScore = 0.5F;
// The decoder returns some people twice. The second pose has a score near 0 because its keypoints are those of the
// first, except for a few, which may be anywhere. The command does not draw such poses either.
constexpr float kMinPoseScore = 0.15F;
constexpr double kMovedPx = 2.0;        // In pixels of the network's input.
constexpr double kSamePersonPx = 10.0;  // Median distance of confident keypoints.
// Of people and of keypoints. The usual scheme of int8 moves a fifth of the keypoints.
constexpr double kLostShare = 0.08;
constexpr double kMovedShare = 0.05;

// In small sets, too, no more than this share.
constexpr double kMaxLostShare = 0.12;
constexpr double kMaxMovedShare = 0.07;

// How many of `count` may be lost if `share` of them are on average: two standard deviations more, up to `max_share`.
// Which few keypoints are lost is chance, and differs between instruction sets: of 572, mobilenet075 in bf16 at 257
// moves 24 where bfloat16 is emulated and 31 where the CPU has it, with the same median.
double Allowed(double share, double max_share, double count) {
  return std::min(share * count + 2.0 * std::sqrt(share * count), max_share * count);
}

// The median distance of the keypoints of which `a` is confident; nothing when there is none.
std::optional<double> MedianDistancePx(const Pose& a, const Pose& b) {
  std::vector<double> distances;
  for (std::size_t k = 0; k < kPartCount; ++k) {
    if (a.keypoints[k].score < kConfidentScore) continue;
    distances.push_back(std::hypot(a.keypoints[k].position_px.x - b.keypoints[k].position_px.x,
                                   a.keypoints[k].position_px.y - b.keypoints[k].position_px.y));
  }
  if (distances.empty()) return std::nullopt;
  std::sort(distances.begin(), distances.end());
  return distances[distances.size() / 2];
}

// Counts over a set of photos.
struct Comparison {
  int poses = 0;
  int poses_found = 0;
  std::vector<double> distances_px;  // Of confident keypoints, in pixels of the network's input.

  void Append(const Comparison& other) {
    poses += other.poses;
    poses_found += other.poses_found;
    distances_px.insert(distances_px.end(), other.distances_px.begin(), other.distances_px.end());
  }

  // `scale`: pixels of the network's input in one of the photo.
  void Add(const std::vector<Pose>& floats, const std::vector<Pose>& rounded, double scale) {
    for (const Pose& pose : floats) {
      if (pose.score < kMinPoseScore) continue;
      ++poses;
      const Pose* nearest = nullptr;
      double least_px = std::numeric_limits<double>::infinity();
      for (const Pose& other : rounded) {
        const std::optional<double> distance = MedianDistancePx(pose, other);
        if (distance.has_value() && *distance * scale < least_px) {
          least_px = *distance * scale;
          nearest = &other;
        }
      }
      if (nearest == nullptr || least_px > kSamePersonPx) continue;
      ++poses_found;
      for (std::size_t k = 0; k < kPartCount; ++k) {
        if (pose.keypoints[k].score < kConfidentScore) continue;
        const Point a = pose.keypoints[k].position_px;
        const Point b = nearest->keypoints[k].position_px;
        distances_px.push_back(std::hypot(a.x - b.x, a.y - b.y) * scale);
      }
    }
  }
};

// Sets of images: the screenshots that the packages of the weights ship, and COCO's photos if the development data is
// there.
enum class ImageSet { kScreenshots, kCoco };

std::vector<fs::path> FilesOf(ImageSet set) {
  std::vector<fs::path> files;
  const auto add = [&](const fs::path& folder, const std::string& beginning) {
    if (!fs::exists(folder)) return;
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().native();
      if (!name.starts_with(beginning) || !name.ends_with(".jpg")) continue;
      // Both packages have some of the screenshots; counting these twice would count their moved keypoints twice.
      const bool is_known = std::ranges::any_of(files, [&](const fs::path& file) {
        return file.filename() == entry.path().filename() && fs::file_size(file) == entry.file_size();
      });
      if (!is_known) files.push_back(entry.path());
    }
  };
  const fs::path packages = fs::path(POSENET_SOURCE_DIR) / "models/node_modules";
  if (set == ImageSet::kCoco) {
    add(fs::path(POSENET_EXTRA_DATA_DIR) / "coco/images", "");
  } else {
    for (const char* package : {"weights-mobilenet075", "weights-mobilenet100"}) {
      add(packages / package / "assets", "screenshot-");
    }
  }
  std::ranges::sort(files);
  return files;
}

double MedianOf(std::vector<double> numbers) {
  std::ranges::sort(numbers);
  return numbers[numbers.size() / 2];
}

int MovedOf(const Comparison& comparison) {
  return static_cast<int>(
      std::ranges::count_if(comparison.distances_px, [](double distance) { return distance > kMovedPx; }));
}

void ExpectFewLost(const Comparison& comparison) {
  EXPECT_LE(comparison.poses - comparison.poses_found, Allowed(kLostShare, kMaxLostShare, comparison.poses))
      << comparison.poses;
}

void ExpectFewMoved(const Comparison& comparison) {
  const auto keypoints = static_cast<double>(comparison.distances_px.size());
  EXPECT_LE(MovedOf(comparison), Allowed(kMovedShare, kMaxMovedShare, keypoints)) << keypoints;
}

// The two versions of a network, with an input of `size_px` x `size_px`, on `files`.
void Compare(const Model& float_model, const Model& quantized_model, Precision precision, int size_px,
             const std::vector<fs::path>& files, Comparison& comparison) {
  PoseEstimatorOptions options = {
      .input_width_px = size_px, .input_height_px = size_px, .precision = Precision::kFloat32};
  const auto floats = PoseEstimator::Create(float_model, options);
  options.precision = precision;
  const auto rounded = PoseEstimator::Create(quantized_model, options);
  ASSERT_TRUE(floats.has_value() && rounded.has_value());
  for (const fs::path& file : files) {
    const auto image = media::ReadImageFile(file);
    ASSERT_TRUE(image.has_value()) << image.error().message;
    const auto expected = floats->Estimate(image->View());
    const auto actual = rounded->Estimate(image->View());
    ASSERT_TRUE(expected.has_value() && actual.has_value());
    comparison.Add(*expected, *actual, double(size_px) / std::max(image->width_px, image->height_px));
  }
}

using LowPrecisionCase = std::tuple<std::string, std::string, ImageSet>;

class LowPrecisionTest : public ::testing::TestWithParam<LowPrecisionCase> {};

TEST_P(LowPrecisionTest, FindsTheSameKeypointsAsFloat32) {
  const auto& [name, kind, set] = GetParam();
  const fs::path models = fs::path(POSENET_SOURCE_DIR) / "models";
  const fs::path quantized = models / (name + "-" + kind + ".safetensors");
  if (!fs::exists(quantized)) GTEST_SKIP() << "no " << quantized << "; scripts/fetch-models makes it";
  const std::vector<fs::path> files = FilesOf(set);
  ASSERT_FALSE(files.empty());
  const auto float_model = Model::Load(models / (name + ".safetensors"));
  const auto quantized_model = Model::Load(quantized);
  ASSERT_TRUE(float_model.has_value() && quantized_model.has_value());

  constexpr std::size_t kMinKeypoints = 300;
  Comparison all;
  for (const int size_px : {257, 513}) {
    Comparison comparison;
    Compare(*float_model, *quantized_model, kind == "int8" ? Precision::kInt8 : Precision::kBFloat16, size_px, files,
            comparison);
    ASSERT_GT(comparison.distances_px.size(), 100U);
    // What all keypoints do: 0.10 to 0.29 px are measured.
    EXPECT_LE(MedianOf(comparison.distances_px), 0.4) << size_px;
    ExpectFewLost(comparison);
    // At 257, the screenshots show a dozen people, and the limbs of one of them, which move together, would decide.
    if (comparison.distances_px.size() >= kMinKeypoints) ExpectFewMoved(comparison);
    all.Append(comparison);
  }
  RecordProperty("poses", all.poses);
  RecordProperty("poses_found", all.poses_found);
  RecordProperty("keypoints", static_cast<int>(all.distances_px.size()));
  RecordProperty("keypoints_moved", MovedOf(all));
  ExpectFewLost(all);
  ExpectFewMoved(all);
}

std::vector<ImageSet> ImageSets() {
  if (FilesOf(ImageSet::kCoco).empty()) return {ImageSet::kScreenshots};
  return {ImageSet::kScreenshots, ImageSet::kCoco};
}

std::string NameOf(const ::testing::TestParamInfo<LowPrecisionCase>& test) {
  const auto& [name, kind, set] = test.param;
  std::string text = name + "_" + kind;
  std::ranges::replace(text, '-', '_');
  return text + (set == ImageSet::kCoco ? "_Coco" : "_Screenshots");
}

INSTANTIATE_TEST_SUITE_P(Models, LowPrecisionTest,
                         ::testing::Combine(::testing::Values("mobilenet100", "mobilenet075", "mobilenet100-tfjs"),
                                            ::testing::Values("int8", "bf16"), ::testing::ValuesIn(ImageSets())),
                         NameOf);

}  // namespace
}  // namespace posenet
