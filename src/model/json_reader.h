// SPDX-License-Identifier: Apache-2.0
// Strict reading of JSON that strangers wrote. Private to rooms that link nlohmann-json.
#ifndef POSENET_MODEL_JSON_READER_H_
#define POSENET_MODEL_JSON_READER_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace posenet::model {

/// Parses one JSON document. Stricter than RFC 8259 where that leaves a choice: keys are unique, nesting is at most 32
/// deep, and there are at most 2^20 values, so that memory stays within some hundred bytes a value.
/// Errors: kCorruptData; kResourceExhausted for too many values.
Result<nlohmann::json> ParseStrictJson(std::string_view text);

/// A JSON value with its path from the document's root. Reading what is not there, or is of another type or range than
/// asked for, answers an empty value and notes the first such mismatch in an error that all nodes of a document share:
/// a reader takes what it expects and tests once at the end.
///
///   std::optional<Error> error;
///   const JsonNode root(document, error);
///   const std::string name = root.Member("name").String();
///   if (error) return tl::unexpected(*error);
class JsonNode {
 public:
  /// `value` and `error` outlive the node and all nodes got from it. Errors call the value `path`.
  JsonNode(const nlohmann::json& value, std::optional<Error>& error, std::string path = "")
      : value_(&value), error_(&error), path_(std::move(path)) {}

  /// A member of an object. A missing one is a mismatch.
  [[nodiscard]] JsonNode Member(std::string_view key) const;
  /// Whether it is an object with that member.
  [[nodiscard]] bool Has(std::string_view key) const { return value_->is_object() && value_->contains(key); }
  /// Demands an object with no other members than `keys`.
  void AllowOnly(std::initializer_list<std::string_view> keys) const;
  /// Calls `visit(key, node)` for the members of an object in the order of their keys, until the first mismatch.
  template <typename Visit>
  void ForEachMember(Visit&& visit) const;

  /// The length of an array; 0 with a mismatch if it is outside [min, max] or no array.
  [[nodiscard]] std::size_t ArraySize(std::size_t min, std::size_t max) const;
  /// Element of an array, `index` below its size.
  [[nodiscard]] JsonNode Element(std::size_t index) const;

  [[nodiscard]] bool IsString() const { return value_->is_string(); }
  [[nodiscard]] std::string String() const;
  /// An object as compact JSON text, for a reader that parses it by itself.
  [[nodiscard]] std::string ObjectText() const;
  /// A whole number, written without fraction or exponent, in [min, max].
  [[nodiscard]] std::int64_t Integer(std::int64_t min, std::int64_t max) const;
  [[nodiscard]] int Int(int min, int max) const { return static_cast<int>(Integer(min, max)); }
  /// A finite number.
  [[nodiscard]] double Double() const;
  /// A number that fits a float.
  [[nodiscard]] float Float() const;
  /// The value that a string stands for.
  template <typename T>
  [[nodiscard]] T Choice(std::span<const std::pair<std::string_view, T>> choices) const;

  /// Notes a mismatch: `what` was expected, but...
  void Expected(std::string_view what) const;
  /// Notes an error of another kind; the first of all notes is kept.
  void Note(ErrorCode code, std::string_view message) const;

 private:
  [[nodiscard]] JsonNode Child(const nlohmann::json& value, std::string_view key) const;

  const nlohmann::json* value_;
  std::optional<Error>* error_;
  std::string path_;
};

template <typename Visit>
void JsonNode::ForEachMember(Visit&& visit) const {
  const auto* members = value_->get_ptr<const nlohmann::json::object_t*>();
  if (members == nullptr) return Expected("an object");
  for (const auto& [key, value] : *members) {
    if (error_->has_value()) return;
    visit(key, Child(value, key));
  }
}

template <typename T>
T JsonNode::Choice(std::span<const std::pair<std::string_view, T>> choices) const {
  std::string names;
  for (const auto& [name, value] : choices) {
    if (value_->is_string() && value_->get_ref<const std::string&>() == name) return value;
    names += base::StrCat(names.empty() ? "one of \"" : ", \"", name, "\"");
  }
  Expected(names);
  return T{};
}

}  // namespace posenet::model

#endif  // POSENET_MODEL_JSON_READER_H_
