// SPDX-License-Identifier: Apache-2.0
#include "human/coco.h"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/strings.h"
#include "human/json_node.h"

namespace posenet::human::coco {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMaxImageSidePx = 1'000'000;

// The members that are read from either kind of file. Others, most of all segmentations, are discarded while parsing.
constexpr std::array<std::string_view, 16> kKnownKeys = {
    "annotations", "area",   "bbox",    "categories", "category_id", "file_name",     "height", "id",
    "image_id",    "images", "iscrowd", "keypoints",  "name",        "num_keypoints", "score",  "width"};

// The meaning of the third number of each keypoint, its flag, differs between annotations and results.
struct Keypoints {
  std::array<Point, kPartCount> positions_px = {};
  std::array<double, kPartCount> flags = {};
};

Result<Keypoints> ReadKeypoints(const JsonNode& node) {
  POSENET_RETURN_IF_ERROR(CheckArray(node, std::size_t{3} * kPartCount));
  Keypoints keypoints;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    POSENET_ASSIGN_OR_RETURN(const double x, ReadNumber(Element(node, 3 * i)));
    POSENET_ASSIGN_OR_RETURN(const double y, ReadNumber(Element(node, 3 * i + 1)));
    POSENET_ASSIGN_OR_RETURN(keypoints.flags[i], ReadNumber(Element(node, 3 * i + 2)));
    keypoints.positions_px[i] = {.x = static_cast<float>(x), .y = static_cast<float>(y)};
  }
  return keypoints;
}

Result<void> SetKeypoints(const JsonNode& node, Person& person) {
  POSENET_ASSIGN_OR_RETURN(const Keypoints keypoints, ReadKeypoints(node));
  person.keypoints_px = keypoints.positions_px;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const double flag = keypoints.flags[i];
    if (flag != 0.0 && flag != 1.0 && flag != 2.0) {
      return Expected(Element(node, 3 * i + 2), "0 (not labeled), 1 (occluded) or 2 (visible)");
    }
    person.visibility[i] = static_cast<int>(flag);
  }
  return {};
}

Result<Person> ReadPerson(const JsonNode& node) {
  Person person;
  POSENET_ASSIGN_OR_RETURN(person.id, ReadId(Member(node, "id")));
  POSENET_ASSIGN_OR_RETURN(person.image_id, ReadId(Member(node, "image_id")));
  POSENET_RETURN_IF_ERROR(SetKeypoints(Member(node, "keypoints"), person));
  POSENET_ASSIGN_OR_RETURN(const auto keypoint_count, ReadInteger(Member(node, "num_keypoints"), 0, kPartCount));
  person.keypoint_count = static_cast<int>(keypoint_count);
  POSENET_ASSIGN_OR_RETURN(person.area_px2, ReadNonNegative(Member(node, "area")));
  const JsonNode bbox = Member(node, "bbox");
  POSENET_RETURN_IF_ERROR(CheckArray(bbox, person.bbox_xywh_px.size()));
  for (std::size_t i = 0; i < person.bbox_xywh_px.size(); ++i) {
    POSENET_ASSIGN_OR_RETURN(person.bbox_xywh_px[i], ReadNumber(Element(bbox, i)));
  }
  POSENET_ASSIGN_OR_RETURN(const auto is_crowd, ReadInteger(Member(node, "iscrowd"), 0, 1));
  person.is_crowd = is_crowd == 1;
  return person;
}

Result<ImageEntry> ReadImage(const JsonNode& node) {
  POSENET_RETURN_IF_ERROR(CheckObject(node));
  ImageEntry image;
  POSENET_ASSIGN_OR_RETURN(image.id, ReadId(Member(node, "id")));
  const JsonNode file_name = Member(node, "file_name");
  if (file_name.value == nullptr || !file_name.value->is_string()) return Expected(file_name, "a string");
  image.file_name = file_name.value->get<std::string>();
  POSENET_ASSIGN_OR_RETURN(const auto width_px, ReadInteger(Member(node, "width"), 1, kMaxImageSidePx));
  POSENET_ASSIGN_OR_RETURN(const auto height_px, ReadInteger(Member(node, "height"), 1, kMaxImageSidePx));
  image.width_px = static_cast<int>(width_px);
  image.height_px = static_cast<int>(height_px);
  return image;
}

// The category named "person", or else the one with COCO's ID for it, or else the only one.
Result<std::int64_t> FindPersonCategory(const JsonNode& categories) {
  POSENET_RETURN_IF_ERROR(CheckArray(categories));
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < categories.value->size(); ++i) {
    const JsonNode category = Element(categories, i);
    POSENET_RETURN_IF_ERROR(CheckObject(category));
    POSENET_ASSIGN_OR_RETURN(const std::int64_t id, ReadId(Member(category, "id")));
    const JsonNode name = Member(category, "name");
    if (name.value != nullptr && *name.value == "person") return id;
    ids.push_back(id);
  }
  if (std::find(ids.begin(), ids.end(), kPersonCategoryId) != ids.end()) return kPersonCategoryId;
  if (ids.size() == 1) return ids.front();
  return Expected(categories, "a category named \"person\"");
}

using IdSet = std::unordered_set<std::int64_t>;

Result<std::vector<ImageEntry>> ReadImages(const JsonNode& node) {
  POSENET_RETURN_IF_ERROR(CheckArray(node));
  std::vector<ImageEntry> images;
  IdSet ids;
  for (std::size_t i = 0; i < node.value->size(); ++i) {
    const JsonNode entry = Element(node, i);
    POSENET_ASSIGN_OR_RETURN(ImageEntry image, ReadImage(entry));
    if (!ids.insert(image.id).second) return Expected(Member(entry, "id"), "an ID that no earlier image has");
    images.push_back(std::move(image));
  }
  return images;
}

Result<std::vector<Person>> ReadPersons(const JsonNode& node, std::int64_t category_id,
                                        const std::vector<ImageEntry>& images) {
  POSENET_RETURN_IF_ERROR(CheckArray(node));
  IdSet image_ids;
  for (const ImageEntry& image : images) image_ids.insert(image.id);
  std::vector<Person> persons;
  IdSet ids;
  for (std::size_t i = 0; i < node.value->size(); ++i) {
    const JsonNode entry = Element(node, i);
    POSENET_RETURN_IF_ERROR(CheckObject(entry));
    POSENET_ASSIGN_OR_RETURN(const std::int64_t entry_category_id, ReadId(Member(entry, "category_id")));
    if (entry_category_id != category_id) continue;
    POSENET_ASSIGN_OR_RETURN(const Person person, ReadPerson(entry));
    if (!ids.insert(person.id).second) return Expected(Member(entry, "id"), "an ID that no earlier annotation has");
    if (!image_ids.contains(person.image_id)) return Expected(Member(entry, "image_id"), "the ID of one of the images");
    persons.push_back(person);
  }
  return persons;
}

Result<Annotations> ReadImageList(const JsonNode& root) {
  POSENET_RETURN_IF_ERROR(CheckObject(root));
  Annotations annotations;
  POSENET_ASSIGN_OR_RETURN(annotations.images, ReadImages(Member(root, "images")));
  POSENET_ASSIGN_OR_RETURN(annotations.category_id, FindPersonCategory(Member(root, "categories")));
  return annotations;
}

Result<Annotations> ReadAnnotations(const JsonNode& root) {
  POSENET_ASSIGN_OR_RETURN(Annotations annotations, ReadImageList(root));
  POSENET_ASSIGN_OR_RETURN(annotations.persons,
                           ReadPersons(Member(root, "annotations"), annotations.category_id, annotations.images));
  return annotations;
}

Result<std::vector<Detection>> ReadDetections(const JsonNode& root) {
  POSENET_RETURN_IF_ERROR(CheckArray(root));
  std::vector<Detection> detections;
  for (std::size_t i = 0; i < root.value->size(); ++i) {
    const JsonNode entry = Element(root, i);
    POSENET_RETURN_IF_ERROR(CheckObject(entry));
    Detection detection;
    POSENET_ASSIGN_OR_RETURN(detection.image_id, ReadId(Member(entry, "image_id")));
    POSENET_ASSIGN_OR_RETURN(detection.category_id, ReadId(Member(entry, "category_id")));
    POSENET_ASSIGN_OR_RETURN(const Keypoints keypoints, ReadKeypoints(Member(entry, "keypoints")));
    detection.keypoints_px = keypoints.positions_px;
    POSENET_ASSIGN_OR_RETURN(detection.score, ReadNumber(Member(entry, "score")));
    detections.push_back(detection);
  }
  return detections;
}

// Counts the detections for which `is_wrong`. Returns the error that starts with their number and ends with the first
// of them, if there is one.
template <typename IsWrong>
Result<void> CheckNone(std::span<const Detection> detections, const IsWrong& is_wrong, std::string_view what,
                       std::string_view key, std::int64_t Detection::*value) {
  const auto first = std::find_if(detections.begin(), detections.end(), is_wrong);
  if (first == detections.end()) return {};
  return base::Fail(ErrorCode::kInvalidArgument, std::count_if(first, detections.end(), is_wrong), " of ",
                    detections.size(), " detections ", what, "; the first is [", first - detections.begin(), "], with ",
                    key, " ", (*first).*value);
}

// Parses `json` and reads it with `read`; errors start with `name`.
template <typename T>
Result<T> Parse(std::string_view json, std::string_view name, Result<T> (*read)(const JsonNode&)) {
  const Result<Json> document = ParseJson(json, kKnownKeys);
  if (!document) return base::FailIn(document.error(), base::Printable(name));
  Result<T> value = read({.value = &*document});
  if (!value) return base::FailIn(value.error(), base::Printable(name));
  return value;
}

}  // namespace

Result<Annotations> ParseAnnotations(std::string_view json, std::string_view name) {
  return Parse(json, name, &ReadAnnotations);
}

Result<Annotations> ParseImageList(std::string_view json, std::string_view name) {
  return Parse(json, name, &ReadImageList);
}

Result<std::vector<Detection>> ParseDetections(std::string_view json, std::string_view name) {
  return Parse(json, name, &ReadDetections);
}

Result<void> CheckDetections(std::span<const Detection> detections, const Annotations& annotations) {
  IdSet image_ids;
  for (const ImageEntry& image : annotations.images) image_ids.insert(image.id);
  POSENET_RETURN_IF_ERROR(CheckNone(
      detections, [&](const Detection& detection) { return detection.category_id != annotations.category_id; },
      base::StrCat("are not of category ", annotations.category_id, ", the persons of the annotations"), "category_id",
      &Detection::category_id));
  return CheckNone(
      detections, [&](const Detection& detection) { return !image_ids.contains(detection.image_id); },
      base::StrCat("are on none of the ", annotations.images.size(), " annotated images"), "image_id",
      &Detection::image_id);
}

Detection ToDetection(std::int64_t image_id, std::int64_t category_id, const Pose& pose) {
  Detection detection = {
      .image_id = image_id, .category_id = category_id, .keypoints_px = {}, .score = double{pose.score}};
  std::transform(pose.keypoints.begin(), pose.keypoints.end(), detection.keypoints_px.begin(),
                 [](const Keypoint& keypoint) { return keypoint.position_px; });
  return detection;
}

std::string DetectionToJson(const Detection& detection) {
  constexpr int kDecimals = 2;
  std::string json = base::StrCat(R"({"image_id":)", detection.image_id, R"(,"category_id":)", detection.category_id,
                                  R"(,"keypoints":[)");
  for (const Point& position_px : detection.keypoints_px) {
    if (json.back() != '[') json += ',';
    AppendFixed(json, position_px.x, kDecimals);
    json += ',';
    AppendFixed(json, position_px.y, kDecimals);
    json += ",1";
  }
  json += R"(],"score":)";
  AppendNumber(json, static_cast<float>(detection.score));
  json += '}';
  return json;
}

}  // namespace posenet::human::coco
