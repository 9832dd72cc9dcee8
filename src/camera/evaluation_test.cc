// SPDX-License-Identifier: Apache-2.0
#include "camera/evaluation.h"

#include "camera/testing/scenes.h"

namespace posenet::camera {
namespace {

using ::testing::ElementsAre;

// Frames 0 to 9, 0.1 m apart; the odd ones are test frames, 1 to 5 of "seq-10" and 7 and 9 of "seq-2".
Scene OddTestScene() {
  Scene scene = LineScene(10);
  for (std::size_t i = 0; i < 10; ++i) {
    scene.frames[i].split = i % 2 == 1 ? Split::kTest : Split::kTrain;
    scene.frames[i].sequence = i < 6 ? "seq-10" : "seq-2";
  }
  return scene;
}

TEST(ScorePoses, SummarizesFramesSequencesAndBaselines) {
  GroundTruth truth = TestFramesOf(OddTestScene());
  ASSERT_EQ(truth.frames.size(), 5U);
  EXPECT_EQ(truth.frames[1].name, "f3");
  truth.remarks = {"a remark"};
  std::vector<std::optional<RigidPose>> estimates(5);
  for (std::size_t i = 0; i < 4; ++i) {
    estimates[i] = truth.frames[i].world_from_cam;
    estimates[i]->translation_m.y += 0.1 * static_cast<double>(i);
  }
  const PoseScore score = ScorePoses(truth, estimates, "mine");
  EXPECT_EQ(score.estimates.name, "mine");
  EXPECT_EQ(score.summary.missing_count, 1U);
  EXPECT_NEAR(score.summary.median.position_m, 0.2, 1e-12);
  ASSERT_EQ(score.baselines.size(), 2U);
  EXPECT_EQ(score.baselines[1].name, "oracle retrieval");
  EXPECT_NEAR(score.baselines[1].summary.median.position_m, 0.1, 1e-12);
  ASSERT_EQ(score.sequences.size(), 2U);
  EXPECT_EQ(score.sequences[0].name, "seq-2");  // Natural order.
  EXPECT_EQ(score.sequences[0].summary.missing_count, 1U);
  EXPECT_NEAR(score.sequences[1].summary.median.position_m, 0.1, 1e-12);
  EXPECT_THAT(score.remarks, ElementsAre("a remark"));
}

TEST(ScorePoses, HasNoSequencesIfThereIsOne) {
  const GroundTruth truth = {.frames = {{.name = "a"}, {.name = "b"}}, .sequences = {"s", "s"}};
  EXPECT_TRUE(ScorePoses(truth, std::vector<std::optional<RigidPose>>(2), "none").sequences.empty());
}

TEST(FeatureRetrievalErrors, AreThoseOfTheMostSimilarTrainingFrame) {
  Scene scene = LineScene(4);
  scene.frames[3].split = Split::kTest;
  const auto with_features = [](std::vector<float> features) {
    CameraEstimate estimate;
    estimate.features = std::move(features);
    return estimate;
  };
  const std::vector<std::optional<CameraEstimate>> training = {with_features({1, 0}), std::nullopt,
                                                               with_features({0, 1})};
  std::vector<std::optional<CameraEstimate>> test = {with_features({3, 1})};
  EXPECT_NEAR(FeatureRetrievalErrors(scene, training, test)[0].position_m, 0.3, 1e-12);
  test = {with_features({1, 3})};
  EXPECT_NEAR(FeatureRetrievalErrors(scene, training, test)[0].position_m, 0.1, 1e-12);
  test = {std::nullopt};
  EXPECT_EQ(FeatureRetrievalErrors(scene, training, test)[0].position_m, kMissing.position_m);
}

TEST(SummarizeUncertainty, CorrelatesItWithTheErrorsOfFramesThatHaveBoth) {
  const std::vector<PoseError> errors = {{0.1, 3.0}, kMissing, {0.2, 2.0}, {0.4, 1.0}};
  const auto uncertainty = [](double position, double rotation_deg) {
    return CameraUncertainty{.position_total_std = position, .rotation_std_deg = rotation_deg};
  };
  const std::vector<std::optional<CameraUncertainty>> uncertainties = {uncertainty(1, 5), std::nullopt,
                                                                       uncertainty(2, 6), uncertainty(3, 7)};
  const auto frames = PairErrorsWithUncertainty(errors, uncertainties);
  EXPECT_THAT(frames.position_errors, ElementsAre(0.1, 0.2, 0.4));
  const auto summary = SummarizeUncertainty(frames);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->median_std.rotation_deg, 6.0);
  EXPECT_DOUBLE_EQ(*summary->position_correlation, 1.0);
  EXPECT_DOUBLE_EQ(*summary->rotation_correlation, -1.0);
  EXPECT_FALSE(SummarizeUncertainty({}).has_value());
}

}  // namespace
}  // namespace posenet::camera
