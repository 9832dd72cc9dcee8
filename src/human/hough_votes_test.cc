// SPDX-License-Identifier: Apache-2.0
#include "human/hough_votes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory_resource>
#include <numeric>

#include "human/testing/pose_maps.h"

namespace posenet::human::decode {
namespace {

constexpr int kNose = static_cast<int>(Part::kNose);

HoughVotes VotesOf(const PoseMaps& maps) { return {maps, *std::pmr::new_delete_resource()}; }

std::pmr::vector<HoughPeak> PeaksOf(const PoseMaps& maps, double min_score) {
  return FindHoughPeaks(VotesOf(maps), maps, min_score, *std::pmr::new_delete_resource());
}

/// Maps in which every cell within the disk around `nose_px` votes for it with probability 1.
TestMaps MapsWithDisk(int cells, int output_stride, Point nose_px) {
  TestMaps maps(cells, cells, output_stride);
  for (int y = 0; y < cells; ++y) {
    for (int x = 0; x < cells; ++x) {
      const Point to_nose_px = {.x = nose_px.x - static_cast<float>(x * output_stride),
                                .y = nose_px.y - static_cast<float>(y * output_stride)};
      if (std::hypot(to_nose_px.x, to_nose_px.y) > static_cast<float>(kDiskRadiusPx)) continue;
      maps.Heat(y, x, Part::kNose) = 50.0F;
      maps.SetOffset(y, x, Part::kNose, to_nose_px);
    }
  }
  return maps;
}

TEST(HoughVotesTest, CellsVoteWithTheirProbabilityForWhereTheirOffsetLeads) {
  TestMaps maps(5, 5, 16);
  maps.Heat(1, 2, Part::kNose) = 0.0F;
  maps.SetOffset(1, 2, Part::kNose, {.x = 3.0F, .y = -5.0F});
  const HoughVotes votes = VotesOf(maps.View());
  ASSERT_EQ(votes.Of(kNose).size(), 1U);
  const Vote& vote = votes.Of(kNose).front();
  EXPECT_EQ(vote.weight, 0.5F);
  EXPECT_EQ(vote.column, 2);
  EXPECT_EQ(vote.x_px, 35.0F);
  EXPECT_EQ(vote.y_px, 11.0F);
  EXPECT_TRUE(votes.Of(kNose + 1).empty());
}

TEST(HoughVotesTest, ImprobableAndInvalidCellsDoNotVote) {
  for (const float logit : {-5.0F, -std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    TestMaps maps(5, 5, 16);
    maps.Heat(1, 2, Part::kNose) = logit;
    EXPECT_TRUE(VotesOf(maps.View()).Of(kNose).empty()) << logit;
  }
}

TEST(HoughVotesTest, TreatsProbabilitiesLikeLogits) {
  const TestMaps maps = RandomMaps(7, 6, 16, 20.0F, 3);
  std::vector<float> probabilities = maps.heatmap;
  for (float& value : probabilities) value = Sigmoid(value);
  PoseMaps view = maps.View();
  view.heatmap_kind = HeatmapKind::kProbabilities;
  view.heatmap.data = probabilities.data();
  const HoughVotes from_logits = VotesOf(maps.View());
  const HoughVotes from_probabilities = VotesOf(view);
  for (int part = 0; part < kPartCount; ++part) {
    const auto expected = from_logits.Of(part);
    const auto votes = from_probabilities.Of(part);
    ASSERT_EQ(votes.size(), expected.size());
    for (std::size_t i = 0; i < votes.size(); ++i) {
      EXPECT_EQ(votes[i].weight, expected[i].weight);
      EXPECT_EQ(votes[i].x_px, expected[i].x_px);
    }
  }
}

TEST(HoughVotesTest, VisitNearFindsAllVotesWithinTheRadiusOfADisk) {
  // Offsets within the disk, so that no vote comes from beyond the reach.
  const TestMaps maps = RandomMaps(13, 11, 16, 16.0F, 1);
  const HoughVotes votes = VotesOf(maps.View());
  for (int part = 0; part < kPartCount; ++part) {
    for (const Vec2 at : {Vec2{.y = 0, .x = 0}, {.y = 70.5, .x = 90.25}, {.y = 192, .x = 160}, {.y = -20, .x = 50}}) {
      double expected = 0.0;
      for (const Vote& vote : votes.Of(part)) {
        if (SquaredDistance(at, {.y = vote.y_px, .x = vote.x_px}) < 24.0 * 24.0) expected += vote.weight;
      }
      double sum = 0.0;
      votes.VisitNear(part, at, [&](const Vote& vote, double distance_px2) {
        if (distance_px2 < 24.0 * 24.0) sum += vote.weight;
      });
      EXPECT_NEAR(sum, expected, 1e-9) << part;
    }
  }
}

TEST(HoughVotesTest, ModeIsTheMeanOfVotesAroundItAndIgnoresThoseOfOthers) {
  TestMaps maps(9, 9, 16);
  const auto vote = [&](int y, int x, Point for_px) {
    maps.Heat(y, x, Part::kNose) = 0.0F;
    const Point cell_px = {.x = static_cast<float>(16 * x), .y = static_cast<float>(16 * y)};
    maps.SetOffset(y, x, Part::kNose, {.x = for_px.x - cell_px.x, .y = for_px.y - cell_px.y});
  };
  vote(4, 4, {.x = 62, .y = 66});
  vote(4, 5, {.x = 66, .y = 62});
  vote(5, 5, {.x = 64, .y = 64});
  vote(5, 6, {.x = 90, .y = 70});  // Another person's.
  const HoughVotes votes = VotesOf(maps.View());
  const Vec2 mode = votes.ModeNear(kNose, {.y = 60, .x = 69});
  EXPECT_NEAR(mode.x, 64.0, 0.1);
  EXPECT_NEAR(mode.y, 64.0, 0.1);
  const Vec2 other = votes.ModeNear(kNose, {.y = 72, .x = 94});
  EXPECT_NEAR(other.x, 90.0, 1e-3);
  EXPECT_NEAR(other.y, 70.0, 1e-3);
}

TEST(HoughVotesTest, ModeWithoutVotesIsTheStart) {
  const TestMaps maps = MapsWithDisk(9, 16, {.x = 40, .y = 50});
  const Vec2 mode = VotesOf(maps.View()).ModeNear(kNose, {.y = 50.0, .x = 55.0});
  EXPECT_EQ(mode.x, 55.0);
  EXPECT_EQ(mode.y, 50.0);
}

TEST(HoughVotesTest, AgreementFallsWithTheDistanceOfTheVotes) {
  const TestMaps maps = MapsWithDisk(9, 16, {.x = 60, .y = 50});
  const HoughVotes votes = VotesOf(maps.View());
  EXPECT_NEAR(votes.Agreement(kNose, {.y = 50, .x = 60}, 5.0), 1.0, 1e-6);
  EXPECT_NEAR(votes.Agreement(kNose, {.y = 50, .x = 65}, 5.0), std::exp(-0.5), 1e-6);
  EXPECT_EQ(votes.Agreement(kNose, {.y = 50, .x = 100}, 5.0), 0.0) << "none within the disk";
}

TEST(FindHoughPeaksTest, AFullDiskScoresAboutOneAtEveryOutputStride) {
  for (const int stride : {8, 16}) {
    const TestMaps maps = MapsWithDisk(256 / stride + 1, stride, {.x = 130.25F, .y = 121.5F});
    const auto peaks = PeaksOf(maps.View(), 0.05);
    ASSERT_EQ(peaks.size(), 1U) << stride;
    EXPECT_EQ(peaks[0].part, kNose);
    EXPECT_NEAR(peaks[0].position_px.x, 130.25, 1e-3);
    EXPECT_NEAR(peaks[0].position_px.y, 121.5, 1e-3);
    // Bilinear sharing leaves at least a quarter in one bin.
    EXPECT_GT(peaks[0].score, 0.25 * 0.8);
    EXPECT_LT(peaks[0].score, 1.2);
  }
  const TestMaps centered = MapsWithDisk(17, 16, {.x = 128, .y = 128});
  EXPECT_NEAR(PeaksOf(centered.View(), 0.05).at(0).score, 1.0, 0.1);
}

TEST(FindHoughPeaksTest, OrdersPeaksByScoreAndDropsThoseBelowTheMinimum) {
  TestMaps maps(3, 9, 16);
  maps.Heat(1, 1, Part::kNose) = 0.0F;
  maps.Heat(1, 7, Part::kNose) = 2.0F;
  maps.Heat(1, 4, Part::kLeftEye) = 1.0F;
  const auto peaks = PeaksOf(maps.View(), 0.0);
  ASSERT_EQ(peaks.size(), 3U);
  EXPECT_EQ(peaks[0].position_px.x, 112.0);
  EXPECT_EQ(peaks[1].part, static_cast<int>(Part::kLeftEye));
  EXPECT_EQ(peaks[2].position_px.x, 16.0);
  EXPECT_EQ(PeaksOf(maps.View(), peaks[1].score - 1e-6).size(), 2U);
}

TEST(FindHoughPeaksTest, VotesOutsideTheMapAreLost) {
  TestMaps maps(3, 3, 16);
  maps.Heat(1, 1, Part::kNose) = 5.0F;
  maps.SetOffset(1, 1, Part::kNose, {.x = -1e6F, .y = 9e5F});
  EXPECT_TRUE(PeaksOf(maps.View(), 0.0).empty());
}

}  // namespace
}  // namespace posenet::human::decode
