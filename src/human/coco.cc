// SPDX-License-Identifier: Apache-2.0
#include "human/coco.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/strings.h"

namespace posenet::human::coco {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kPersonCategoryId = 1;
constexpr int kMaxDepth = 32;  // The files of COCO have 4 levels.
constexpr std::int64_t kMaxImageSidePx = 1'000'000;
// Above any coordinate, area or score; its square does not overflow.
constexpr double kMaxMagnitude = 1e12;

// The members that are read from either kind of file. Others, most of all segmentations, are discarded while parsing.
constexpr std::array<std::string_view, 16> kKnownKeys = {
    "annotations", "area",   "bbox",    "categories", "category_id", "file_name",     "height", "id",
    "image_id",    "images", "iscrowd", "keypoints",  "name",        "num_keypoints", "score",  "width"};

struct TooDeep {};

// Callback of the parser: whether to keep `parsed`.
bool KeepKnown(int depth, Json::parse_event_t event, const Json& parsed) {
  if (depth > kMaxDepth) throw TooDeep();
  if (event != Json::parse_event_t::key) return true;
  const auto& key = parsed.get_ref<const std::string&>();
  return std::find(kKnownKeys.begin(), kKnownKeys.end(), key) != kKnownKeys.end();
}

Result<Json> ParseJson(std::string_view text) {
  try {
    return Json::parse(text, KeepKnown);
  } catch (const TooDeep&) {
    return base::Fail(ErrorCode::kCorruptData, "nested more than ", kMaxDepth, " levels deep");
  } catch (const Json::parse_error& error) {
    if (text.empty()) return base::Fail(ErrorCode::kCorruptData, "is empty");
    return base::Fail(ErrorCode::kCorruptData, "not JSON at byte ", error.byte, " of ", text.size(),
                      "; expected one JSON document, without NaN and Infinity");
  } catch (const Json::exception&) {
    return base::Fail(ErrorCode::kCorruptData, "contains a number that is out of the range of double");
  }
}

// A value of the document and its location. Parents outlive their members and elements. The path is formatted for error
// messages only, because an annotation file has millions of values.
struct Node {
  const Json* value = nullptr;  // Null: missing.
  const Node* parent = nullptr;
  std::string_view key = {};  // Empty for an element of an array.
  std::size_t index = 0;
};

Node Member(const Node& object, std::string_view key) {
  const auto found = object.value->find(key);
  return {.value = found == object.value->end() ? nullptr : &*found, .parent = &object, .key = key};
}

Node Element(const Node& array, std::size_t index) {
  return {.value = &(*array.value)[index], .parent = &array, .index = index};
}

std::string PathOf(const Node& node) {
  if (node.parent == nullptr) return "";
  const std::string parent = PathOf(*node.parent);
  if (node.key.empty()) return base::StrCat(parent, "[", node.index, "]");
  return parent.empty() ? std::string(node.key) : base::StrCat(parent, ".", node.key);
}

std::string Describe(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return base::StrCat("an array of ", value.size());
  return base::Printable(value.dump(), 60);
}

template <typename... Parts>
tl::unexpected<Error> Expected(const Node& node, const Parts&... what) {
  const std::string path = PathOf(node);
  return base::Fail(ErrorCode::kCorruptData, path.empty() ? "the document" : path, ": expected ", what..., ", found ",
                    node.value == nullptr ? "nothing" : Describe(*node.value));
}

Result<std::int64_t> ReadInteger(const Node& node, std::int64_t min, std::int64_t max) {
  const bool is_integer = node.value != nullptr && node.value->is_number_integer();
  // The parser stores nonnegative integers as unsigned.
  const bool fits =
      is_integer && (!node.value->is_number_unsigned() || node.value->get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
  if (!fits) return Expected(node, "an integer");
  const auto integer = node.value->get<std::int64_t>();
  if (integer < min || integer > max) return Expected(node, "an integer from ", min, " to ", max);
  return integer;
}

Result<std::int64_t> ReadId(const Node& node) {
  return ReadInteger(node, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

Result<double> ReadNumber(const Node& node) {
  if (node.value == nullptr || !node.value->is_number()) return Expected(node, "a number");
  const auto number = node.value->get<double>();
  if (std::abs(number) > kMaxMagnitude) return Expected(node, "a number of at most ", kMaxMagnitude);
  return number;
}

Result<double> ReadNonNegative(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(const double number, ReadNumber(node));
  if (number < 0.0) return Expected(node, "a number of at least 0");
  return number;
}

Result<void> CheckObject(const Node& node) {
  if (node.value == nullptr || !node.value->is_object()) return Expected(node, "an object");
  return {};
}

Result<void> CheckArray(const Node& node) {
  if (node.value == nullptr || !node.value->is_array()) return Expected(node, "an array");
  return {};
}

Result<void> CheckArray(const Node& node, std::size_t size) {
  if (node.value == nullptr || !node.value->is_array() || node.value->size() != size) {
    return Expected(node, "an array of ", size, " numbers");
  }
  return {};
}

// The meaning of the third number of each keypoint, its flag, differs between annotations and results.
struct Keypoints {
  std::array<Point, kPartCount> positions_px = {};
  std::array<double, kPartCount> flags = {};
};

Result<Keypoints> ReadKeypoints(const Node& node) {
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

Result<void> SetKeypoints(const Node& node, Person& person) {
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

Result<Person> ReadPerson(const Node& node) {
  Person person;
  POSENET_ASSIGN_OR_RETURN(person.id, ReadId(Member(node, "id")));
  POSENET_ASSIGN_OR_RETURN(person.image_id, ReadId(Member(node, "image_id")));
  POSENET_RETURN_IF_ERROR(SetKeypoints(Member(node, "keypoints"), person));
  POSENET_ASSIGN_OR_RETURN(const auto keypoint_count, ReadInteger(Member(node, "num_keypoints"), 0, kPartCount));
  person.keypoint_count = static_cast<int>(keypoint_count);
  POSENET_ASSIGN_OR_RETURN(person.area_px2, ReadNonNegative(Member(node, "area")));
  const Node bbox = Member(node, "bbox");
  POSENET_RETURN_IF_ERROR(CheckArray(bbox, person.bbox_xywh_px.size()));
  for (std::size_t i = 0; i < person.bbox_xywh_px.size(); ++i) {
    POSENET_ASSIGN_OR_RETURN(person.bbox_xywh_px[i], ReadNumber(Element(bbox, i)));
  }
  POSENET_ASSIGN_OR_RETURN(const auto is_crowd, ReadInteger(Member(node, "iscrowd"), 0, 1));
  person.is_crowd = is_crowd == 1;
  return person;
}

Result<ImageEntry> ReadImage(const Node& node) {
  POSENET_RETURN_IF_ERROR(CheckObject(node));
  ImageEntry image;
  POSENET_ASSIGN_OR_RETURN(image.id, ReadId(Member(node, "id")));
  const Node file_name = Member(node, "file_name");
  if (file_name.value == nullptr || !file_name.value->is_string()) return Expected(file_name, "a string");
  image.file_name = file_name.value->get<std::string>();
  POSENET_ASSIGN_OR_RETURN(const auto width_px, ReadInteger(Member(node, "width"), 1, kMaxImageSidePx));
  POSENET_ASSIGN_OR_RETURN(const auto height_px, ReadInteger(Member(node, "height"), 1, kMaxImageSidePx));
  image.width_px = static_cast<int>(width_px);
  image.height_px = static_cast<int>(height_px);
  return image;
}

// The category named "person", or else the one with COCO's ID for it, or else the only one.
Result<std::int64_t> FindPersonCategory(const Node& categories) {
  POSENET_RETURN_IF_ERROR(CheckArray(categories));
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < categories.value->size(); ++i) {
    const Node category = Element(categories, i);
    POSENET_RETURN_IF_ERROR(CheckObject(category));
    POSENET_ASSIGN_OR_RETURN(const std::int64_t id, ReadId(Member(category, "id")));
    const Node name = Member(category, "name");
    if (name.value != nullptr && *name.value == "person") return id;
    ids.push_back(id);
  }
  if (std::find(ids.begin(), ids.end(), kPersonCategoryId) != ids.end()) return kPersonCategoryId;
  if (ids.size() == 1) return ids.front();
  return Expected(categories, "a category named \"person\"");
}

using IdSet = std::unordered_set<std::int64_t>;

Result<std::vector<ImageEntry>> ReadImages(const Node& node) {
  POSENET_RETURN_IF_ERROR(CheckArray(node));
  std::vector<ImageEntry> images;
  IdSet ids;
  for (std::size_t i = 0; i < node.value->size(); ++i) {
    const Node entry = Element(node, i);
    POSENET_ASSIGN_OR_RETURN(ImageEntry image, ReadImage(entry));
    if (!ids.insert(image.id).second) return Expected(Member(entry, "id"), "an ID that no earlier image has");
    images.push_back(std::move(image));
  }
  return images;
}

Result<std::vector<Person>> ReadPersons(const Node& node, std::int64_t category_id,
                                        const std::vector<ImageEntry>& images) {
  POSENET_RETURN_IF_ERROR(CheckArray(node));
  IdSet image_ids;
  for (const ImageEntry& image : images) image_ids.insert(image.id);
  std::vector<Person> persons;
  IdSet ids;
  for (std::size_t i = 0; i < node.value->size(); ++i) {
    const Node entry = Element(node, i);
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

Result<Annotations> ReadAnnotations(const Json& document) {
  const Node root = {.value = &document};
  POSENET_RETURN_IF_ERROR(CheckObject(root));
  Annotations annotations;
  POSENET_ASSIGN_OR_RETURN(annotations.images, ReadImages(Member(root, "images")));
  POSENET_ASSIGN_OR_RETURN(const std::int64_t category_id, FindPersonCategory(Member(root, "categories")));
  POSENET_ASSIGN_OR_RETURN(annotations.persons,
                           ReadPersons(Member(root, "annotations"), category_id, annotations.images));
  return annotations;
}

Result<std::vector<Detection>> ReadDetections(const Json& document) {
  const Node root = {.value = &document};
  POSENET_RETURN_IF_ERROR(CheckArray(root));
  std::vector<Detection> detections;
  for (std::size_t i = 0; i < document.size(); ++i) {
    const Node entry = Element(root, i);
    POSENET_RETURN_IF_ERROR(CheckObject(entry));
    Detection detection;
    POSENET_ASSIGN_OR_RETURN(detection.image_id, ReadId(Member(entry, "image_id")));
    const Node category = Member(entry, "category_id");
    POSENET_ASSIGN_OR_RETURN(const std::int64_t category_id, ReadId(category));
    if (category_id != kPersonCategoryId) return Expected(category, kPersonCategoryId, " (person)");
    POSENET_ASSIGN_OR_RETURN(const Keypoints keypoints, ReadKeypoints(Member(entry, "keypoints")));
    detection.keypoints_px = keypoints.positions_px;
    POSENET_ASSIGN_OR_RETURN(detection.score, ReadNumber(Member(entry, "score")));
    detections.push_back(detection);
  }
  return detections;
}

// Uses std::to_chars, which is independent of the locale. JSON has no non-finite numbers.
template <typename... Format>
void AppendNumber(std::string& out, float number, Format... format) {
  std::array<char, 64> digits;  // The largest float has 39 digits before the point.
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), std::isfinite(number) ? number : 0.0F, format...).ptr;
  out.append(digits.data(), end);
}

}  // namespace

Result<Annotations> ParseAnnotations(std::string_view json, std::string_view name) {
  const Result<Json> document = ParseJson(json);
  if (!document) return base::FailIn(document.error(), base::Printable(name));
  Result<Annotations> annotations = ReadAnnotations(*document);
  if (!annotations) return base::FailIn(annotations.error(), base::Printable(name));
  return annotations;
}

Result<std::vector<Detection>> ParseDetections(std::string_view json, std::string_view name) {
  const Result<Json> document = ParseJson(json);
  if (!document) return base::FailIn(document.error(), base::Printable(name));
  Result<std::vector<Detection>> detections = ReadDetections(*document);
  if (!detections) return base::FailIn(detections.error(), base::Printable(name));
  return detections;
}

std::string DetectionToJson(std::int64_t image_id, const Pose& pose) {
  std::string json = R"({"image_id":)" + std::to_string(image_id) + R"(,"category_id":)" +
                     std::to_string(kPersonCategoryId) + R"(,"keypoints":[)";
  for (const Keypoint& keypoint : pose.keypoints) {
    if (json.back() != '[') json += ',';
    AppendNumber(json, keypoint.position_px.x, std::chars_format::fixed, 2);
    json += ',';
    AppendNumber(json, keypoint.position_px.y, std::chars_format::fixed, 2);
    json += ",1";
  }
  json += R"(],"score":)";
  AppendNumber(json, pose.score);
  json += '}';
  return json;
}

}  // namespace posenet::human::coco
