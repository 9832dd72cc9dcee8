// SPDX-License-Identifier: Apache-2.0
#include "json_fields.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "base/strings.h"
#include "model/json_reader.h"

namespace posenet::wasm {
namespace {

// The largest integer up to which JavaScript's numbers have all of them.
constexpr std::uint64_t kMaxSafeInteger = (std::uint64_t{1} << 53) - 1;

std::string Joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

}  // namespace

const nlohmann::json* FieldReader::Member(std::string_view name) {
  fields_.push_back(name);
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : &*found;
}

void FieldReader::Expected(std::string_view name, const nlohmann::json& value, std::string_view what) {
  if (error_) return;
  error_ = Error{ErrorCode::kInvalidArgument,
                 base::StrCat(name, " is ", base::Printable(ToText(value)), "; expected ", what)};
}

void FieldReader::operator()(std::string_view name, int& field) {
  const nlohmann::json* value = Member(name);
  if (value == nullptr) return;
  const auto* integer = value->get_ptr<const nlohmann::json::number_integer_t*>();
  if (integer == nullptr || *integer < std::numeric_limits<int>::min() || *integer > std::numeric_limits<int>::max()) {
    return Expected(name, *value, "an integer");
  }
  field = static_cast<int>(*integer);
}

void FieldReader::operator()(std::string_view name, std::uint64_t& field) {
  const nlohmann::json* value = Member(name);
  if (value == nullptr) return;
  const auto* integer = value->get_ptr<const nlohmann::json::number_unsigned_t*>();
  if (integer == nullptr || *integer > kMaxSafeInteger) return Expected(name, *value, "an integer from 0 to 2^53 - 1");
  field = *integer;
}

void FieldReader::operator()(std::string_view name, float& field) {
  double number = static_cast<double>(field);
  (*this)(name, number);
  // Larger than any valid option; converting such a number would be undefined.
  constexpr double kMax = std::numeric_limits<float>::max();
  field = static_cast<float>(std::clamp(number, -kMax, kMax));
}

void FieldReader::operator()(std::string_view name, double& field) {
  const nlohmann::json* value = Member(name);
  if (value == nullptr) return;
  if (!value->is_number()) return Expected(name, *value, "a number");
  field = value->get<double>();
}

std::optional<std::size_t> FieldReader::Choice(std::string_view name, const std::vector<std::string_view>& names) {
  const nlohmann::json* value = Member(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* text = value->get_ptr<const std::string*>()) {
    const auto found = std::find(names.begin(), names.end(), *text);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  }
  Expected(name, *value, base::StrCat("one of ", Joined(names)));
  return std::nullopt;
}

std::optional<bool> FieldReader::Boolean(std::string_view name) {
  const nlohmann::json* value = Member(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  Expected(name, *value, "true or false");
  return std::nullopt;
}

Result<void> FieldReader::Finish() {
  if (error_) return tl::unexpected<Error>(*std::move(error_));
  for (const auto& [name, value] : object_.items()) {
    if (std::find(fields_.begin(), fields_.end(), name) == fields_.end()) {
      return base::Fail(ErrorCode::kInvalidArgument, "unknown option ", base::Printable(name), "; expected one of ",
                        Joined(fields_));
    }
  }
  return {};
}

double ShortestDouble(float number) {
  return std::strtod(base::NumberText(static_cast<double>(number)).c_str(), nullptr);
}

std::string ToText(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<nlohmann::json> ParseObject(const char* text, std::size_t size) {
  if (size == 0) return nlohmann::json::object();
  Result<nlohmann::json> object = model::ParseStrictJson({text, size});
  if (!object || !object->is_object())
    return base::Fail(ErrorCode::kInvalidArgument, "the options are not a JSON object");
  return object;
}

}  // namespace posenet::wasm
