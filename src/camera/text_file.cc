// SPDX-License-Identifier: Apache-2.0
#include "camera/text_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include "base/file.h"

namespace posenet::camera {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{1} << 30;
constexpr std::string_view kBlanks = " \t\r\v\f";

// from_chars accepts no plus sign, but printf("%+f") and spreadsheets write it.
std::string_view WithoutPlus(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

}  // namespace

TextFile::TextFile(std::filesystem::path path, std::vector<std::byte> content)
    : path_(std::move(path)), content_(std::move(content)) {
  std::string_view rest(reinterpret_cast<const char*>(content_.data()), content_.size());
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);  // The byte order mark of Windows editors.
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines_.push_back({.number = lines_.size() + 1, .text = Trimmed(rest.substr(0, end))});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

Result<TextFile> TextFile::Read(const std::filesystem::path& path) {
  POSENET_ASSIGN_OR_RETURN(std::vector<std::byte> content, base::ReadFile(path, kMaxTextBytes));
  return TextFile(path, std::move(content));
}

std::vector<TextLine> TextFile::ContentLines() const {
  std::vector<TextLine> content;
  std::ranges::copy_if(lines_, std::back_inserter(content),
                       [](const TextLine& line) { return !line.text.empty() && line.text.front() != '#'; });
  return content;
}

std::string TextFile::Place(std::size_t line_number) const {
  const std::string name = base::Printable(path_.native(), 400);
  return line_number == 0 ? name : base::StrCat(name, ":", line_number);
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::vector<std::string_view> Fields(std::string_view text) {
  std::vector<std::string_view> fields;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.empty()) return fields;
    const std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
    fields.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

Result<double> ParseNumber(std::string_view text) {
  const std::string_view digits = WithoutPlus(text);
  double value = 0.0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) {
    return base::Fail(ErrorCode::kCorruptData, "expected a finite number, got '", base::Printable(text, 60), "'");
  }
  return value;
}

Result<std::size_t> ParseCount(std::string_view text) {
  std::size_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) {
    return base::Fail(ErrorCode::kCorruptData, "expected a whole number, got '", base::Printable(text, 60), "'");
  }
  return value;
}

Result<void> ParseNumbers(std::span<const std::string_view> fields, std::span<double> numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    POSENET_ASSIGN_OR_RETURN(numbers[i], ParseNumber(fields[i]));
  }
  return {};
}

bool LooksLikeNumber(std::string_view text) {
  const std::string_view digits = WithoutPlus(text);
  double value = 0.0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  return error != std::errc::invalid_argument && stop == end;
}

}  // namespace posenet::camera
