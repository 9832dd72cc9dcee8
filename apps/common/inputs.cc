// SPDX-License-Identifier: Apache-2.0
#include "common/inputs.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <new>
#include <numeric>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "media/image_file.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

void AppendFolder(const std::string& folder, std::vector<Input>& inputs) {
  const auto files = base::ListFiles(folder);
  if (!files.has_value()) {
    inputs.push_back({.name = folder, .relative = {}, .error = files.error()});
    return;
  }
  const std::size_t before = inputs.size();
  for (const fs::path& file : *files) {
    if (!media::HasImageExtension(file)) continue;
    inputs.push_back({.name = file.native(), .relative = file.lexically_relative(folder), .error = {}});
  }
  if (inputs.size() == before) {
    inputs.push_back({.name = folder,
                      .relative = {},
                      .error = Error{ErrorCode::kNotFound,
                                     "no images in this folder (expected files that end in "
                                     ".jpg, .jpeg, .png, .webp, .bmp, .tif or .tiff)"}});
  }
}

// The digits that end the name of `input` before its extension.
std::optional<std::int64_t> TrailingNumber(const Input& input) {
  const std::string stem = fs::path(input.name).stem().native();
  const std::size_t last_other = stem.find_last_not_of("0123456789");
  const std::string_view digits = std::string_view{stem}.substr(last_other == std::string::npos ? 0 : last_other + 1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<Input> ExpandInputs(std::span<const std::string> arguments) {
  std::vector<Input> inputs;
  for (const std::string& argument : arguments) {
    std::error_code ignored;
    if (argument == kStandardInput) {
      inputs.push_back({.name = argument, .relative = "stdin", .error = {}});
    } else if (fs::is_directory(argument, ignored)) {
      AppendFolder(argument, inputs);
    } else {
      inputs.push_back({.name = argument, .relative = fs::path(argument).filename(), .error = {}});
    }
  }
  return inputs;
}

Result<image::Image> ReadImage(const Input& input) try {
  if (input.error) return tl::unexpected(*input.error);
  if (input.name != kStandardInput) return media::ReadImageFile(input.name);
  POSENET_ASSIGN_OR_RETURN(const std::vector<std::byte> bytes,
                           base::ReadDescriptor(STDIN_FILENO, "standard input", media::kMaxFileBytes));
  return media::DecodeImage(bytes, kStandardInput);
} catch (const std::bad_alloc&) {
  return base::Fail(ErrorCode::kResourceExhausted, "not enough memory for this image");
}

std::string MessageWithoutName(const Error& error, const Input& input) {
  const std::string prefix = base::Printable(input.name) + ": ";
  return error.message.starts_with(prefix) ? error.message.substr(prefix.size()) : error.message;
}

std::vector<std::int64_t> CocoImageIds(std::span<const Input> inputs) {
  std::vector<std::int64_t> ids;
  for (const Input& input : inputs) {
    if (const auto number = TrailingNumber(input)) ids.push_back(*number);
  }
  if (std::set(ids.begin(), ids.end()).size() == inputs.size()) return ids;
  ids.resize(inputs.size());
  std::iota(ids.begin(), ids.end(), std::int64_t{1});
  return ids;
}

}  // namespace posenet::app
