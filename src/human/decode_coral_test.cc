// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include "human/coral_steps.h"
#include "human/testing/pose_maps.h"

namespace posenet::human::decode {
namespace {

constexpr MultiPoseOptions kCoralModels = {.max_poses = 10, .score_threshold = 0.2F, .nms_radius_px = 10.0F};

TEST(DecodeMultiplePosesCoralTest, ReturnsNothingForEmptyMaps) {
  const auto poses = DecodeMultiplePosesCoral(TestMaps(23, 31, 16).View(), kCoralModels);
  ASSERT_TRUE(poses.has_value());
  EXPECT_TRUE(poses->empty());
}

TEST(DecodeMultiplePosesCoralTest, FindsEveryPersonInDescendingOrderOfScore) {
  const std::vector<Figure> people = {StandingFigure({.x = 80, .y = 150}, 1.1F),
                                      StandingFigure({.x = 250, .y = 201}, 1.4F),
                                      StandingFigure({.x = 401, .y = 330}, 0.9F)};
  const TestMaps maps = MapsOfPeople(33, 33, 16, people);
  const auto poses = DecodeMultiplePosesCoral(maps.View(), kCoralModels);
  ASSERT_TRUE(poses.has_value());
  ASSERT_EQ(poses->size(), people.size());
  for (const Figure& person : people) {
    EXPECT_TRUE(std::any_of(poses->begin(), poses->end(),
                            [&](const Pose& pose) { return MaxDistancePx(pose, person) < 0.1F; }));
  }
  for (std::size_t i = 1; i < poses->size(); ++i) EXPECT_GE((*poses)[i - 1].score, (*poses)[i].score);
}

TEST(DecodeMultiplePosesCoralTest, AppliesTheThresholdToTheWholePose) {
  // A single strong nose: the mean with 16 scores of 0 is below the threshold.
  TestMaps maps(9, 9, 16);
  maps.Heat(4, 4, Part::kNose) = 9.0F;
  EXPECT_TRUE(DecodeMultiplePosesCoral(maps.View(), kCoralModels)->empty());
  const auto poses = DecodeMultiplePosesCoral(maps.View(), {.score_threshold = 0.05F});
  ASSERT_EQ(poses->size(), 1U);
  EXPECT_NEAR(poses->front().score, 1.0F / 17.0F, 1e-3F);
  EXPECT_EQ(poses->front()[Part::kNose].position_px.x, 64.0F);
}

TEST(DecodeMultiplePosesCoralTest, TreatsProbabilitiesLikeLogits) {
  const TestMaps maps =
      MapsOfPeople(33, 33, 16, {StandingFigure({.x = 80, .y = 150}, 1.1F), StandingFigure({.x = 250, .y = 201}, 1.4F)});
  std::vector<float> probabilities = maps.heatmap;
  for (float& value : probabilities) value = Sigmoid(value);
  PoseMaps view = maps.View();
  view.heatmap_kind = HeatmapKind::kProbabilities;
  view.heatmap.data = probabilities.data();
  const auto expected = DecodeMultiplePosesCoral(maps.View(), kCoralModels);
  const auto poses = DecodeMultiplePosesCoral(view, kCoralModels);
  ASSERT_EQ(poses->size(), expected->size());
  for (std::size_t i = 0; i < poses->size(); ++i) {
    EXPECT_NEAR((*poses)[i].score, (*expected)[i].score, 1e-4F);
    for (std::size_t part = 0; part < kPartCount; ++part) {
      EXPECT_NEAR((*poses)[i].keypoints[part].score, (*expected)[i].keypoints[part].score, 1e-4F);
      EXPECT_NEAR((*poses)[i].keypoints[part].position_px.x, (*expected)[i].keypoints[part].position_px.x, 1e-3F);
    }
  }
}

/// A slow, obvious reference: in double, best-first traversal with a linear search for the maximum, and pairwise
/// comparison of poses.
class CoralReferenceDecoder {
 public:
  CoralReferenceDecoder(const TestMaps& maps, const MultiPoseOptions& options)
      : m_(maps), options_(options), radius_(double{options.nms_radius_px} / maps.maps.output_stride) {}

  std::vector<Pose> Decode() {
    std::vector<Guess> roots;
    const double min_logit = -std::log(1.0 / (options_.score_threshold + 1e-6) - 1.0);
    for (int y = 0; y < m_.maps.height; ++y) {
      for (int x = 0; x < m_.maps.width; ++x) {
        for (std::size_t part = 0; part < 17; ++part) {
          const double logit = At(m_.heatmap, 17, y, x, part);
          bool is_maximum = logit >= min_logit;
          for (int v = std::max(y - 1, 0); v <= std::min(y + 1, m_.maps.height - 1); ++v) {
            for (int u = std::max(x - 1, 0); u <= std::min(x + 1, m_.maps.width - 1); ++u) {
              if (At(m_.heatmap, 17, v, u, part) > logit) is_maximum = false;
            }
          }
          if (!is_maximum) continue;
          const double stride = m_.maps.output_stride;
          roots.push_back({part,
                           {ClampY(y + At(m_.offsets, 34, y, x, part) / stride),
                            ClampX(x + At(m_.offsets, 34, y, x, 17 + part) / stride)},
                           logit});
        }
      }
    }
    std::stable_sort(roots.begin(), roots.end(), [](const Guess& a, const Guess& b) { return a.logit > b.logit; });
    for (const Guess& root : roots) {
      if (static_cast<int>(found_.size()) == options_.max_poses) break;
      const bool covered = std::any_of(found_.begin(), found_.end(), [&](const Found& pose) {
        return SquaredDistance(pose.points[root.id], root.at) <= radius_ * radius_;
      });
      if (covered) continue;
      Found pose = Grow(root);
      pose.score = Mean(pose.scores);
      if (pose.score >= options_.score_threshold) found_.push_back(pose);
    }
    return Rescored();
  }

 private:
  struct Guess {
    std::size_t id;
    Vec2 at;
    double logit;
  };
  struct Found {
    std::array<Vec2, 17> points;
    std::array<double, 17> scores;
    double score = 0.0;
  };

  double At(const std::vector<float>& map, std::size_t channels, int y, int x, std::size_t c) const {
    return map[m_.CellIndex(y, x) * channels + c];
  }
  double ClampY(double y) const { return std::clamp(y, 0.0, m_.maps.height - 1.0); }
  double ClampX(double x) const { return std::clamp(x, 0.0, m_.maps.width - 1.0); }
  double Sample(const std::vector<float>& map, std::size_t channels, Vec2 p, std::size_t c) const {
    double sum = 0.0;
    for (int y = 0; y < m_.maps.height; ++y) {  // The weight of most cells is 0.
      for (int x = 0; x < m_.maps.width; ++x) {
        const double weight = std::max(0.0, 1.0 - std::abs(p.y - y)) * std::max(0.0, 1.0 - std::abs(p.x - x));
        if (weight > 0.0) sum += weight * At(map, channels, y, x, c);
      }
    }
    return sum;
  }
  Vec2 Move(const std::vector<float>& map, std::size_t count, Vec2 p, std::size_t i) const {
    const double stride = m_.maps.output_stride;
    return {ClampY(p.y + Sample(map, 2 * count, p, i) / stride),
            ClampX(p.x + Sample(map, 2 * count, p, count + i) / stride)};
  }
  static double Mean(const std::array<double, 17>& scores) {
    double sum = 0.0;
    for (const double score : scores) sum += score;
    return sum / 17.0;
  }

  Found Grow(const Guess& root) const {
    Found pose = {};
    std::array<bool, 17> decoded = {};
    std::vector<Guess> queue = {{root.id, root.at, Sample(m_.heatmap, 17, root.at, root.id)}};
    while (!queue.empty()) {
      const auto best = std::max_element(queue.begin(), queue.end(),
                                         [](const Guess& a, const Guess& b) { return a.logit < b.logit; });
      const Guess current = *best;
      queue.erase(best);
      if (decoded[current.id]) continue;
      decoded[current.id] = true;
      pose.points[current.id] = current.at;
      pose.scores[current.id] = 1.0 / (1.0 + std::exp(-current.logit));
      for (std::size_t edge = 0; edge < 32; ++edge) {
        const auto [parent, child] = kPoseChain[edge % 16];
        const auto from = static_cast<std::size_t>(edge < 16 ? parent : child);
        const auto to = static_cast<std::size_t>(edge < 16 ? child : parent);
        if (from != current.id || decoded[to]) continue;
        Vec2 p = Move(edge < 16 ? m_.displacement_fwd : m_.displacement_bwd, 16, current.at, edge % 16);
        for (int step = 0; step < 5; ++step) p = Move(m_.offsets, 17, p, to);
        queue.push_back({to, p, Sample(m_.heatmap, 17, p, to)});
      }
    }
    return pose;
  }

  std::vector<Pose> Rescored() {
    const auto better = [](const Found& a, const Found& b) { return a.score > b.score; };
    std::stable_sort(found_.begin(), found_.end(), better);
    for (std::size_t i = 0; i < found_.size(); ++i) {
      std::array<double, 17> scores = found_[i].scores;
      for (std::size_t part = 0; part < 17; ++part) {
        for (std::size_t j = 0; j < i; ++j) {
          if (SquaredDistance(found_[i].points[part], found_[j].points[part]) <= radius_ * radius_) scores[part] = 0.0;
        }
      }
      found_[i].score = Mean(scores);
    }
    std::stable_sort(found_.begin(), found_.end(), better);
    std::vector<Pose> poses;
    for (const Found& found : found_) {
      if (found.score < options_.score_threshold) break;
      Pose pose;
      pose.score = static_cast<float>(found.score);
      for (std::size_t part = 0; part < 17; ++part) {
        pose.keypoints[part] = {{static_cast<float>(found.points[part].x * m_.maps.output_stride),
                                 static_cast<float>(found.points[part].y * m_.maps.output_stride)},
                                static_cast<float>(found.scores[part])};
      }
      poses.push_back(pose);
    }
    return poses;
  }

  const TestMaps& m_;
  MultiPoseOptions options_;
  double radius_;
  std::vector<Found> found_;
};

TEST(DecodeMultiplePosesCoralTest, MatchesReferenceOnRandomMaps) {
  const std::vector<MultiPoseOptions> all_options = {
      kCoralModels,
      {.max_poses = 1000, .score_threshold = 0.5F},
      {.max_poses = 50, .score_threshold = 0.4F, .nms_radius_px = 30.0F}};
  std::size_t pose_count = 0;
  for (unsigned seed = 0; seed < 30; ++seed) {
    const int height = 1 + static_cast<int>(seed * 7 % 13);
    const int width = 1 + static_cast<int>(seed * 11 % 15);
    const TestMaps maps = RandomMaps(height, width, 16, 4.0F, seed);
    for (const MultiPoseOptions& options : all_options) {
      const std::vector<Pose> expected = CoralReferenceDecoder(maps, options).Decode();
      const auto poses = DecodeMultiplePosesCoral(maps.View(), options);
      ASSERT_TRUE(poses.has_value());
      ASSERT_EQ(poses->size(), expected.size()) << "seed " << seed;
      pose_count += expected.size();
      for (std::size_t i = 0; i < expected.size(); ++i) {
        // Float against double, through up to 20 interpolations in a row.
        EXPECT_NEAR((*poses)[i].score, expected[i].score, 1e-4F) << "seed " << seed << " pose " << i;
        for (std::size_t part = 0; part < kPartCount; ++part) {
          EXPECT_NEAR((*poses)[i].keypoints[part].score, expected[i].keypoints[part].score, 1e-4F);
          EXPECT_NEAR((*poses)[i].keypoints[part].position_px.x, expected[i].keypoints[part].position_px.x, 1e-2F);
          EXPECT_NEAR((*poses)[i].keypoints[part].position_px.y, expected[i].keypoints[part].position_px.y, 1e-2F);
        }
      }
    }
  }
  EXPECT_GT(pose_count, 500U);
}

TEST(DecodeMultiplePosesCoralTest, ReturnsFiniteNumbersForHostileMaps) {
  ForEachHostileMaps([](const TestMaps& maps, const std::string& what) {
    for (const float threshold : {0.0F, 0.5F, 1.0F}) {
      const auto poses = DecodeMultiplePosesCoral(maps.View(), {.max_poses = 1000, .score_threshold = threshold});
      ASSERT_TRUE(poses.has_value());
      for (const Pose& pose : *poses) ASSERT_TRUE(IsValid(pose)) << what;
    }
  });
}

TEST(DecodeMultiplePosesCoralTest, IsFastEvenIfEveryCellIsAMaximum) {
  // Quadratic time in the number of poses would exceed the time limit of the test.
  TestMaps maps(300, 300, 16);
  std::fill(maps.heatmap.begin(), maps.heatmap.end(), 2.0F);
  const auto poses = DecodeMultiplePosesCoral(maps.View(), {.max_poses = kMaxPoses});
  ASSERT_TRUE(poses.has_value());
  EXPECT_EQ(poses->size(), static_cast<std::size_t>(kMaxPoses));
}

}  // namespace
}  // namespace posenet::human::decode
