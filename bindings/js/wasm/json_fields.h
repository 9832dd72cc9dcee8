// SPDX-License-Identifier: Apache-2.0
// Structures that cross between C++ and JavaScript as JSON objects. The fields of a structure are listed once, by a
// function ListFields(fields, structure) in this namespace that calls fields("name", structure.member) for each of
// them: a FieldReader and a FieldWriter then use the same names.
#ifndef POSENET_BINDINGS_JS_WASM_JSON_FIELDS_H_
#define POSENET_BINDINGS_JS_WASM_JSON_FIELDS_H_

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.h"
#include "names.h"

namespace posenet::wasm {

/// Sets fields from the members of a JSON object. A field without a member keeps its value.
class FieldReader {
 public:
  /// `object` must outlive the reader.
  explicit FieldReader(const nlohmann::json& object) : object_(object) {}

  void operator()(std::string_view name, int& field);
  void operator()(std::string_view name, std::uint64_t& field);
  void operator()(std::string_view name, float& field);
  void operator()(std::string_view name, double& field);

  template <typename Enum>
  requires std::is_enum_v<Enum>
  void operator()(std::string_view name, Enum& field) {
    if (const auto index = Choice(name, AllNames<Enum>())) field = static_cast<Enum>(*index);
  }

  template <typename Value>
  void operator()(std::string_view name, std::optional<Value>& field) {
    if (object_.contains(name)) field.emplace();
    if (field) {
      (*this)(name, *field);
    } else {
      Member(name);
    }
  }

  /// An enumeration of two values, which is a boolean in JavaScript.
  template <typename Enum>
  void Flag(std::string_view name, Enum& field, Enum if_false, Enum if_true) {
    if (const auto value = Boolean(name)) field = *value ? if_true : if_false;
  }
  template <typename Enum>
  void Flag(std::string_view name, std::optional<Enum>& field, Enum if_false, Enum if_true) {
    if (const auto value = Boolean(name)) field = *value ? if_true : if_false;
  }

  /// Call last. Errors: kInvalidArgument for the first member of another type than its field's, or without a field.
  Result<void> Finish();

 private:
  /// The member of that name, or null; notes that the structure has such a field.
  const nlohmann::json* Member(std::string_view name);
  std::optional<std::size_t> Choice(std::string_view name, const std::vector<std::string_view>& names);
  std::optional<bool> Boolean(std::string_view name);
  /// Keeps the first error: that member `name` is not what was expected.
  void Expected(std::string_view name, const nlohmann::json& value, std::string_view what);

  const nlohmann::json& object_;
  std::vector<std::string_view> fields_ = {};
  std::optional<Error> error_ = {};
};

/// The double that prints as briefly as `number` does: 0.3, not 0.30000001192092896.
double ShortestDouble(float number);

/// Makes a JSON object of fields; an empty optional becomes no member.
class FieldWriter {
 public:
  template <typename Value>
  void operator()(std::string_view name, const Value& field) {
    if constexpr (std::is_enum_v<Value>) {
      object_[std::string(name)] = NameOf(field);
    } else if constexpr (std::is_same_v<Value, float>) {
      object_[std::string(name)] = ShortestDouble(field);
    } else {
      object_[std::string(name)] = field;
    }
  }

  template <typename Value>
  void operator()(std::string_view name, const std::optional<Value>& field) {
    if (field) (*this)(name, *field);
  }

  template <typename Enum>
  void Flag(std::string_view name, const Enum& field, Enum /*if_false*/, Enum if_true) {
    object_[std::string(name)] = field == if_true;
  }

  [[nodiscard]] const nlohmann::json& object() const { return object_; }

 private:
  nlohmann::json object_ = nlohmann::json::object();
};

/// `json` as text. Bytes that are not UTF-8 are replaced.
std::string ToText(const nlohmann::json& json);

/// The JSON object in `size` bytes at `text`; no bytes at all are an empty object.
/// Errors: kInvalidArgument for anything else.
Result<nlohmann::json> ParseObject(const char* text, std::size_t size);

/// A structure from the `size` bytes of JSON at `text`; fields without a member have their values in `defaults`.
/// Errors: those of ParseObject and FieldReader::Finish.
template <typename Structure>
Result<Structure> ReadFields(const char* text, std::size_t size, Structure defaults = {}) {
  POSENET_ASSIGN_OR_RETURN(const nlohmann::json object, ParseObject(text, size));
  FieldReader fields(object);
  ListFields(fields, defaults);
  POSENET_RETURN_IF_ERROR(fields.Finish());
  return defaults;
}

/// A structure as the text of a JSON object.
template <typename Structure>
std::string WriteFields(Structure structure) {
  FieldWriter fields;
  ListFields(fields, structure);
  return ToText(fields.object());
}

}  // namespace posenet::wasm

#endif  // POSENET_BINDINGS_JS_WASM_JSON_FIELDS_H_
