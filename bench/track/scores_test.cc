// SPDX-License-Identifier: Apache-2.0
#include "track/scores.h"

#include <gtest/gtest.h>

namespace posenet::bench {
namespace {

LabeledFrame FrameOf(std::vector<LabeledDetection> detections, int present) {
  return {.detections = std::move(detections), .present = present};
}

TEST(IdentityScoresTest, IsOneForPerfectTracking) {
  const std::vector<LabeledFrame> frames(7, FrameOf({{.person = 0, .id = 5}, {.person = 1, .id = 3}}, 2));
  const IdentityScores scores = ScoreIdentities(frames);
  EXPECT_EQ(scores.idf1, 1.0);
  EXPECT_EQ(scores.max_idf1, 1.0);
  EXPECT_EQ(scores.switches, 0);
  EXPECT_EQ(ScoreIdentities({}).idf1, 1.0);
}

TEST(IdentityScoresTest, CountsTheFramesAfterASwitch) {
  // One person, with ID 1 for 6 frames and ID 2 for 4: IDTP 6, IDFP 4, IDFN 4.
  std::vector<LabeledFrame> frames(6, FrameOf({{.person = 0, .id = 1}}, 1));
  frames.insert(frames.end(), 4, FrameOf({{.person = 0, .id = 2}}, 1));
  const IdentityScores scores = ScoreIdentities(frames);
  EXPECT_DOUBLE_EQ(scores.idf1, 12.0 / (12.0 + 4.0 + 4.0));
  EXPECT_EQ(scores.max_idf1, 1.0);
  EXPECT_EQ(scores.switches, 1);
}

TEST(IdentityScoresTest, CountsAnExchangeAsTwoSwitches) {
  std::vector<LabeledFrame> frames(5, FrameOf({{.person = 0, .id = 1}, {.person = 1, .id = 2}}, 2));
  frames.insert(frames.end(), 5, FrameOf({{.person = 0, .id = 2}, {.person = 1, .id = 1}}, 2));
  const IdentityScores scores = ScoreIdentities(frames);
  EXPECT_DOUBLE_EQ(scores.idf1, 0.5);
  EXPECT_EQ(scores.switches, 2);
}

TEST(IdentityScoresTest, AssignsIdsGlobally) {
  // ID 1: 3 frames of person 0, 4 of person 1. ID 2: 4 frames of person 0. The optimal assignment, 1 to person 1 and 2
  // to person 0, has 8 of 11 frames.
  std::vector<LabeledFrame> frames(3, FrameOf({{.person = 0, .id = 1}}, 1));
  frames.insert(frames.end(), 4, FrameOf({{.person = 0, .id = 2}, {.person = 1, .id = 1}}, 2));
  EXPECT_DOUBLE_EQ(ScoreIdentities(frames).idf1, 16.0 / 22.0);
}

TEST(IdentityScoresTest, CountsMissedPeopleAndFalsePositives) {
  // Two people, of whom one is never detected, and one false positive: IDTP 10, IDFP 1, IDFN 10. An ideal tracker drops
  // the false positive.
  std::vector<LabeledFrame> frames(10, FrameOf({{.person = 0, .id = 1}}, 2));
  frames[4].detections.push_back({.person = -1, .id = 9});
  const IdentityScores scores = ScoreIdentities(frames);
  EXPECT_DOUBLE_EQ(scores.idf1, 20.0 / 31.0);
  EXPECT_DOUBLE_EQ(scores.max_idf1, 20.0 / 30.0);
  EXPECT_EQ(scores.switches, 0);
}

TEST(IdentityScoresTest, TreatsUnassignedDetectionsAsMissed) {
  // No ID in the first two of ten frames: IDTP 8, IDFN 2. False positives without an ID are free.
  std::vector<LabeledFrame> frames(2, FrameOf({{.person = 0, .id = 0}}, 1));
  frames.insert(frames.end(), 8, FrameOf({{.person = 0, .id = 1}, {.person = -1, .id = 0}}, 1));
  const IdentityScores scores = ScoreIdentities(frames);
  EXPECT_DOUBLE_EQ(scores.idf1, 16.0 / 18.0);
  EXPECT_EQ(scores.max_idf1, 1.0);
  EXPECT_EQ(scores.switches, 0);
}

TEST(IdentityScoresTest, DoesNotCountAGapAsASwitch) {
  std::vector<LabeledFrame> frames = {FrameOf({{.person = 0, .id = 1}}, 1), FrameOf({}, 1),
                                      FrameOf({{.person = 0, .id = 1}}, 1)};
  EXPECT_EQ(ScoreIdentities(frames).switches, 0);
}

}  // namespace
}  // namespace posenet::bench
