// SPDX-License-Identifier: Apache-2.0
// JSON files that are exchanged with other programs. Values are checked one by one as they are read, and an error names
// the value that is missing or invalid, such as "annotations[3].area".
#ifndef POSENET_HUMAN_JSON_NODE_H_
#define POSENET_HUMAN_JSON_NODE_H_

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/strings.h"
#include "posenet/result.h"

namespace posenet::human {

/// Parses `text`, keeping only the members of objects whose keys are in `known_keys`. Errors: kCorruptData for text
/// that is not JSON, nested more than 32 levels deep, or has a number out of the range of double.
Result<nlohmann::json> ParseJson(std::string_view text, std::span<const std::string_view> known_keys);

/// A value of a document and its location. Parents outlive their members and elements. The path is formatted for error
/// messages only, because an annotation file has millions of values.
struct JsonNode {
  const nlohmann::json* value = nullptr;  ///< Null: missing.
  const JsonNode* parent = nullptr;
  std::string_view key = {};  ///< Empty for an element of an array.
  std::size_t index = 0;
};

/// Precondition: `object` is an object.
JsonNode Member(const JsonNode& object, std::string_view key);
/// Precondition: `array` is an array of more than `index` elements.
JsonNode Element(const JsonNode& array, std::size_t index);

/// The location of `node` in its document, such as "annotations[3].area"; "the document" for its root.
std::string PathOf(const JsonNode& node);

/// What `node` is, for the end of an error message: "nothing", "an object", "an array of 3", or the value.
std::string Describe(const JsonNode& node);

/// The error that `node` is not `what`.
template <typename... Parts>
tl::unexpected<Error> Expected(const JsonNode& node, const Parts&... what) {
  return base::Fail(ErrorCode::kCorruptData, PathOf(node), ": expected ", what..., ", found ", Describe(node));
}

// Each returns the value of `node`, or an error that names it: kCorruptData.

Result<std::int64_t> ReadInteger(const JsonNode& node, std::int64_t min, std::int64_t max);
/// Any 64-bit integer.
Result<std::int64_t> ReadId(const JsonNode& node);
/// At most 1e12 in magnitude, so that its square does not overflow a float.
Result<double> ReadNumber(const JsonNode& node);
Result<double> ReadNonNegative(const JsonNode& node);
Result<void> CheckObject(const JsonNode& node);
Result<void> CheckArray(const JsonNode& node);
/// An array of `size` elements, which the caller checks to be numbers.
Result<void> CheckArray(const JsonNode& node, std::size_t size);

/// Appends `number` with `decimals` decimals, whatever the locale; 0 if it is not finite, which JSON does not have.
void AppendFixed(std::string& json, float number, int decimals);
/// The same with as many digits as identify the float.
void AppendNumber(std::string& json, float number);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_JSON_NODE_H_
