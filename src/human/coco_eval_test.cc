// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "human/coco.h"

namespace posenet::human::coco {
namespace {

using testing::DoubleNear;
using testing::Each;

constexpr double kTolerance = 1e-9;  // For sums of thousands of doubles.
constexpr double kMediumSidePx = 64.0;
constexpr double kLargeSidePx = 200.0;

// As published at cocodataset.org, keypoints-eval.
constexpr std::array<double, kPartCount> kSigmas = {.026, .025, .025, .035, .035, .079, .079, .072, .072,
                                                    .062, .062, .107, .107, .087, .087, .089, .089};

std::array<double, 10> Metrics(const Summary& s) {
  return {s.ap, s.ap50, s.ap75, s.ap_medium, s.ap_large, s.ar, s.ar50, s.ar75, s.ar_medium, s.ar_large};
}

// A person with a square box and labeled keypoints at its corners.
Person MakePerson(std::int64_t image_id, double side_px, double left_px = 100.0) {
  Person person;
  person.id = 1;
  person.image_id = image_id;
  person.keypoint_count = kPartCount;
  person.visibility.fill(2);
  person.area_px2 = side_px * side_px;
  person.bbox_xywh_px = {left_px, 50.0, side_px, side_px};
  for (std::size_t i = 0; i < kPartCount; ++i) {
    person.keypoints_px[i] = {.x = static_cast<float>(left_px + (i % 2 == 0 ? 0.0 : side_px)),
                              .y = static_cast<float>(50.0 + (i % 4 < 2 ? 0.0 : side_px))};
  }
  return person;
}

Person WithoutLabels(Person person) {
  person.keypoint_count = 0;
  person.visibility.fill(0);
  person.keypoints_px.fill({});
  return person;
}

Person AsCrowd(Person person) {
  person.is_crowd = true;
  return person;
}

Detection DetectionOf(const Person& person, double score) {
  return {.image_id = person.image_id, .keypoints_px = person.keypoints_px, .score = score};
}

Detection Moved(Detection detection, double dx_px) {
  for (Point& keypoint : detection.keypoints_px) keypoint.x += static_cast<float>(dx_px);
  return detection;
}

// The distance at which the similarity of a keypoint is `oks`: solves oks = exp(-d^2 / (2 area (2 sigma)^2)).
double DistanceForOks(double oks, Part part, double area_px2) {
  const double double_sigma = 2.0 * kSigmas[static_cast<std::size_t>(part)];
  return std::sqrt(-std::log(oks) * 2.0 * area_px2) * double_sigma;
}

// `person` with the nose as the only label, for control over the similarity.
Person WithNoseOnly(Person person) {
  person.visibility.fill(0);
  person.visibility[0] = 1;
  person.keypoint_count = 1;
  return person;
}

Detection DetectionWithOks(const Person& nose_person, double oks, double score) {
  Detection detection = DetectionOf(nose_person, score);
  detection.keypoints_px[0].x += static_cast<float>(DistanceForOks(oks, Part::kNose, nose_person.area_px2));
  return detection;
}

Summary EvaluateOne(const std::vector<Person>& persons, const std::vector<Detection>& detections) {
  const std::vector<std::int64_t> image_ids = {1};
  return Evaluate(image_ids, persons, detections);
}

TEST(CocoEvaluate, IsMinusOneWithoutAnnotations) {
  EXPECT_THAT(Metrics(Evaluate({}, {}, {})), Each(-1.0));
  EXPECT_THAT(Metrics(EvaluateOne({}, {DetectionOf(MakePerson(1, kLargeSidePx), 0.9)})), Each(-1.0));
}

TEST(CocoEvaluate, IsZeroWithoutDetections) {
  const Summary summary = EvaluateOne({MakePerson(1, kLargeSidePx)}, {});
  EXPECT_EQ(summary.ap, 0.0);
  EXPECT_EQ(summary.ar, 0.0);
  EXPECT_EQ(summary.ap_large, 0.0);
  EXPECT_EQ(summary.ap_medium, -1.0);
}

TEST(CocoEvaluate, IsOneForAPerfectDetection) {
  const Person person = MakePerson(1, kLargeSidePx);
  const Summary summary = EvaluateOne({person}, {DetectionOf(person, 0.1)});
  for (const double metric : {summary.ap, summary.ap50, summary.ap75, summary.ap_large, summary.ar, summary.ar50,
                              summary.ar75, summary.ar_large}) {
    EXPECT_NEAR(metric, 1.0, kTolerance);
  }
  EXPECT_EQ(summary.ap_medium, -1.0);
  EXPECT_EQ(summary.ar_medium, -1.0);
}

TEST(CocoEvaluate, MatchesAtThresholdsUpToTheSimilarity) {
  const Person person = WithNoseOnly(MakePerson(1, kLargeSidePx));
  const Summary summary = EvaluateOne({person}, {DetectionWithOks(person, 0.62, 0.9)});
  EXPECT_NEAR(summary.ap, 0.3, kTolerance);  // Matches at 0.50, 0.55 and 0.60 of ten thresholds.
  EXPECT_NEAR(summary.ar, 0.3, kTolerance);
  EXPECT_NEAR(summary.ap50, 1.0, kTolerance);
  EXPECT_EQ(summary.ap75, 0.0);
  EXPECT_NEAR(EvaluateOne({person}, {DetectionWithOks(person, 0.76, 0.9)}).ap75, 1.0, kTolerance);
}

TEST(CocoEvaluate, UsesThePublishedSigmas) {
  for (std::size_t i = 0; i < kPartCount; ++i) {
    Person person = MakePerson(1, kLargeSidePx);
    person.visibility.fill(0);
    person.visibility[i] = 2;
    const double distance_px = DistanceForOks(0.5, static_cast<Part>(i), person.area_px2);
    Detection near = DetectionOf(person, 0.9);
    near.keypoints_px[i].y += static_cast<float>(0.999 * distance_px);
    Detection far = DetectionOf(person, 0.9);
    far.keypoints_px[i].y += static_cast<float>(1.001 * distance_px);
    EXPECT_NEAR(EvaluateOne({person}, {near}).ap50, 1.0, kTolerance) << kPartNames[i];
    EXPECT_EQ(EvaluateOne({person}, {far}).ap50, 0.0) << kPartNames[i];
  }
}

TEST(CocoEvaluate, AveragesTheSimilarityOverLabeledKeypoints) {
  Person person = MakePerson(1, kLargeSidePx);
  person.visibility.fill(0);
  person.visibility[0] = 1;
  person.visibility[1] = 2;
  Detection detection = DetectionOf(person, 0.9);
  detection.keypoints_px[1].x += 1e4F;  // OKS (1 + 0) / 2.
  detection.keypoints_px[9].x += 1e4F;  // Not labeled.
  const Summary summary = EvaluateOne({person}, {detection});
  EXPECT_NEAR(summary.ap50, 1.0, kTolerance);
  EXPECT_NEAR(summary.ap, 0.1, kTolerance);
}

TEST(CocoEvaluate, CountsASecondDetectionOfAPersonAsFalse) {
  const Person person = MakePerson(1, kLargeSidePx);
  const Person other = MakePerson(1, kLargeSidePx, 1000.0);
  const Summary summary =
      EvaluateOne({person, other}, {DetectionOf(person, 0.9), DetectionOf(person, 0.8), DetectionOf(other, 0.7)});
  // Precision 1 up to recall 1/2 (points 0.00 to 0.50), then 2/3 (50 points).
  EXPECT_NEAR(summary.ap, (51.0 + 50.0 * 2.0 / 3.0) / 101.0, kTolerance);
  EXPECT_NEAR(summary.ar, 1.0, kTolerance);
}

TEST(CocoEvaluate, RanksFalseDetectionsByScore) {
  const Person person = MakePerson(1, kLargeSidePx);
  const Detection wrong = Moved(DetectionOf(person, 0.5), 1000.0);
  EXPECT_NEAR(EvaluateOne({person}, {wrong, DetectionOf(person, 0.6)}).ap, 1.0, kTolerance);
  EXPECT_NEAR(EvaluateOne({person}, {wrong, DetectionOf(person, 0.4)}).ap, 0.5, kTolerance);
}

TEST(CocoEvaluate, InterpolatesPrecision) {
  const Person first = MakePerson(1, kLargeSidePx);
  const Person second = MakePerson(1, kLargeSidePx, 1000.0);
  const Detection wrong = Moved(DetectionOf(first, 0.9), 5000.0);
  // The precisions 0, 1/2, 2/3 are interpolated to 2/3 at every recall.
  const Summary summary = EvaluateOne({first, second}, {wrong, DetectionOf(first, 0.8), DetectionOf(second, 0.7)});
  EXPECT_NEAR(summary.ap, 2.0 / 3.0, kTolerance);
}

// In double arithmetic, as in pycocotools, 7 / 20 is less than 35 * 0.01.
TEST(CocoEvaluate, UsesMultiplesOfOneHundredthAsRecallPoints) {
  std::vector<Person> persons;
  std::vector<Detection> detections;
  for (int i = 0; i < 20; ++i) {
    persons.push_back(MakePerson(1, kLargeSidePx, 1000.0 * i));
    if (i < 7) detections.push_back(DetectionOf(persons.back(), 0.9));
  }
  EXPECT_NEAR(EvaluateOne(persons, detections).ap, 35.0 / 101.0, kTolerance);
}

TEST(CocoEvaluate, IgnoresAnyNumberOfDetectionsInACrowd) {
  const Person person = MakePerson(1, kLargeSidePx);
  const Person crowd = AsCrowd(WithoutLabels(MakePerson(1, kLargeSidePx, 3000.0)));
  const Detection in_crowd = Moved(DetectionOf(person, 0.9), 2900.0);
  const Summary summary = EvaluateOne({crowd, person}, {in_crowd, in_crowd, in_crowd, DetectionOf(person, 0.1)});
  EXPECT_NEAR(summary.ap, 1.0, kTolerance);
}

TEST(CocoEvaluate, IgnoresOneDetectionPerPersonWithoutLabels) {
  const Person person = MakePerson(1, kLargeSidePx);
  const Person unlabeled = WithoutLabels(MakePerson(1, kLargeSidePx, 3000.0));
  const Detection there = Moved(DetectionOf(person, 0.9), 2900.0);
  EXPECT_NEAR(EvaluateOne({unlabeled, person}, {there, DetectionOf(person, 0.1)}).ap, 1.0, kTolerance);
  EXPECT_NEAR(EvaluateOne({unlabeled, person}, {there, there, DetectionOf(person, 0.1)}).ap, 0.5, kTolerance);
}

TEST(CocoEvaluate, ExpandsTheBoxOfAPersonWithoutLabels) {
  const Person person = MakePerson(1, kLargeSidePx);
  const Person unlabeled = WithoutLabels(MakePerson(1, kLargeSidePx, 3000.0));
  const Detection far = DetectionOf(person, 0.1);
  const auto ap_with_detection_at = [&](double left_px) {
    return EvaluateOne({unlabeled, person}, {Moved(DetectionOf(person, 0.9), left_px - 100.0), far}).ap;
  };
  // The detection is as wide as the box, so it leaves the expanded box when moved by more than the width of the box.
  EXPECT_NEAR(ap_with_detection_at(3000.0 - kLargeSidePx), 1.0, kTolerance);
  EXPECT_NEAR(ap_with_detection_at(3000.0 + kLargeSidePx), 1.0, kTolerance);
  EXPECT_NEAR(ap_with_detection_at(3000.0 - 4.0 * kLargeSidePx), 0.5, kTolerance);
  EXPECT_NEAR(ap_with_detection_at(3000.0 + 4.0 * kLargeSidePx), 0.5, kTolerance);
}

TEST(CocoEvaluate, PrefersAPersonToAMoreSimilarCrowd) {
  const Person person = WithNoseOnly(MakePerson(1, kLargeSidePx));
  const Person crowd = AsCrowd(WithoutLabels(MakePerson(1, kLargeSidePx)));  // The OKS of everything inside is 1.
  const Summary summary = EvaluateOne({crowd, person}, {DetectionWithOks(person, 0.62, 0.9)});
  EXPECT_NEAR(summary.ap50, 1.0, kTolerance);
  EXPECT_EQ(summary.ap75, 0.0);
}

TEST(CocoEvaluate, UsesTheBestTwentyDetectionsOfAnImage) {
  const Person person = MakePerson(1, kLargeSidePx);
  std::vector<Detection> detections(19, Moved(DetectionOf(person, 0.9), 1000.0));
  detections.push_back(DetectionOf(person, 0.5));
  EXPECT_NEAR(EvaluateOne({person}, detections).ar, 1.0, kTolerance);
  detections.push_back(Moved(DetectionOf(person, 0.6), 1000.0));
  EXPECT_EQ(EvaluateOne({person}, detections).ar, 0.0);
}

TEST(CocoEvaluate, RanksEqualScoresByImageId) {
  const std::vector<std::int64_t> image_ids = {7, 3, 7};
  const Person in_three = MakePerson(3, kLargeSidePx);
  const Person in_seven = MakePerson(7, kLargeSidePx);
  const Detection wrong_in_three = Moved(DetectionOf(in_three, 0.9), 1000.0);
  const Detection wrong_in_seven = Moved(DetectionOf(in_seven, 0.9), 1000.0);
  EXPECT_NEAR(Evaluate(image_ids, std::vector{in_seven}, std::vector{DetectionOf(in_seven, 0.9), wrong_in_three}).ap,
              0.5, kTolerance);
  EXPECT_NEAR(Evaluate(image_ids, std::vector{in_three}, std::vector{wrong_in_seven, DetectionOf(in_three, 0.9)}).ap,
              1.0, kTolerance);
}

TEST(CocoEvaluate, KeepsTheOrderOfEqualScoresInAnImage) {
  const Person person = MakePerson(1, kLargeSidePx);
  const Detection right = DetectionOf(person, 0.9);
  const Detection wrong = Moved(right, 1000.0);
  EXPECT_NEAR(EvaluateOne({person}, {right, wrong}).ap, 1.0, kTolerance);
  EXPECT_NEAR(EvaluateOne({person}, {wrong, right}).ap, 0.5, kTolerance);
}

TEST(CocoEvaluate, IgnoresOtherImages) {
  const Person person = MakePerson(1, kLargeSidePx);
  const Person elsewhere = MakePerson(2, kLargeSidePx);
  const Summary summary =
      EvaluateOne({person, elsewhere}, {DetectionOf(person, 0.5), Moved(DetectionOf(elsewhere, 0.9), 1000.0)});
  EXPECT_NEAR(summary.ap, 1.0, kTolerance);
  EXPECT_NEAR(summary.ar, 1.0, kTolerance);
}

TEST(CocoEvaluate, CountsFalseDetectionsOnImagesWithoutPersons) {
  const std::vector<std::int64_t> image_ids = {1, 2};
  const Person person = MakePerson(1, kLargeSidePx);
  Detection wrong = DetectionOf(person, 0.9);
  wrong.image_id = 2;
  const std::vector<Detection> detections = {DetectionOf(person, 0.5), wrong};
  EXPECT_NEAR(Evaluate(image_ids, std::vector{person}, detections).ap, 0.5, kTolerance);
}

TEST(CocoEvaluate, IncludesTheLimitsOfAreaRanges) {
  const auto evaluate_area = [](double area_px2) {
    Person person = MakePerson(1, kMediumSidePx);
    person.area_px2 = area_px2;
    return EvaluateOne({person}, {DetectionOf(person, 0.9)});
  };
  EXPECT_EQ(evaluate_area(1023.9).ap_medium, -1.0);
  EXPECT_NEAR(evaluate_area(1024.0).ap_medium, 1.0, kTolerance);
  EXPECT_NEAR(evaluate_area(9216.0).ap_medium, 1.0, kTolerance);
  EXPECT_NEAR(evaluate_area(9216.0).ap_large, 1.0, kTolerance);
  EXPECT_EQ(evaluate_area(9215.9).ap_large, -1.0);
  EXPECT_EQ(evaluate_area(9216.1).ap_medium, -1.0);
  EXPECT_NEAR(evaluate_area(1e10).ap_large, 1.0, kTolerance);
  EXPECT_EQ(evaluate_area(1.01e10).ap, -1.0);
}

TEST(CocoEvaluate, AssignsFalseDetectionsToTheRangeOfTheirBox) {
  const Person medium = MakePerson(1, kMediumSidePx);
  const Person large = MakePerson(1, kLargeSidePx, 1000.0);
  const Detection wrong_medium = Moved(DetectionOf(medium, 0.9), 5000.0);
  const Summary summary =
      EvaluateOne({medium, large}, {wrong_medium, DetectionOf(medium, 0.5), DetectionOf(large, 0.5)});
  EXPECT_NEAR(summary.ap_medium, 0.5, kTolerance);
  EXPECT_NEAR(summary.ap_large, 1.0, kTolerance);
}

TEST(CocoEvaluate, MatchesAPersonWithoutAreaExactly) {
  Person person = MakePerson(1, kLargeSidePx);
  person.area_px2 = 0.0;
  EXPECT_NEAR(EvaluateOne({person}, {DetectionOf(person, 0.9)}).ap, 1.0, kTolerance);
  EXPECT_EQ(EvaluateOne({person}, {Moved(DetectionOf(person, 0.9), 1.0)}).ap, 0.0);
}

TEST(CocoEvaluate, NeverMatchesNanAndRanksItLast) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const Person person = MakePerson(1, kLargeSidePx);
  Detection nowhere = DetectionOf(person, 0.9);
  nowhere.keypoints_px[3].x = static_cast<float>(kNan);
  EXPECT_EQ(EvaluateOne({person}, {nowhere}).ap, 0.0);
  const Detection unranked = Moved(DetectionOf(person, kNan), 1000.0);
  EXPECT_NEAR(EvaluateOne({person}, {unranked, DetectionOf(person, 0.1)}).ap, 1.0, kTolerance);
}

nlohmann::json ReadJson(const std::filesystem::path& path) {
  std::ifstream file(path);
  return nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
}

std::vector<std::int64_t> ImageIds(const Annotations& annotations) {
  std::vector<std::int64_t> ids;
  for (const ImageEntry& image : annotations.images) ids.push_back(image.id);
  return ids;
}

class CocoEvaluateReference : public testing::TestWithParam<const char*> {};

// For the origin of the expected metrics, see testdata/coco/README.md.
TEST_P(CocoEvaluateReference, ReproducesTheMetrics) {
  const std::filesystem::path folder = std::filesystem::path(POSENET_SOURCE_DIR) / "src/human/testdata/coco";
  const nlohmann::json document = ReadJson(folder / GetParam());
  ASSERT_TRUE(document.is_object());
  const auto annotations = ParseAnnotations(document["annotations"].dump(), GetParam());
  ASSERT_TRUE(annotations) << annotations.error().message;
  const auto detections = ParseDetections(document["results"].dump(), GetParam());
  ASSERT_TRUE(detections) << detections.error().message;
  const Summary summary = Evaluate(ImageIds(*annotations), annotations->persons, *detections);
  EXPECT_THAT(Metrics(summary),
              testing::Pointwise(DoubleNear(kTolerance), document["expected"].get<std::vector<double>>()));
}

INSTANTIATE_TEST_SUITE_P(Cases, CocoEvaluateReference,
                         testing::Values("evaluation_1.json", "evaluation_2.json", "evaluation_3.json",
                                         "evaluation_4.json"));

std::vector<Pose> PosesFromTfjs(const nlohmann::json& poses) {
  std::vector<Pose> result;
  for (const auto& entry : poses) {
    Pose pose;
    pose.score = entry["score"].get<float>();
    for (std::size_t i = 0; i < kPartCount; ++i) {
      const auto& position = entry["keypoints"][i]["position"];
      pose.keypoints[i].position_px = {.x = position["x"].get<float>(), .y = position["y"].get<float>()};
    }
    result.push_back(pose);
  }
  return result;
}

struct TfjsCase {
  const char* file;
  std::array<double, 10> metrics;  // By pycocotools, for the poses in the file.
};

void PrintTo(const TfjsCase& tfjs_case, std::ostream* out) { *out << tfjs_case.file; }

class CocoEvaluateTfjs : public testing::TestWithParam<TfjsCase> {};

// Via a results file, which shows that 2 decimals are sufficient.
TEST_P(CocoEvaluateTfjs, ReproducesPycocotoolsForPosesOfTfjs) {
  const std::filesystem::path data = POSENET_EXTRA_DATA_DIR;
  if (!std::filesystem::exists(data / "coco")) GTEST_SKIP() << "needs the development data in " << data;
  const auto annotations = ParseAnnotations(ReadJson(data / "coco/person_keypoints_val.json").dump(), "annotations");
  ASSERT_TRUE(annotations) << annotations.error().message;
  std::map<std::string, std::int64_t> ids;
  for (const ImageEntry& image : annotations->images) ids[image.file_name] = image.id;

  std::string results;
  const nlohmann::json golden = ReadJson(data / "golden" / GetParam().file);
  for (const auto& [file_name, entry] : golden["images"].items()) {
    if (!ids.contains(file_name)) continue;
    for (const Pose& pose : PosesFromTfjs(entry["multi"])) {
      results += results.empty() ? '[' : ',';
      results += DetectionToJson(ToDetection(ids[file_name], kPersonCategoryId, pose));
    }
  }
  const auto detections = ParseDetections(results + "]", "results");
  ASSERT_TRUE(detections) << detections.error().message;
  const Summary summary = Evaluate(ImageIds(*annotations), annotations->persons, *detections);
  EXPECT_THAT(Metrics(summary), testing::Pointwise(DoubleNear(1e-4), GetParam().metrics));
}

INSTANTIATE_TEST_SUITE_P(Resolutions, CocoEvaluateTfjs,
                         testing::Values(TfjsCase{"tfjs_mobilenet100_s16_257x257.json",
                                                  {0.053347, 0.187034, 0.022950, 0.008416, 0.115633, 0.112121, 0.303030,
                                                   0.090909, 0.013889, 0.230000}},
                                         TfjsCase{"tfjs_mobilenet100_s16_513x513.json",
                                                  {0.194025, 0.441969, 0.093627, 0.107178, 0.304398, 0.263636, 0.484848,
                                                   0.227273, 0.113889, 0.443333}},
                                         TfjsCase{"tfjs_mobilenet100_s16_641x481.json",
                                                  {0.207761, 0.440074, 0.156950, 0.127441, 0.329405, 0.281818, 0.484848,
                                                   0.287879, 0.147222, 0.443333}}));

}  // namespace
}  // namespace posenet::human::coco
