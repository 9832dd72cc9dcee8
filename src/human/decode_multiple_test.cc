// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "human/decode_maps.h"
#include "human/testing/pose_maps.h"

namespace posenet::human::decode {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(WalkPoseTreeTest, ReachesEveryPartOnceFromAnyRoot) {
  for (int root = 0; root < kPartCount; ++root) {
    std::map<Part, int> visits = {{static_cast<Part>(root), 1}};
    WalkPoseTree(static_cast<Part>(root), [&](int edge, Part from, Part to, EdgeDirection direction) {
      const auto [parent, child] = kPoseChain[static_cast<std::size_t>(edge)];
      EXPECT_EQ(from, direction == EdgeDirection::kToChild ? parent : child);
      EXPECT_EQ(to, direction == EdgeDirection::kToChild ? child : parent);
      EXPECT_EQ(visits[from], 1);
      ++visits[to];
    });
    ASSERT_EQ(visits.size(), 17U);
    for (const auto& [part, count] : visits) EXPECT_EQ(count, 1) << PartName(part);
  }
}

TEST(DecodeMultiplePosesTest, ReturnsNothingForEmptyMaps) {
  const auto poses = DecodeMultiplePoses(TestMaps(33, 33, 16).View());
  ASSERT_TRUE(poses.has_value());
  EXPECT_TRUE(poses->empty());
}

TEST(DecodeMultiplePosesTest, FindsEveryPerson) {
  const std::vector<Figure> people = {StandingFigure({.x = 80, .y = 150}, 1.1F),
                                      StandingFigure({.x = 250, .y = 201}, 1.4F),
                                      StandingFigure({.x = 401, .y = 330}, 0.9F)};
  for (const int stride : {8, 16}) {
    const TestMaps maps = MapsOfPeople(512 / stride + 1, 512 / stride + 1, stride, people);
    const auto poses = DecodeMultiplePoses(maps.View());
    ASSERT_TRUE(poses.has_value());
    ASSERT_EQ(poses->size(), people.size()) << stride;
    for (const Figure& person : people) {
      EXPECT_TRUE(std::any_of(poses->begin(), poses->end(), [&](const Pose& pose) {
        return MaxDistancePx(pose, person) < 0.01F && pose.score > 0.5F;
      }));
    }
  }
}

TEST(DecodeMultiplePosesTest, KeepsTheMaxPosesWithTheBestRoots) {
  const std::vector<Figure> people = {StandingFigure({.x = 80, .y = 150}, 1.0F),
                                      StandingFigure({.x = 250, .y = 200}, 1.0F),
                                      StandingFigure({.x = 400, .y = 330}, 1.0F)};
  TestMaps maps = MapsOfPeople(33, 33, 16, people);
  maps.Heat(25, 20, Part::kRightKnee) = 9.0F;  // Near the right knee (390, 370) of the third: the best root of all.
  maps.SetOffset(25, 20, Part::kRightKnee, {.x = 390 - 320, .y = 370 - 400});
  const auto poses = DecodeMultiplePoses(maps.View(), {.max_poses = 2});
  ASSERT_TRUE(poses.has_value());
  ASSERT_EQ(poses->size(), 2U);
  EXPECT_LT(MaxDistancePx((*poses)[0], people[2]), 0.01F);
}

TEST(DecodeMultiplePosesTest, DoesNotScorePartsCoveredByAnEarlierPose) {
  // Two noses in different places whose other parts coincide.
  TestMaps maps(9, 33, 16);
  std::fill(maps.heatmap.begin(), maps.heatmap.end(), 0.0F);
  for (int part = 0; part < kPartCount; ++part) {
    for (int y = 0; y < 9; ++y) {
      for (int x = 0; x < 33; ++x) maps.Heat(y, x, static_cast<Part>(part)) = -20.0F;
    }
  }
  maps.Heat(4, 4, Part::kNose) = 2.0F;
  maps.Heat(4, 30, Part::kNose) = 1.0F;
  // From either nose, the displacements lead to the same eyes and shoulders.
  for (const auto& [x, to_px] : {std::pair{4, 250.0F - 64.0F}, std::pair{30, 250.0F - 480.0F}}) {
    for (std::size_t edge = 0; edge < kPoseChain.size(); ++edge) {
      if (kPoseChain[edge].first != Part::kNose) continue;
      TestMaps::SetEdge(maps.displacement_fwd, maps.CellIndex(4, x), edge, {.x = to_px, .y = 0.0F});
    }
  }
  for (int part = 1; part < kPartCount; ++part) maps.Heat(4, 16, static_cast<Part>(part)) = -1.0F;
  const auto poses = DecodeMultiplePoses(maps.View());
  ASSERT_TRUE(poses.has_value());
  ASSERT_EQ(poses->size(), 2U);
  EXPECT_FLOAT_EQ((*poses)[0].score, (Sigmoid(2.0F) + 16 * Sigmoid(-1.0F)) / 17);
  EXPECT_FLOAT_EQ((*poses)[1].score, Sigmoid(1.0F) / 17);
  EXPECT_FLOAT_EQ((*poses)[1][Part::kLeftWrist].score, Sigmoid(-1.0F)) << "keypoints keep their own scores";
}

/// The columns of the noses in the result for a heatmap with one row, `scores`, and zero vectors.
std::vector<int> ColumnsInOrder(const std::vector<float>& scores, const MultiPoseOptions& options) {
  TestMaps maps(1, static_cast<int>(scores.size()), 16);
  std::fill(maps.heatmap.begin(), maps.heatmap.end(), 0.0F);
  for (std::size_t x = 0; x < scores.size(); ++x) maps.Heat(0, static_cast<int>(x), Part::kNose) = scores[x];
  PoseMaps view = maps.View();
  view.heatmap_kind = HeatmapKind::kProbabilities;
  const auto poses = DecodeMultiplePoses(view, options);
  std::vector<int> columns;
  for (const Pose& pose : *poses) columns.push_back(static_cast<int>(pose[Part::kNose].position_px.x / 16.0F));
  return columns;
}

TEST(DecodeMultiplePosesTest, VisitsEqualScoresInTheOrderOfTensorFlowJs) {
  // The orders of decodeMultiplePoses of @tensorflow-models/posenet 2.2.2.
  const MultiPoseOptions options = {.max_poses = 100, .nms_radius_px = 1.0F};
  EXPECT_THAT(ColumnsInOrder(std::vector<float>(20, 0.75F), options),
              ElementsAre(0, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
  std::vector<float> scores(20);
  for (std::size_t x = 0; x < scores.size(); ++x) scores[x] = 0.5F + 0.125F * static_cast<float>(x * 7 % 3);
  EXPECT_THAT(ColumnsInOrder(scores, options), ElementsAre(2, 5, 17, 8, 11, 14, 19));
}

TEST(DecodeMultiplePosesTest, TreatsThresholdsAsInclusive) {
  EXPECT_THAT(ColumnsInOrder({0.25F, 0.0F, 0.0F}, {.score_threshold = 0.25F}), ElementsAre(0));
  EXPECT_THAT(ColumnsInOrder({0.2499F, 0.0F, 0.0F}, {.score_threshold = 0.25F}), ElementsAre());
  EXPECT_THAT(ColumnsInOrder({1.0F, 0.0F, 0.0F}, {.score_threshold = 1.0F}), ElementsAre(0));
  // The second root is 48 px away.
  EXPECT_THAT(ColumnsInOrder({0.9F, 0.0F, 0.0F, 0.8F}, {.nms_radius_px = 48.0F}), ElementsAre(0));
  EXPECT_THAT(ColumnsInOrder({0.9F, 0.0F, 0.0F, 0.8F}, {.nms_radius_px = 47.9F}), ElementsAre(0, 3));
}

TEST(DecodeMultiplePosesTest, AppliesTheThresholdToTheProbabilityOfLogits) {
  for (const float threshold : {0.0F, 1e-30F, 0.001F, 0.3F, 0.5F, 0.9F, 0.999999F, 1.0F}) {
    for (const float logit : {-90.0F, -7.0F, -0.8472979F, -1e-9F, 0.0F, 2.1972246F, 13.8F, 16.0F, 18.0F, 88.0F}) {
      TestMaps maps(1, 1, 16);
      std::fill(maps.heatmap.begin(), maps.heatmap.end(), -std::numeric_limits<float>::infinity());
      maps.Heat(0, 0, Part::kNose) = logit;
      const auto poses = DecodeMultiplePoses(maps.View(), {.score_threshold = threshold});
      ASSERT_TRUE(poses.has_value());
      EXPECT_EQ(poses->empty(), !(Sigmoid(logit) >= threshold)) << logit << " against " << threshold;
    }
  }
}

TEST(DecodeMultiplePosesTest, ReadsTheNearestCellBeyondTheBorder) {
  TestMaps maps(3, 3, 16);
  maps.Heat(0, 0, Part::kNose) = 3.0F;
  maps.SetOffset(0, 0, Part::kNose, {.x = -100.0F, .y = -50.0F});
  // Leads from cell (0, 0) beyond the bottom right corner: cell (2, 2).
  TestMaps::SetEdge(maps.displacement_fwd, maps.CellIndex(0, 0), 0, {.x = 1000.0F, .y = 900.0F});
  maps.SetOffset(2, 2, Part::kLeftEye, {.x = 70.0F, .y = 60.0F});
  maps.Heat(2, 2, Part::kLeftEye) = 1.0F;
  const auto poses = DecodeMultiplePoses(maps.View());
  ASSERT_TRUE(poses.has_value());
  ASSERT_EQ(poses->size(), 1U);
  const Pose& pose = poses->front();
  EXPECT_EQ(pose[Part::kNose].position_px.x, -100.0F) << "positions are not clamped";
  EXPECT_EQ(pose[Part::kNose].position_px.y, -50.0F);
  EXPECT_EQ(pose[Part::kLeftEye].position_px.x, 32.0F + 70.0F);
  EXPECT_EQ(pose[Part::kLeftEye].position_px.y, 32.0F + 60.0F);
  EXPECT_FLOAT_EQ(pose[Part::kLeftEye].score, Sigmoid(1.0F));
}

TEST(DecodeMultiplePosesTest, RoundsHalvesUpToCells) {
  // 24 px are 1.5 cells, which JavaScript's Math.round rounds to 2; -0.5 is rounded to 0.
  TestMaps maps(1, 4, 16);
  maps.Heat(0, 0, Part::kNose) = 3.0F;
  TestMaps::SetEdge(maps.displacement_fwd, 0, 0, {.x = 24.0F, .y = -8.0F});
  maps.SetOffset(0, 2, Part::kLeftEye, {.x = 1.0F, .y = 2.0F});
  const auto poses = DecodeMultiplePoses(maps.View());
  ASSERT_TRUE(poses.has_value());
  ASSERT_EQ(poses->size(), 1U);
  EXPECT_EQ((*poses)[0][Part::kLeftEye].position_px.x, 33.0F);
  EXPECT_EQ((*poses)[0][Part::kLeftEye].position_px.y, 2.0F);
}

/// A slow, obvious reference: a sorted list of candidates, and pairwise comparison of poses.
class ReferenceDecoder {
 public:
  ReferenceDecoder(const TestMaps& maps, const MultiPoseOptions& options) : m_(maps), options_(options) {}

  std::vector<Pose> Decode() {
    struct Root {
      float score;
      int y, x, part;
    };
    std::vector<Root> roots;
    for (int y = 0; y < m_.maps.height; ++y) {
      for (int x = 0; x < m_.maps.width; ++x) {
        for (int part = 0; part < 17; ++part) {
          bool is_maximum = Score(y, x, part) >= options_.score_threshold;
          for (int v = std::max(y - 1, 0); v <= std::min(y + 1, m_.maps.height - 1); ++v) {
            for (int u = std::max(x - 1, 0); u <= std::min(x + 1, m_.maps.width - 1); ++u) {
              if (Score(v, u, part) > Score(y, x, part)) is_maximum = false;
            }
          }
          if (is_maximum) roots.push_back({Score(y, x, part), y, x, part});
        }
      }
    }
    std::stable_sort(roots.begin(), roots.end(), [](const Root& a, const Root& b) { return a.score > b.score; });

    std::vector<Pose> poses;
    for (const Root& root : roots) {
      if (static_cast<int>(poses.size()) == options_.max_poses) break;
      const Vec2 at = OffsetPosition(root.y, root.x, root.part);
      if (IsCovered(root.part, at)) continue;
      Pose pose = Grow(root.part, at, root.score);
      double sum = 0.0;
      for (int part = 0; part < 17; ++part) {
        const auto i = static_cast<std::size_t>(part);
        if (!IsCovered(part, grown_[i])) sum += pose.keypoints[i].score;
      }
      pose.score = static_cast<float>(sum / 17);
      accepted_.push_back(grown_);
      poses.push_back(pose);
    }
    return poses;
  }

 private:
  float Score(int y, int x, int part) const {
    return Sigmoid(m_.heatmap[m_.CellIndex(y, x) * 17 + static_cast<std::size_t>(part)]);
  }
  Vec2 OffsetPosition(int y, int x, int part) const {
    const float* offset = &m_.offsets[m_.CellIndex(y, x) * 34 + static_cast<std::size_t>(part)];
    return {.y = y * m_.maps.output_stride + double{offset[0]}, .x = x * m_.maps.output_stride + double{offset[17]}};
  }
  int Round(double px, int count) const {
    return std::max(0, std::min(static_cast<int>(std::floor(px / m_.maps.output_stride + 0.5)), count - 1));
  }
  bool IsCovered(int part, Vec2 at) const {
    return std::any_of(accepted_.begin(), accepted_.end(), [&](const auto& positions) {
      return std::hypot(positions[static_cast<std::size_t>(part)].y - at.y,
                        positions[static_cast<std::size_t>(part)].x - at.x) <= options_.nms_radius_px;
    });
  }
  /// Sweeps over all edges in both directions until every part has a position.
  Pose Grow(int root_part, Vec2 root, float root_score) {
    std::map<std::size_t, float> scores = {{static_cast<std::size_t>(root_part), root_score}};
    grown_[static_cast<std::size_t>(root_part)] = root;
    while (scores.size() < 17) {
      for (std::size_t edge = 0; edge < 16; ++edge) {
        Follow(static_cast<std::size_t>(kPoseChain[edge].first), static_cast<std::size_t>(kPoseChain[edge].second),
               m_.displacement_fwd, edge, scores);
        Follow(static_cast<std::size_t>(kPoseChain[edge].second), static_cast<std::size_t>(kPoseChain[edge].first),
               m_.displacement_bwd, edge, scores);
      }
    }
    Pose pose;
    for (const auto& [part, score] : scores) {
      pose.keypoints[part] = {{static_cast<float>(grown_[part].x), static_cast<float>(grown_[part].y)}, score};
    }
    return pose;
  }
  void Follow(std::size_t from, std::size_t to, const std::vector<float>& displacement, std::size_t edge,
              std::map<std::size_t, float>& scores) {
    if (scores.count(from) == 0 || scores.count(to) != 0) return;
    const int height = m_.maps.height;
    const int width = m_.maps.width;
    Vec2 p = grown_[from];
    const std::size_t cell = m_.CellIndex(Round(p.y, height), Round(p.x, width));
    p = {p.y + displacement[cell * 32 + edge], p.x + displacement[cell * 32 + 16 + edge]};
    p = OffsetPosition(Round(p.y, height), Round(p.x, width), static_cast<int>(to));
    p = OffsetPosition(Round(p.y, height), Round(p.x, width), static_cast<int>(to));
    grown_[to] = p;
    scores[to] = Score(Round(p.y, height), Round(p.x, width), static_cast<int>(to));
  }

  const TestMaps& m_;
  MultiPoseOptions options_;
  std::array<Vec2, 17> grown_ = {};
  std::vector<std::array<Vec2, 17>> accepted_;
};

TEST(DecodeMultiplePosesTest, MatchesReferenceOnRandomMaps) {
  const std::vector<MultiPoseOptions> all_options = {
      {},
      {.max_poses = 1000, .score_threshold = 0.3F},
      {.max_poses = 100, .score_threshold = 0.9F, .nms_radius_px = 3.0F}};
  std::size_t pose_count = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    const int height = 1 + static_cast<int>(seed * 7 % 20);
    const int width = 1 + static_cast<int>(seed * 11 % 23);
    const int stride = 8 << (seed % 3);
    const TestMaps maps = RandomMaps(height, width, stride, static_cast<float>(10 * (seed % 4)) + 0.5F, seed);
    for (const MultiPoseOptions& options : all_options) {
      const std::vector<Pose> expected = ReferenceDecoder(maps, options).Decode();
      const auto poses = DecodeMultiplePoses(maps.View(), options);
      ASSERT_TRUE(poses.has_value());
      ASSERT_EQ(poses->size(), expected.size()) << "seed " << seed;
      pose_count += expected.size();
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ((*poses)[i].score, expected[i].score) << "seed " << seed << " pose " << i;
        for (std::size_t part = 0; part < kPartCount; ++part) {
          EXPECT_EQ((*poses)[i].keypoints[part].score, expected[i].keypoints[part].score);
          EXPECT_EQ((*poses)[i].keypoints[part].position_px.x, expected[i].keypoints[part].position_px.x);
          EXPECT_EQ((*poses)[i].keypoints[part].position_px.y, expected[i].keypoints[part].position_px.y);
        }
      }
    }
  }
  EXPECT_GT(pose_count, 10000U);
}

TEST(DecodeMultiplePosesTest, ReturnsFiniteNumbersForHostileMaps) {
  ForEachHostileMaps([](const TestMaps& maps, const std::string& what) {
    for (const float threshold : {0.0F, 0.5F, 1.0F}) {
      const auto poses = DecodeMultiplePoses(maps.View(), {.max_poses = 1000, .score_threshold = threshold});
      ASSERT_TRUE(poses.has_value());
      for (const Pose& pose : *poses) ASSERT_TRUE(IsValid(pose)) << what;
    }
  });
}

TEST(DecodeMultiplePosesTest, IsFastEvenIfEveryCellIsAMaximum) {
  // Quadratic time in the number of poses would exceed the time limit of the test.
  TestMaps maps(300, 300, 16);
  std::fill(maps.heatmap.begin(), maps.heatmap.end(), 2.0F);
  const auto poses = DecodeMultiplePoses(maps.View(), {.max_poses = kMaxPoses});
  ASSERT_TRUE(poses.has_value());
  EXPECT_EQ(poses->size(), static_cast<std::size_t>(kMaxPoses));
}

TEST(DecodeMultiplePosesTest, RejectsOptionsOutOfRange) {
  const TestMaps maps(3, 3, 16);
  const auto expect_rejected = [&](const MultiPoseOptions& options, const char* message) {
    for (const auto& decode : {DecodeMultiplePoses, DecodeMultiplePosesCoral, DecodeMultiplePosesHough}) {
      const auto poses = decode(maps.View(), options);
      ASSERT_FALSE(poses.has_value());
      EXPECT_EQ(poses.error().code, ErrorCode::kInvalidArgument);
      EXPECT_THAT(poses.error().message, HasSubstr(message));
    }
  };
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  expect_rejected({.max_poses = 0}, "max_poses is 0; expected 1 to 10000");
  expect_rejected({.max_poses = kMaxPoses + 1}, "max_poses is 10001");
  expect_rejected({.score_threshold = -0.1F}, "score_threshold is -0.1; expected 0 to 1");
  expect_rejected({.score_threshold = 1.5F}, "score_threshold is 1.5");
  expect_rejected({.score_threshold = kNaN}, "score_threshold is nan");
  expect_rejected({.nms_radius_px = 0.0F}, "nms_radius_px is 0; expected a finite number above 0");
  expect_rejected({.nms_radius_px = std::numeric_limits<float>::infinity()}, "nms_radius_px is inf");
  expect_rejected({.nms_radius_px = kNaN}, "nms_radius_px is nan");
}

TEST(DecodeMultiplePosesTest, RejectsMissingDisplacements) {
  const TestMaps maps(3, 3, 16);
  PoseMaps view = maps.View();
  view.displacement_fwd.data = nullptr;
  EXPECT_THAT(DecodeMultiplePoses(view).error().message, HasSubstr("displacement_fwd is null"));
  view = maps.View();
  view.displacement_bwd.pixel_stride = 31;
  EXPECT_THAT(DecodeMultiplePoses(view).error().message, HasSubstr("displacement_bwd has a pixel_stride of 31"));
  EXPECT_THAT(DecodeMultiplePosesCoral(view).error().message, HasSubstr("displacement_bwd"));
  EXPECT_THAT(DecodeMultiplePosesHough(view).error().message, HasSubstr("displacement_bwd"));
}

}  // namespace
}  // namespace posenet::human::decode
