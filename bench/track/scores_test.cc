// SPDX-License-Identifier: Apache-2.0
#include "track/scores.h"

#include <gtest/gtest.h>

namespace posenet::bench {
namespace {

LabelledFrame FrameOf(std::vector<Labelled> detections, int present) {
  return {.detections = std::move(detections), .present = present};
}

TEST(IdentityScoresTest, PerfectIsOne) {
  const std::vector<LabelledFrame> frames(7, FrameOf({{.person = 0, .id = 5}, {.person = 1, .id = 3}}, 2));
  const IdentityScores scores = ScoreIdentities(frames);
  EXPECT_EQ(scores.idf1, 1.0);
  EXPECT_EQ(scores.highest_idf1, 1.0);
  EXPECT_EQ(scores.switches, 0);
  EXPECT_EQ(ScoreIdentities({}).idf1, 1.0);
}

TEST(IdentityScoresTest, ASwitchInTheMiddleCostsWhatFollows) {
  // One person: number 1 for 6 frames, 2 for 4. IDTP 6, IDFP 4, IDFN 4.
  std::vector<LabelledFrame> frames(6, FrameOf({{.person = 0, .id = 1}}, 1));
  frames.insert(frames.end(), 4, FrameOf({{.person = 0, .id = 2}}, 1));
  const IdentityScores scores = ScoreIdentities(frames);
  EXPECT_DOUBLE_EQ(scores.idf1, 12.0 / (12.0 + 4.0 + 4.0));
  EXPECT_EQ(scores.highest_idf1, 1.0);
  EXPECT_EQ(scores.switches, 1);
}

TEST(IdentityScoresTest, AnExchangeIsTwoSwitches) {
  std::vector<LabelledFrame> frames(5, FrameOf({{.person = 0, .id = 1}, {.person = 1, .id = 2}}, 2));
  frames.insert(frames.end(), 5, FrameOf({{.person = 0, .id = 2}, {.person = 1, .id = 1}}, 2));
  const IdentityScores scores = ScoreIdentities(frames);
  EXPECT_DOUBLE_EQ(scores.idf1, 0.5);
  EXPECT_EQ(scores.switches, 2);
}

TEST(IdentityScoresTest, TheBestForTheWholeVideoCounts) {
  // Number 1: 3 frames of person 0, 4 of person 1; number 2: 4 frames of person 0. Not 1 to whom it has most... but
  // 1 to person 1 and 2 to person 0: 8 of 11; the other way 3.
  std::vector<LabelledFrame> frames(3, FrameOf({{.person = 0, .id = 1}}, 1));
  frames.insert(frames.end(), 4, FrameOf({{.person = 0, .id = 2}, {.person = 1, .id = 1}}, 2));
  EXPECT_DOUBLE_EQ(ScoreIdentities(frames).idf1, 16.0 / 22.0);
}

TEST(IdentityScoresTest, OverlookedAndMistaken) {
  // Two people, one never detected; one detection of nobody: IDTP 10, IDFP 1, IDFN 10. Who knew would leave it out.
  std::vector<LabelledFrame> frames(10, FrameOf({{.person = 0, .id = 1}}, 2));
  frames[4].detections.push_back({.person = -1, .id = 9});
  const IdentityScores scores = ScoreIdentities(frames);
  EXPECT_DOUBLE_EQ(scores.idf1, 20.0 / 31.0);
  EXPECT_DOUBLE_EQ(scores.highest_idf1, 20.0 / 30.0);
  EXPECT_EQ(scores.switches, 0);
}

TEST(IdentityScoresTest, WhatHasNoNumberIsNoDetection) {
  // Of ten frames the first two have no number: IDTP 8, IDFN 2. A mistake without a number costs nothing.
  std::vector<LabelledFrame> frames(2, FrameOf({{.person = 0, .id = 0}}, 1));
  frames.insert(frames.end(), 8, FrameOf({{.person = 0, .id = 1}, {.person = -1, .id = 0}}, 1));
  const IdentityScores scores = ScoreIdentities(frames);
  EXPECT_DOUBLE_EQ(scores.idf1, 16.0 / 18.0);
  EXPECT_EQ(scores.highest_idf1, 1.0);
  EXPECT_EQ(scores.switches, 0);
}

TEST(IdentityScoresTest, AGapIsNoSwitch) {
  std::vector<LabelledFrame> frames = {FrameOf({{.person = 0, .id = 1}}, 1), FrameOf({}, 1),
                                       FrameOf({{.person = 0, .id = 1}}, 1)};
  EXPECT_EQ(ScoreIdentities(frames).switches, 0);
}

}  // namespace
}  // namespace posenet::bench
