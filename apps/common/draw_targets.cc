// SPDX-License-Identifier: Apache-2.0
#include "common/draw_targets.h"

#include <algorithm>
#include <set>
#include <string>
#include <system_error>

#include "base/ascii.h"
#include "base/file.h"
#include "base/strings.h"
#include "common/command_error.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

bool IsImageName(const fs::path& path) {
  const std::string extension = base::AsciiToLower(path.extension().native());
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg" || extension == ".webp";
}

// Whether `draw` names a single drawing.
bool IsFileTarget(const fs::path& draw, std::size_t input_count) {
  std::error_code ignored;
  if (fs::is_directory(draw, ignored) || !draw.has_filename()) return false;
  if (IsImageName(draw)) {
    if (input_count == 1) return true;
    throw UsageError(base::StrCat("--draw: expected a folder for ", input_count, " images, got the file '",
                                  base::Printable(draw.native()), "'"));
  }
  if (draw.has_extension() && input_count == 1) {
    throw UsageError(base::StrCat("--draw: expected a folder or a name that ends in .png, .jpg or .webp, got '",
                                  base::Printable(draw.native()), "'"));
  }
  return false;
}

// `name` with `suffix` in place of its extension, or the next with "-2", "-3" ... before it that is not in `taken`.
fs::path UniqueName(fs::path name, std::string_view suffix, std::set<fs::path>& taken) {
  const std::string stem = name.stem().native();
  name.replace_filename(base::StrCat(stem, suffix));
  for (int copy = 2; !taken.insert(name).second; ++copy) {
    name.replace_filename(base::StrCat(stem, "-", copy, suffix));
  }
  return name;
}

}  // namespace

std::vector<fs::path> DrawTargets(const fs::path& draw, std::span<const Input> inputs) {
  if (IsFileTarget(draw, inputs.size())) return {draw};
  std::vector<fs::path> targets = NamesBelowFolder(inputs, ".png");
  for (fs::path& target : targets) {
    if (!target.empty()) target = draw / target;
  }
  return targets;
}

std::vector<fs::path> NamesBelowFolder(std::span<const Input> inputs, std::string_view suffix) {
  std::vector<fs::path> names;
  std::set<fs::path> taken;
  for (const Input& input : inputs) {
    names.push_back(input.error ? fs::path() : UniqueName(input.relative, suffix, taken));
  }
  return names;
}

void PrepareDrawing(std::span<const fs::path> targets) {
  const auto target = std::find_if(targets.begin(), targets.end(), [](const fs::path& path) { return !path.empty(); });
  if (target == targets.end()) return;
  std::error_code error;
  if (target->has_parent_path()) fs::create_directories(target->parent_path(), error);
  if (error) {
    throw CommandError(ExitCode::kFailure, base::StrCat(base::Printable(target->parent_path().native()),
                                                        ": cannot create this folder: ", error.message()));
  }
  // Opened and dropped, which leaves nothing behind.
  ValueOrThrow(base::AtomicFile::Create(*target));
}

void CheckDistinctOutputs(std::span<const fs::path> outputs) {
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    std::error_code ignored;
    const bool is_device = fs::exists(*output, ignored) && !fs::is_regular_file(*output, ignored);
    if (!is_device && std::find(outputs.begin(), output, *output) != output) {
      throw UsageError(base::StrCat(base::Printable(output->native()), ": two options write to this file"));
    }
  }
}

void CheckNoInputIsOverwritten(std::span<const fs::path> outputs, std::span<const Input> inputs) {
  std::error_code error;
  std::set<fs::path> input_files;
  for (const Input& input : inputs) {
    if (fs::is_regular_file(input.name, error)) input_files.insert(fs::canonical(input.name, error));
  }
  for (const fs::path& output : outputs) {
    if (fs::is_regular_file(output, error) && input_files.contains(fs::canonical(output, error))) {
      throw UsageError(
          base::StrCat(base::Printable(output.native()), ": is one of the inputs and would be overwritten"));
    }
  }
}

}  // namespace posenet::app
