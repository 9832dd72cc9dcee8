// SPDX-License-Identifier: Apache-2.0
#include "common/numbers.h"

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace posenet::app {
namespace {

template <typename Number>
std::optional<Number> ParseWhole(std::string_view text) {
  Number value = {};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace

std::string FormatFixed(double value, int decimals) {
  // The largest double has 309 digits before the point; the rest is for the decimals.
  std::array<char, 352> buffer = {};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string();
}

std::string FormatJsonNumber(double value, int decimals) {
  if (!std::isfinite(value)) return "null";
  std::string text = FormatFixed(value, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::optional<int> ParseInt(std::string_view text) { return ParseWhole<int>(text); }

std::optional<float> ParseFloat(std::string_view text) {
  const std::optional<float> value = ParseWhole<float>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<double> ParseDouble(std::string_view text) {
  const std::optional<double> value = ParseWhole<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<Size> ParseSize(std::string_view text) {
  const std::size_t cross = text.find('x');
  const std::optional<int> width = ParseInt(text.substr(0, cross));
  const std::optional<int> height = cross == std::string_view::npos ? width : ParseInt(text.substr(cross + 1));
  if (!width || !height) return std::nullopt;
  return Size{.width_px = *width, .height_px = *height};
}

}  // namespace posenet::app
