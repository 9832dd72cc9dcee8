// SPDX-License-Identifier: Apache-2.0
#include "import/tfjs_attributes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"

namespace posenet::importer {
namespace {

using nlohmann::json;

// Larger than any sensible kernel, stride, dilation or padding; prevents overflow of sums and products.
constexpr int kMaxWindowNumber = 1 << 12;

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

// Both alphabets of RFC 4648; padding may be missing.
std::optional<std::string> DecodeBase64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string decoded;
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const char c : text) {
    const int digit = Base64Digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xFFFFU;
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    decoded += static_cast<char>(bits >> bit_count & 0xFFU);
  }
  return decoded;
}

std::optional<std::string> AsString(const json& value) {
  if (!value.is_string()) return std::nullopt;
  return DecodeBase64(value.get_ref<const std::string&>());
}

// Protocol buffers write 64-bit integers as strings.
std::optional<std::int64_t> AsInteger(const json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

tl::unexpected<Error> Malformed(std::string_view name) {
  return base::Fail(ErrorCode::kCorruptData, "attribute ", name, " is malformed");
}

struct Pair {
  int height;
  int width;
};

// Rows and columns of a list [batch, rows, columns, channels]. One converter writes a dilation of 2x2 as
// [2, 2, 1, 1]; TensorFlow.js reads the two in the middle only, 2x1, and so do we, to have the same outputs
// (model/dilation_repair.h repairs such networks on request).
Result<Pair> RowsAndColumns(std::string_view name, const std::vector<int>& list) {
  if (list.size() != 4) return Malformed(name);
  const Pair pair{list[1], list[2]};
  const bool in_range = std::min(pair.height, pair.width) >= 1 && std::max(pair.height, pair.width) <= kMaxWindowNumber;
  const bool batch_is_one = list[0] == 1 || (name == "dilations" && list[0] == pair.height);
  if (!in_range || !batch_is_one || list[3] != 1) {
    return base::Fail(ErrorCode::kUnsupported, "attribute ", name, " is [", list[0], ", ", list[1], ", ", list[2], ", ",
                      list[3], "], expected [1, rows, columns, 1]");
  }
  return pair;
}

// [0, 0, top, bottom, left, right, 0, 0]
Result<nn::Padding> ExplicitPadding(const std::vector<int>& list) {
  if (list.size() != 8) return Malformed("explicit_paddings");
  const bool in_range = std::all_of(list.begin(), list.end(), [](int n) { return n >= 0 && n <= kMaxWindowNumber; });
  if (!in_range || list[0] != 0 || list[1] != 0 || list[6] != 0 || list[7] != 0) {
    return base::Fail(ErrorCode::kUnsupported,
                      "explicit_paddings pad other axes than rows and columns, or by too much");
  }
  return nn::Padding{nn::PaddingMode::kExplicit, list[2], list[3], list[4], list[5]};
}

}  // namespace

TfjsAttributes::TfjsAttributes(const json& node) : attributes_(nullptr) {
  const auto attributes = node.find("attr");
  if (attributes != node.end() && attributes->is_object()) attributes_ = &*attributes;
}

const json* TfjsAttributes::Find(std::string_view name, std::string_view type) const {
  if (attributes_ == nullptr) return nullptr;
  const auto attribute = attributes_->find(name);
  if (attribute == attributes_->end()) return nullptr;
  const auto value = attribute->find(type);
  return value == attribute->end() ? nullptr : &*value;
}

Result<std::string> TfjsAttributes::String(std::string_view name, std::string_view absent) const {
  const json* value = Find(name, "s");
  if (value == nullptr) return std::string(absent);
  auto text = AsString(*value);
  if (!text) return Malformed(name);
  return *std::move(text);
}

Result<std::vector<std::string>> TfjsAttributes::Strings(std::string_view name) const {
  std::vector<std::string> strings;
  const json* list = Find(name, "list");
  if (list == nullptr || !list->contains("s")) return strings;
  for (const json& value : (*list)["s"]) {
    auto text = AsString(value);
    if (!text) return Malformed(name);
    strings.push_back(*std::move(text));
  }
  return strings;
}

Result<std::vector<int>> TfjsAttributes::Integers(std::string_view name, std::vector<int> absent) const {
  const json* list = Find(name, "list");
  if (list == nullptr || !list->contains("i")) return absent;
  std::vector<int> integers;
  for (const json& value : (*list)["i"]) {
    const auto number = AsInteger(value);
    if (!number || std::abs(static_cast<double>(*number)) > kMaxWindowNumber) return Malformed(name);
    integers.push_back(static_cast<int>(*number));
  }
  return integers;
}

Result<int> TfjsAttributes::Integer(std::string_view name, int absent) const {
  const json* value = Find(name, "i");
  if (value == nullptr) return absent;
  const auto number = AsInteger(*value);
  if (!number || std::abs(static_cast<double>(*number)) > kMaxWindowNumber) return Malformed(name);
  return static_cast<int>(*number);
}

Result<std::vector<std::int64_t>> TfjsAttributes::Shape(std::string_view name) const {
  std::vector<std::int64_t> extents;
  const json* shape = Find(name, "shape");
  if (shape == nullptr || !shape->contains("dim")) return extents;
  for (const json& dimension : (*shape)["dim"]) {
    const auto size = dimension.find("size");
    const auto extent = size == dimension.end() ? std::nullopt : AsInteger(*size);
    if (!extent) return Malformed(name);
    extents.push_back(*extent);
  }
  return extents;
}

Result<float> TfjsAttributes::Float(std::string_view name, float absent) const {
  const json* value = Find(name, "f");
  if (value == nullptr) return absent;
  if (!value->is_number()) return Malformed(name);
  return value->get<float>();
}

Result<bool> TfjsAttributes::Bool(std::string_view name) const {
  const json* value = Find(name, "b");
  if (value == nullptr) return false;
  if (!value->is_boolean()) return Malformed(name);
  return value->get<bool>();
}

Result<nn::Window> TfjsAttributes::Window() const {
  POSENET_ASSIGN_OR_RETURN(const std::string layout, String("data_format", "NHWC"));
  if (layout != "NHWC")
    return base::Fail(ErrorCode::kUnsupported, "layout ", base::Printable(layout), ", expected NHWC");
  const std::vector<int> ones = {1, 1, 1, 1};
  POSENET_ASSIGN_OR_RETURN(const auto kernel_list, Integers("ksize", ones));
  POSENET_ASSIGN_OR_RETURN(const auto stride_list, Integers("strides", ones));
  POSENET_ASSIGN_OR_RETURN(const auto dilation_list, Integers("dilations", ones));
  POSENET_ASSIGN_OR_RETURN(const Pair kernel, RowsAndColumns("ksize", kernel_list));
  POSENET_ASSIGN_OR_RETURN(const Pair stride, RowsAndColumns("strides", stride_list));
  POSENET_ASSIGN_OR_RETURN(const Pair dilation, RowsAndColumns("dilations", dilation_list));
  nn::Window window{kernel.height, kernel.width, stride.height, stride.width, dilation.height, dilation.width, {}};
  POSENET_ASSIGN_OR_RETURN(const std::string padding, String("padding", "SAME"));
  if (padding == "EXPLICIT") {
    POSENET_ASSIGN_OR_RETURN(const auto list, Integers("explicit_paddings", {}));
    POSENET_ASSIGN_OR_RETURN(window.padding, ExplicitPadding(list));
  } else if (padding == "VALID") {
    window.padding.mode = nn::PaddingMode::kValid;
  } else if (padding != "SAME") {
    return base::Fail(ErrorCode::kUnsupported, "padding ", base::Printable(padding),
                      ", expected SAME, VALID or EXPLICIT");
  }
  return window;
}

}  // namespace posenet::importer
