// SPDX-License-Identifier: Apache-2.0
#include "human/json_node.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace posenet::human {
namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 32;  // The files of COCO have 4 levels.
// Above any coordinate, area or score.
constexpr double kMaxMagnitude = 1e12;

struct TooDeep {};

// Empty for the root.
std::string PathBelowRoot(const JsonNode& node) {
  if (node.parent == nullptr) return "";
  const std::string parent = PathBelowRoot(*node.parent);
  if (node.key.empty()) return base::StrCat(parent, "[", node.index, "]");
  return parent.empty() ? std::string(node.key) : base::StrCat(parent, ".", node.key);
}

// Uses std::to_chars, which is independent of the locale.
template <typename... Format>
void Append(std::string& json, float number, Format... format) {
  std::array<char, 64> digits;  // The largest float has 39 digits before the point.
  const float finite = std::isfinite(number) ? number : 0.0F;
  json.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), finite, format...).ptr);
}

}  // namespace

Result<Json> ParseJson(std::string_view text, std::span<const std::string_view> known_keys) {
  const auto keep_known = [&](int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth > kMaxDepth) throw TooDeep();
    if (event != Json::parse_event_t::key) return true;
    const auto& key = parsed.get_ref<const std::string&>();
    return std::find(known_keys.begin(), known_keys.end(), key) != known_keys.end();
  };
  try {
    return Json::parse(text, keep_known);
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

JsonNode Member(const JsonNode& object, std::string_view key) {
  const auto found = object.value->find(key);
  return {.value = found == object.value->end() ? nullptr : &*found, .parent = &object, .key = key};
}

JsonNode Element(const JsonNode& array, std::size_t index) {
  return {.value = &(*array.value)[index], .parent = &array, .index = index};
}

std::string PathOf(const JsonNode& node) { return node.parent == nullptr ? "the document" : PathBelowRoot(node); }

std::string Describe(const JsonNode& node) {
  if (node.value == nullptr) return "nothing";
  if (node.value->is_object()) return "an object";
  if (node.value->is_array()) return base::StrCat("an array of ", node.value->size());
  return base::Printable(node.value->dump(), 60);
}

Result<std::int64_t> ReadInteger(const JsonNode& node, std::int64_t min, std::int64_t max) {
  const bool is_integer = node.value != nullptr && node.value->is_number_integer();
  // The parser stores nonnegative integers as unsigned.
  const bool fits =
      is_integer && (!node.value->is_number_unsigned() || node.value->get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
  if (!fits) return Expected(node, "an integer");
  const auto integer = node.value->get<std::int64_t>();
  if (integer < min || integer > max) return Expected(node, "an integer from ", min, " to ", max);
  return integer;
}

Result<std::int64_t> ReadId(const JsonNode& node) {
  return ReadInteger(node, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

Result<double> ReadNumber(const JsonNode& node) {
  if (node.value == nullptr || !node.value->is_number()) return Expected(node, "a number");
  const auto number = node.value->get<double>();
  if (std::abs(number) > kMaxMagnitude) return Expected(node, "a number of at most ", kMaxMagnitude);
  return number;
}

Result<double> ReadNonNegative(const JsonNode& node) {
  POSENET_ASSIGN_OR_RETURN(const double number, ReadNumber(node));
  if (number < 0.0) return Expected(node, "a number of at least 0");
  return number;
}

Result<void> CheckObject(const JsonNode& node) {
  if (node.value == nullptr || !node.value->is_object()) return Expected(node, "an object");
  return {};
}

Result<void> CheckArray(const JsonNode& node) {
  if (node.value == nullptr || !node.value->is_array()) return Expected(node, "an array");
  return {};
}

Result<void> CheckArray(const JsonNode& node, std::size_t size) {
  if (node.value == nullptr || !node.value->is_array() || node.value->size() != size) {
    return Expected(node, "an array of ", size, " numbers");
  }
  return {};
}

void AppendFixed(std::string& json, float number, int decimals) {
  Append(json, number, std::chars_format::fixed, decimals);
}

void AppendNumber(std::string& json, float number) { Append(json, number); }

}  // namespace posenet::human
