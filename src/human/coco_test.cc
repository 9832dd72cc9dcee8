// SPDX-License-Identifier: Apache-2.0
#include "human/coco.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <locale>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"

namespace posenet::human::coco {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

json MakeImage(std::int64_t id) {
  return {{"id", id}, {"file_name", std::to_string(id) + ".jpg"}, {"width", 640}, {"height", 480}, {"license", 4}};
}

// Keypoint i at (i, 100 + i), with flags 0, 1, 2, 0, 1, 2...
json MakeKeypoints() {
  json keypoints = json::array();
  for (int i = 0; i < kPartCount; ++i) {
    keypoints.push_back(i);
    keypoints.push_back(100.5 + i);
    keypoints.push_back(i % 3);
  }
  return keypoints;
}

json MakePersonJson(std::int64_t id, std::int64_t image_id) {
  return {{"id", id},
          {"image_id", image_id},
          {"category_id", 1},
          {"keypoints", MakeKeypoints()},
          {"num_keypoints", 11},
          {"area", 1234.5},
          {"bbox", {1, 2.5, 30, 40}},
          {"iscrowd", 0},
          {"segmentation", {{1, 2, 3, 4, 5, 6}}}};
}

json MakeAnnotations() {
  return {{"info", {{"year", 2017}, {"id", "ignored"}}},
          {"images", {MakeImage(139), MakeImage(285)}},
          {"annotations", {MakePersonJson(7, 139), MakePersonJson(8, 285), MakePersonJson(9, 139)}},
          {"categories", {{{"id", 1}, {"name", "person"}, {"keypoints", {"nose"}}, {"skeleton", {{16, 14}}}}}}};
}

json MakeDetections() {
  const json detection = {{"image_id", 139}, {"category_id", 1}, {"keypoints", MakeKeypoints()}, {"score", 0.75}};
  return json::array({detection, detection});
}

void ExpectCorrupt(const json& document, const std::string& message) {
  const auto annotations = ParseAnnotations(document.dump(), "val.json");
  ASSERT_FALSE(annotations) << "should be rejected: " << message;
  EXPECT_EQ(annotations.error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(annotations.error().message, base::StrCat("val.json: ", message));
}

void ExpectCorruptDetections(const json& document, const std::string& message) {
  const auto detections = ParseDetections(document.dump(), "results.json");
  ASSERT_FALSE(detections) << "should be rejected: " << message;
  EXPECT_EQ(detections.error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(detections.error().message, base::StrCat("results.json: ", message));
}

TEST(CocoAnnotations, ReadsImagesAndPersons) {
  const auto annotations = ParseAnnotations(MakeAnnotations().dump(), "val.json");
  ASSERT_TRUE(annotations) << annotations.error().message;
  ASSERT_THAT(annotations->images, SizeIs(2));
  EXPECT_EQ(annotations->images[1].id, 285);
  EXPECT_EQ(annotations->images[1].file_name, "285.jpg");
  EXPECT_EQ(annotations->images[1].width_px, 640);
  EXPECT_EQ(annotations->images[1].height_px, 480);

  ASSERT_THAT(annotations->persons, SizeIs(3));
  const Person& person = annotations->persons[1];
  EXPECT_EQ(person.id, 8);
  EXPECT_EQ(person.image_id, 285);
  EXPECT_EQ(person.keypoint_count, 11);
  EXPECT_EQ(person.area_px2, 1234.5);
  EXPECT_THAT(person.bbox_xywh_px, testing::ElementsAre(1.0, 2.5, 30.0, 40.0));
  EXPECT_FALSE(person.is_crowd);
  EXPECT_EQ(person.keypoints_px[16].x, 16.0F);
  EXPECT_EQ(person.keypoints_px[16].y, 116.5F);
  EXPECT_EQ(person.visibility[15], 0);
  EXPECT_EQ(person.visibility[16], 1);
}

TEST(CocoAnnotations, ReadsCrowds) {
  json document = MakeAnnotations();
  document["annotations"][0]["iscrowd"] = 1;
  document["annotations"][0]["segmentation"] = {{"counts", {1, 2}}, {"size", {640, 480}}};
  const auto annotations = ParseAnnotations(document.dump(), "val.json");
  ASSERT_TRUE(annotations) << annotations.error().message;
  EXPECT_TRUE(annotations->persons[0].is_crowd);
}

TEST(CocoAnnotations, ReadsPersonsOfThePersonCategoryOnly) {
  json document = MakeAnnotations();
  document["categories"] = {{{"id", 1}, {"name", "bicycle"}}, {{"id", 5}, {"name", "person"}}};
  document["annotations"][0] = {{"id", 1}, {"category_id", 1}};  // A bicycle has no keypoints.
  document["annotations"][1]["category_id"] = 5;
  document["annotations"].erase(2);
  const auto annotations = ParseAnnotations(document.dump(), "val.json");
  ASSERT_TRUE(annotations) << annotations.error().message;
  ASSERT_THAT(annotations->persons, SizeIs(1));
  EXPECT_EQ(annotations->persons[0].id, 8);
}

TEST(CocoAnnotations, FallsBackToCategoryOneOrTheOnlyOne) {
  json document = MakeAnnotations();
  document["categories"] = {{{"id", 2}, {"name", "velo"}}, {{"id", 1}, {"name", "personne"}}};
  EXPECT_THAT(ParseAnnotations(document.dump(), "")->persons, SizeIs(3));
  document["categories"] = json::array({{{"id", 3}}});
  for (json& annotation : document["annotations"]) annotation["category_id"] = 3;
  EXPECT_THAT(ParseAnnotations(document.dump(), "")->persons, SizeIs(3));
  document["categories"] = {{{"id", 2}, {"name", "cat"}}, {{"id", 3}, {"name", "dog"}}};
  ExpectCorrupt(document, "categories: expected a category named \"person\", found an array of 2");
}

TEST(CocoAnnotations, NamesMissingMembers) {
  for (const char* key : {"images", "annotations", "categories"}) {
    json document = MakeAnnotations();
    document.erase(key);
    ExpectCorrupt(document, std::string(key) + ": expected an array, found nothing");
  }
  const auto expect_missing = [](const std::string& list, const std::string& key, const std::string& expected) {
    json document = MakeAnnotations();
    document[list][1].erase(key);
    ExpectCorrupt(document, base::StrCat(list, "[1].", key, ": expected ", expected, ", found nothing"));
  };
  expect_missing("images", "id", "an integer");
  expect_missing("images", "file_name", "a string");
  expect_missing("images", "width", "an integer");
  expect_missing("images", "height", "an integer");
  expect_missing("annotations", "id", "an integer");
  expect_missing("annotations", "image_id", "an integer");
  expect_missing("annotations", "category_id", "an integer");
  expect_missing("annotations", "keypoints", "an array of 51 numbers");
  expect_missing("annotations", "num_keypoints", "an integer");
  expect_missing("annotations", "area", "a number");
  expect_missing("annotations", "bbox", "an array of 4 numbers");
  expect_missing("annotations", "iscrowd", "an integer");
}

struct WrongValue {
  const char* pointer;  // RFC 6901, into MakeAnnotations() or MakeDetections().
  json value;
  const char* message;
};

TEST(CocoAnnotations, NamesValuesOfTheWrongTypeOrRange) {
  const json short_keypoints = json::array({1, 2, 2});
  const std::vector<WrongValue> cases = {
      {"", json::array(), "the document: expected an object, found an array of 0"},
      {"/images", json::object(), "images: expected an array, found an object"},
      {"/images/0", "x", "images[0]: expected an object, found \"x\""},
      {"/images/1/id", "285", "images[1].id: expected an integer, found \"285\""},
      {"/images/1/id", 285.5, "images[1].id: expected an integer, found 285.5"},
      {"/images/1/id", UINT64_MAX, "images[1].id: expected an integer, found 18446744073709551615"},
      {"/images/1/id", 1e30, "images[1].id: expected an integer, found 1e+30"},
      {"/images/1/id", 139, "images[1].id: expected an ID that no earlier image has, found 139"},
      {"/images/0/file_name", 3, "images[0].file_name: expected a string, found 3"},
      {"/images/0/width", 0, "images[0].width: expected an integer from 1 to 1000000, found 0"},
      {"/images/0/height", 5'000'000'000, "images[0].height: expected an integer from 1 to 1000000, found 5000000000"},
      {"/categories/0", 1, "categories[0]: expected an object, found 1"},
      {"/categories/0/id", true, "categories[0].id: expected an integer, found true"},
      {"/annotations/2", nullptr, "annotations[2]: expected an object, found null"},
      {"/annotations/2/id", 8, "annotations[2].id: expected an ID that no earlier annotation has, found 8"},
      {"/annotations/2/image_id", 5, "annotations[2].image_id: expected the ID of one of the images, found 5"},
      {"/annotations/2/keypoints", short_keypoints,
       "annotations[2].keypoints: expected an array of 51 numbers, found an array of 3"},
      {"/annotations/2/keypoints", "", "annotations[2].keypoints: expected an array of 51 numbers, found \"\""},
      {"/annotations/2/keypoints/50", 3,
       "annotations[2].keypoints[50]: expected 0 (not labeled), 1 (occluded) or 2 (visible), found 3"},
      {"/annotations/2/keypoints/4", nullptr, "annotations[2].keypoints[4]: expected a number, found null"},
      {"/annotations/2/keypoints/3", -1e300,
       "annotations[2].keypoints[3]: expected a number of at most 1e+12, found -1e+300"},
      {"/annotations/2/num_keypoints", 18, "annotations[2].num_keypoints: expected an integer from 0 to 17, found 18"},
      {"/annotations/2/area", -1, "annotations[2].area: expected a number of at least 0, found -1"},
      {"/annotations/2/bbox/3", "4", "annotations[2].bbox[3]: expected a number, found \"4\""},
      {"/annotations/2/iscrowd", 2, "annotations[2].iscrowd: expected an integer from 0 to 1, found 2"},
      {"/annotations/2/iscrowd", false, "annotations[2].iscrowd: expected an integer, found false"},
  };
  for (const WrongValue& wrong : cases) {
    json document = MakeAnnotations();
    document[json::json_pointer(wrong.pointer)] = wrong.value;
    ExpectCorrupt(document, wrong.message);
  }
}

TEST(CocoAnnotations, ReadsSixtyFourBitIds) {
  json document = MakeAnnotations();
  document["images"] = json::array({MakeImage(INT64_MAX), MakeImage(INT64_MIN)});
  document["annotations"] = json::array({MakePersonJson(-1, INT64_MAX), MakePersonJson(0, INT64_MIN)});
  const auto annotations = ParseAnnotations(document.dump(), "val.json");
  ASSERT_TRUE(annotations) << annotations.error().message;
  EXPECT_EQ(annotations->persons[0].image_id, INT64_MAX);
  EXPECT_EQ(annotations->persons[1].image_id, INT64_MIN);
}

TEST(CocoAnnotations, ReportsErrorsOnOnePrintableLine) {
  json document = MakeAnnotations();
  document["images"][0]["id"] = std::string(100'000, '\n');
  const auto annotations = ParseAnnotations(document.dump(), "evil\x1b[2J.json");
  ASSERT_FALSE(annotations);
  EXPECT_LT(annotations.error().message.size(), 300U);
  EXPECT_EQ(annotations.error().message.find_first_of("\n\x1b"), std::string::npos);
}

TEST(CocoAnnotations, RejectsInvalidJson) {
  const std::string whole = MakeAnnotations().dump();
  EXPECT_EQ(ParseAnnotations("", "val.json").error().message, "val.json: is empty");
  for (const std::size_t length : {std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
    const auto annotations = ParseAnnotations(std::string_view(whole).substr(0, length), "val.json");
    ASSERT_FALSE(annotations) << length;
    EXPECT_EQ(annotations.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(annotations.error().message, StartsWith(base::StrCat("val.json: not JSON at byte ", length + 1)));
  }
  for (const char* text : {"NaN", "[Infinity]", "{\"a\":-NaN}", "\xff\xfe", "{} {}", "{\"\xc3\x28\":1}"}) {
    EXPECT_THAT(ParseAnnotations(text, "").error().message, HasSubstr("not JSON at byte")) << text;
  }
  EXPECT_THAT(ParseAnnotations("[1e999]", "").error().message, HasSubstr("out of the range of double"));
}

TEST(CocoAnnotations, RejectsDeepNestingWithoutRecursion) {
  for (const char* open : {"[", "{\"segmentation\":", "{\"annotations\":[", "[{\"keypoints\":"}) {
    std::string bomb;
    for (int i = 0; i < 1'000'000; ++i) bomb += open;
    const auto annotations = ParseAnnotations(bomb, "bomb.json");
    ASSERT_FALSE(annotations);
    EXPECT_EQ(annotations.error().code, ErrorCode::kCorruptData);
    EXPECT_EQ(annotations.error().message, "bomb.json: nested more than 32 levels deep");
  }
}

TEST(CocoImageList, NeedsNoAnnotations) {
  json document = MakeAnnotations();
  document["categories"] = {{{"id", 5}, {"name", "person"}}};
  document.erase("annotations");
  const auto list = ParseImageList(document.dump(), "test.json");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_THAT(list->images, SizeIs(2));
  EXPECT_EQ(list->category_id, 5);
  EXPECT_THAT(list->persons, SizeIs(0));
  EXPECT_EQ(ParseImageList("{}", "test.json").error().message, "test.json: images: expected an array, found nothing");
}

TEST(CocoDetections, ReadsAResultsFile) {
  const auto detections = ParseDetections(MakeDetections().dump(), "results.json");
  ASSERT_TRUE(detections) << detections.error().message;
  ASSERT_THAT(*detections, SizeIs(2));
  EXPECT_EQ((*detections)[1].image_id, 139);
  EXPECT_EQ((*detections)[1].score, 0.75);
  EXPECT_EQ((*detections)[1].keypoints_px[3].x, 3.0F);
  EXPECT_EQ((*detections)[1].keypoints_px[3].y, 103.5F);
  EXPECT_THAT(ParseDetections("[]", "results.json").value(), SizeIs(0));
}

TEST(CocoDetections, NamesValuesOfTheWrongTypeOrRange) {
  const std::vector<WrongValue> cases = {
      {"", json::object(), "the document: expected an array, found an object"},
      {"/1", 5, "[1]: expected an object, found 5"},
      {"/1", json::object(), "[1].image_id: expected an integer, found nothing"},
      {"/1/image_id", "000000000139", "[1].image_id: expected an integer, found \"000000000139\""},
      {"/1/category_id", nullptr, "[1].category_id: expected an integer, found null"},
      {"/1/keypoints", json::array({1, 2}), "[1].keypoints: expected an array of 51 numbers, found an array of 2"},
      {"/1/keypoints/17", json::array(), "[1].keypoints[17]: expected a number, found an array of 0"},
      {"/1/keypoints", nullptr, "[1].keypoints: expected an array of 51 numbers, found null"},
      {"/1/score", nullptr, "[1].score: expected a number, found null"},
      {"/1/score", 1e30, "[1].score: expected a number of at most 1e+12, found 1e+30"},
  };
  for (const WrongValue& wrong : cases) {
    json document = MakeDetections();
    document[json::json_pointer(wrong.pointer)] = wrong.value;
    ExpectCorruptDetections(document, wrong.message);
  }
}

TEST(CocoDetections, NamesMissingMembers) {
  for (const auto& [key, expected] :
       {std::pair("image_id", "an integer"), std::pair("category_id", "an integer"),
        std::pair("keypoints", "an array of 51 numbers"), std::pair("score", "a number")}) {
    json document = MakeDetections();
    document[1].erase(key);
    ExpectCorruptDetections(document, base::StrCat("[1].", key, ": expected ", expected, ", found nothing"));
  }
}

std::vector<Detection> DetectionsOn(const std::vector<std::int64_t>& image_ids, std::int64_t category_id) {
  std::vector<Detection> detections;
  for (const std::int64_t id : image_ids) {
    detections.push_back({.image_id = id, .category_id = category_id, .keypoints_px = {}, .score = 0.5});
  }
  return detections;
}

TEST(CocoCheckDetections, AcceptsImagesAndCategoryOfTheAnnotations) {
  json document = MakeAnnotations();
  EXPECT_TRUE(CheckDetections(DetectionsOn({285, 139, 139}, 1), ParseAnnotations(document.dump(), "").value()));
  document["categories"][0]["id"] = 7;
  for (json& annotation : document["annotations"]) annotation["category_id"] = 7;
  EXPECT_TRUE(CheckDetections(DetectionsOn({285}, 7), ParseAnnotations(document.dump(), "").value()));
  EXPECT_FALSE(CheckDetections(DetectionsOn({285}, 1), ParseAnnotations(document.dump(), "").value()));
}

TEST(CocoCheckDetections, CountsDetectionsOnOtherImagesAndNamesTheFirst) {
  const Annotations annotations = ParseAnnotations(MakeAnnotations().dump(), "").value();
  const auto checked = CheckDetections(DetectionsOn({139, 42, 285, 43}, 1), annotations);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(checked.error().message,
            "2 of 4 detections are on none of the 2 annotated images; the first is [1], with image_id 42");
}

TEST(CocoCheckDetections, CountsDetectionsOfOtherCategoriesAndNamesTheFirst) {
  const Annotations annotations = ParseAnnotations(MakeAnnotations().dump(), "").value();
  const auto checked = CheckDetections(DetectionsOn({139, 285}, 3), annotations);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message,
            "2 of 2 detections are not of category 1, the persons of the annotations; the first is [0], with "
            "category_id 3");
}

Pose MakePose(float score) {
  Pose pose;
  pose.score = score;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    pose.keypoints[i].position_px = {.x = 10.0F * static_cast<float>(i) + 0.126F, .y = -0.5F};
  }
  return pose;
}

std::string Results(const std::vector<Detection>& detections) {
  std::string results = "[";
  for (const Detection& detection : detections) {
    if (results.size() > 1) results += ',';
    results += DetectionToJson(detection);
  }
  return results + "]";
}

TEST(CocoDetectionToJson, WritesAnEntryOfAResultsFile) {
  Pose pose;
  pose.score = 0.123456789F;
  pose.keypoints.front().position_px = {.x = 1234.567F, .y = -0.256F};
  std::string expected = R"({"image_id":139,"category_id":1,"keypoints":[1234.57,-0.26,1)";
  for (int i = 1; i < kPartCount; ++i) expected += ",0.00,0.00,1";
  expected += R"(],"score":0.12345679})";
  EXPECT_EQ(DetectionToJson(ToDetection(139, kPersonCategoryId, pose)), expected);
}

TEST(CocoDetectionToJson, RoundTrips) {
  for (const float score : {0.0F, 1.0F, 0.1F, 1.0F / 3.0F, 1e-7F, std::nextafter(1.0F, 0.0F)}) {
    const Pose pose = MakePose(score);
    const auto detections = ParseDetections(Results({ToDetection(INT64_MAX, 5, pose)}), "");
    ASSERT_TRUE(detections) << detections.error().message;
    EXPECT_EQ(detections->front().image_id, INT64_MAX);
    EXPECT_EQ(detections->front().category_id, 5);
    EXPECT_EQ(static_cast<float>(detections->front().score), score);
    for (std::size_t i = 0; i < kPartCount; ++i) {
      EXPECT_NEAR(detections->front().keypoints_px[i].x, pose.keypoints[i].position_px.x, 0.00501);
      EXPECT_NEAR(detections->front().keypoints_px[i].y, pose.keypoints[i].position_px.y, 0.00501);
    }
  }
}

TEST(CocoDetectionToJson, WritesValidJsonForAnyFloat) {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::max(), std::numeric_limits<float>::denorm_min(), -0.0F}) {
    Pose pose = MakePose(value);
    pose.keypoints[5].position_px = {.x = value, .y = value};
    const std::string written = DetectionToJson(ToDetection(-1, kPersonCategoryId, pose));
    EXPECT_TRUE(json::accept(written)) << written;
  }
}

struct GroupingPunctuation : std::numpunct<char> {
  char do_thousands_sep() const override { return '.'; }
  char do_decimal_point() const override { return ','; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(CocoDetectionToJson, IsIndependentOfTheLocale) {
  const std::string expected = DetectionToJson(ToDetection(1'000'000, kPersonCategoryId, MakePose(0.5F)));
  const std::locale before = std::locale::global(std::locale(std::locale(), new GroupingPunctuation));
  const std::string written = DetectionToJson(ToDetection(1'000'000, kPersonCategoryId, MakePose(0.5F)));
  std::locale::global(before);
  EXPECT_EQ(written, expected);
}

}  // namespace
}  // namespace posenet::human::coco
