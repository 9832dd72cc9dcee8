// SPDX-License-Identifier: Apache-2.0
#include "cli/coco_files.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "base/file.h"
#include "base/strings.h"
#include "common/command_error.h"
#include "human/openpose.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;
namespace coco = human::coco;
namespace openpose = human::openpose;

// COCO's largest annotation file has 0.5 GB.
constexpr std::size_t kMaxJsonBytes = std::size_t{2} << 30;

std::string ReadText(const fs::path& file) {
  const std::vector<std::byte> bytes = app::FileValueOrThrow(base::ReadFile(file, kMaxJsonBytes));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The IDs of the images by their names without extension, as OpenPose names its files.
std::map<std::string, std::int64_t> IdsByName(const coco::Annotations& annotations) {
  std::map<std::string, std::int64_t> ids;
  for (const coco::ImageEntry& image : annotations.images) {
    const std::string name = fs::path(image.file_name).stem().native();
    if (ids.emplace(name, image.id).second) continue;
    throw app::CommandError(app::ExitCode::kFailure,
                            base::StrCat("two annotated images are named ", base::Printable(name),
                                         ", so OpenPose's files cannot be told apart; pass a COCO results file"));
  }
  return ids;
}

// OpenPose's files below `folder`, by the names of their images.
std::map<std::string, fs::path> OpenPoseFiles(const fs::path& folder) {
  std::map<std::string, fs::path> files;
  for (const fs::path& file : app::FileValueOrThrow(base::ListFiles(folder))) {
    std::string name = file.filename().native();
    if (!name.ends_with(openpose::kFileSuffix)) continue;
    name.resize(name.size() - openpose::kFileSuffix.size());
    const auto [other, is_new] = files.emplace(std::move(name), file);
    if (!is_new) {
      throw app::CommandError(app::ExitCode::kFailure,
                              base::StrCat(base::Printable(file.native()), " and ",
                                           base::Printable(other->second.native()), " are for images of one name"));
    }
  }
  if (!files.empty()) return files;
  throw app::CommandError(app::ExitCode::kFailure,
                          base::StrCat(base::Printable(folder.native()), ": no files that end in ",
                                       openpose::kFileSuffix, "; expected OpenPose's output, one file per image"));
}

// Throws CommandError if some of `files` belong to none of the images.
void CheckNames(const fs::path& folder, const std::map<std::string, fs::path>& files,
                const std::map<std::string, std::int64_t>& ids) {
  const std::string* example = nullptr;
  std::size_t count = 0;
  for (const auto& [name, file] : files) {
    if (ids.contains(name)) continue;
    if (example == nullptr) example = &name;
    ++count;
  }
  if (example == nullptr) return;
  throw app::CommandError(
      app::ExitCode::kFailure,
      base::StrCat(base::Printable(folder.native()), ": ", count, " of ", files.size(), " files are for none of the ",
                   ids.size(), " annotated images; the first is ", base::Printable(*example), openpose::kFileSuffix));
}

std::vector<coco::Detection> ReadOpenPose(const fs::path& folder, const coco::Annotations& annotations) {
  const std::map<std::string, std::int64_t> ids = IdsByName(annotations);
  const std::map<std::string, fs::path> files = OpenPoseFiles(folder);
  CheckNames(folder, files, ids);
  std::vector<coco::Detection> detections;
  for (const auto& [name, file] : files) {
    for (const Pose& pose : app::ValueOrThrow(openpose::ParsePoses(ReadText(file), file.native()))) {
      detections.push_back(coco::ToDetection(ids.at(name), annotations.category_id, pose));
    }
  }
  return detections;
}

}  // namespace

coco::Annotations ReadAnnotations(const fs::path& file) {
  return app::ValueOrThrow(coco::ParseAnnotations(ReadText(file), file.native()));
}

std::vector<coco::Detection> ReadDetections(const fs::path& path, const coco::Annotations& annotations) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return ReadOpenPose(path, annotations);
  std::vector<coco::Detection> detections = app::ValueOrThrow(coco::ParseDetections(ReadText(path), path.native()));
  const Result<void> checked = coco::CheckDetections(detections, annotations);
  if (!checked.has_value()) {
    throw app::CommandError(app::ExitCode::kFailure,
                            base::StrCat(base::Printable(path.native()), ": ", checked.error().message));
  }
  return detections;
}

app::CocoIds CocoIdsIn(const fs::path& file, std::span<const app::Input> inputs) {
  const coco::Annotations list = app::ValueOrThrow(coco::ParseImageList(ReadText(file), file.native()));
  std::multimap<std::string, std::int64_t> ids_by_name;
  for (const coco::ImageEntry& image : list.images) {
    ids_by_name.emplace(fs::path(image.file_name).filename().native(), image.id);
  }
  app::CocoIds ids = {.image_ids = {}, .category_id = list.category_id};
  for (const app::Input& input : inputs) {
    const std::string name = input.relative.filename().native();
    const std::size_t count = ids_by_name.count(name);
    if (count != 1 && !input.error) {
      throw app::UsageError(base::StrCat("--coco-annotations: ", base::Printable(file.native()), " has ", count,
                                         " images named ", base::Printable(name), "; expected one for each input"));
    }
    ids.image_ids.push_back(count == 1 ? ids_by_name.find(name)->second : 0);
  }
  return ids;
}

}  // namespace posenet::cli
