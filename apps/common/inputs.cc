// SPDX-License-Identifier: Apache-2.0
#include "common/inputs.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <new>
#include <numeric>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"
#include "base/file.h"
#include "base/redact.h"
#include "base/strings.h"
#include "common/command_error.h"
#include "common/standard_streams.h"
#include "media/image_file.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

bool IsVideoName(const fs::path& path) {
  constexpr std::array<std::string_view, 6> kExtensions = {".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm"};
  const std::string extension = base::AsciiToLower(path.extension().native());
  return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

// Why `argument` cannot be an image and what to do instead; empty if it may be one.
std::string WhyNotAnImage(const std::string& argument) {
  std::error_code ignored;
  const auto video = [](const std::string& input) { return base::StrCat("'posenet human video ", input, "'"); };
  const bool is_device = argument.starts_with("/dev/video");
  if (is_device || argument.starts_with("camera:")) {
    return "is a webcam; use " + video(is_device ? "camera:" + argument : argument);
  }
  if (IsVideoName(argument)) return "is a video; use " + video(argument);
  if (fs::exists(argument, ignored)) return {};
  if (argument.find("://") != std::string::npos) {
    return base::StrCat(
        "is a URL; for an image, download it and pass the file, or - for standard input; for a video, "
        "use ",
        video("URL"));
  }
  if (!argument.empty() && argument.find_first_not_of("0123456789") == std::string::npos) {
    return "there is no such file; for a webcam, use " + video("camera:" + argument);
  }
  if (IsSequencePattern(argument)) {
    return "is a pattern; pass the folder of the images, or for an image sequence as a video, use " + video("FOLDER");
  }
  return {};
}

void CheckMayBeImage(const std::string& argument) {
  if (argument == kStandardInput) {
    if (StandardInputIsTerminal()) throw UsageError("-: expected an image on standard input, which is a terminal");
    return;
  }
  const std::string reason = WhyNotAnImage(argument);
  if (!reason.empty()) throw UsageError(base::StrCat(base::WithoutCredentials(argument), ": ", reason));
}

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
                      .error = Error{ErrorCode::kNotFound, base::Printable(folder) +
                                                               ": no images in this folder; expected files that end in "
                                                               ".jpg, .jpeg, .png, .webp, .bmp, .tif or .tiff"}});
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

bool IsSequencePattern(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    const std::size_t end = text.find_first_not_of("0123456789", at + 1);
    if (end != std::string_view::npos && (text[end] == 'd' || text[end] == 'i' || text[end] == 'u')) return true;
  }
  return false;
}

std::vector<Input> ExpandInputs(std::span<const std::string> arguments) {
  std::vector<Input> inputs;
  for (const std::string& argument : arguments) {
    CheckMayBeImage(argument);
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
