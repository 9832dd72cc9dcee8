// SPDX-License-Identifier: Apache-2.0
#include "model/json_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace posenet::model {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxValues = std::size_t{1} << 20;

// Builds the document event by event, and stops the parser at the first thing that a plain parse would let pass.
class StrictBuilder final : public nlohmann::json_sax<Json> {
 public:
  StrictBuilder() noexcept(false) = default;
  StrictBuilder(const StrictBuilder&) = delete;  // It points into itself.
  StrictBuilder& operator=(const StrictBuilder&) = delete;

  [[nodiscard]] Json TakeRoot() { return std::move(root_); }
  [[nodiscard]] const Error& error() const { return error_; }

  bool null() override { return Put(Json()) != nullptr; }
  bool boolean(bool value) override { return Put(Json(value)) != nullptr; }
  bool number_integer(number_integer_t value) override { return Put(Json(value)) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return Put(Json(value)) != nullptr; }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return Put(Json(value)) != nullptr; }
  bool string(string_t& value) override { return Put(Json(std::move(value))) != nullptr; }
  bool binary(binary_t& /*value*/) override { return Stop(ErrorCode::kCorruptData, "binary values are not JSON"); }

  bool start_object(std::size_t /*size*/) override { return Open(Json::object()); }
  bool start_array(std::size_t /*size*/) override { return Open(Json::array()); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(string_t& key) override {
    const auto [member, is_new] = open_.back()->get_ref<Json::object_t&>().emplace(key, Json());
    if (!is_new)
      return Stop(ErrorCode::kCorruptData, base::StrCat("the key \"", base::Printable(key), "\" appears twice"));
    member_ = &member->second;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*last_token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return Stop(ErrorCode::kCorruptData, base::StrCat("is not valid JSON at byte ", position));
  }

 private:
  // Stores `value` where the parser is. Null when there are too many.
  Json* Put(Json value) {
    if (++value_count_ > kMaxValues) {
      Stop(ErrorCode::kResourceExhausted, base::StrCat("has more than ", kMaxValues, " JSON values"));
      return nullptr;
    }
    Json* place = &root_;
    if (!open_.empty() && open_.back()->is_array()) {
      place = &open_.back()->get_ref<Json::array_t&>().emplace_back();
    } else if (!open_.empty()) {
      place = member_;
    }
    *place = std::move(value);
    return place;
  }

  bool Open(Json container) {
    if (open_.size() == kMaxDepth) {
      return Stop(ErrorCode::kCorruptData, base::StrCat("JSON is nested deeper than ", kMaxDepth));
    }
    Json* place = Put(std::move(container));
    if (place == nullptr) return false;
    open_.push_back(place);  // Stays where it is: its parent gets no other child before it is closed.
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  bool Stop(ErrorCode code, std::string message) {
    error_ = Error{code, std::move(message)};
    return false;
  }

  Json root_;
  std::vector<Json*> open_;
  Json* member_ = nullptr;
  std::size_t value_count_ = 0;
  Error error_;
};

// Never referred to by a document: what mismatches answer.
const Json& NullJson() {
  static const Json null;
  return null;
}

}  // namespace

Result<Json> ParseStrictJson(std::string_view text) {
  // The parser takes a zero byte for the end, and skips a byte order mark.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    return base::Fail(ErrorCode::kCorruptData, "is not valid JSON at byte ", zero + 1);
  }
  if (text.starts_with("\xEF\xBB\xBF"))
    return base::Fail(ErrorCode::kCorruptData, "JSON starts with a byte order mark");
  StrictBuilder builder;
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) return tl::unexpected(builder.error());
  return builder.TakeRoot();
}

JsonNode JsonNode::Child(const Json& value, std::string_view key) const {
  return {value, *error_, base::StrCat(path_, path_.empty() ? "" : ".", base::Printable(key))};
}

JsonNode JsonNode::Member(std::string_view key) const {
  const auto* members = value_->get_ptr<const Json::object_t*>();
  if (members == nullptr) {
    Expected("an object");
    return Child(NullJson(), key);
  }
  const auto member = members->find(key);
  if (member != members->end()) return Child(member->second, key);
  JsonNode missing = Child(NullJson(), key);
  missing.Note(ErrorCode::kCorruptData, "is missing");
  return missing;
}

void JsonNode::AllowOnly(std::initializer_list<std::string_view> keys) const {
  ForEachMember([&](const std::string& key, const JsonNode& node) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      node.Note(ErrorCode::kUnsupported, "is a key that is not known here");
    }
  });
}

std::size_t JsonNode::ArraySize(std::size_t min, std::size_t max) const {
  if (value_->is_array() && value_->size() >= min && value_->size() <= max) return value_->size();
  Expected(min == max ? base::StrCat("an array of ", min) : base::StrCat("an array of ", min, " to ", max));
  return 0;
}

JsonNode JsonNode::Element(std::size_t index) const {
  const auto* elements = value_->get_ptr<const Json::array_t*>();
  const bool exists = elements != nullptr && index < elements->size();
  return {exists ? (*elements)[index] : NullJson(), *error_, base::StrCat(path_, "[", index, "]")};
}

std::string JsonNode::String() const {
  if (value_->is_string()) return value_->get_ref<const std::string&>();
  Expected("a string");
  return {};
}

std::string JsonNode::ObjectText() const {
  if (value_->is_object()) return value_->dump(-1, ' ', false, Json::error_handler_t::replace);
  Expected("an object");
  return {};
}

std::int64_t JsonNode::Integer(std::int64_t min, std::int64_t max) const {
  // Numbers above the range of int64_t would wrap when read as such.
  const bool wraps = value_->is_number_unsigned() && value_->get<std::uint64_t>() > std::uint64_t{INT64_MAX};
  if (value_->is_number_integer() && !wraps) {
    const auto number = value_->get<std::int64_t>();
    if (number >= min && number <= max) return number;
  }
  Expected(base::StrCat("a whole number from ", min, " to ", max));
  return min;
}

double JsonNode::Double() const {
  if (value_->is_number() && std::isfinite(value_->get<double>())) return value_->get<double>();
  Expected("a finite number");
  return 0.0;
}

float JsonNode::Float() const {
  if (value_->is_number()) {
    const auto number = value_->get<double>();
    if (std::abs(number) <= double{std::numeric_limits<float>::max()}) return static_cast<float>(number);
  }
  Expected("a number that fits a float");
  return 0.0F;
}

void JsonNode::Expected(std::string_view what) const {
  std::string got;
  if (value_->is_object() || value_->is_array()) {
    got = base::StrCat("an ", value_->type_name(), " of ", value_->size());
  } else {
    got = base::Printable(value_->dump(-1, ' ', false, Json::error_handler_t::replace), 80);
  }
  Note(ErrorCode::kCorruptData, base::StrCat("expected ", what, ", got ", got));
}

void JsonNode::Note(ErrorCode code, std::string_view message) const {
  if (error_->has_value()) return;
  *error_ = Error{code, base::StrCat(path_.empty() ? "the document" : path_, ": ", message)};
}

}  // namespace posenet::model
