// SPDX-License-Identifier: Apache-2.0
// Cambridge Landmarks: dataset_train.txt and dataset_test.txt, three header lines, then "image X Y Z W P Q R": the
// camera's center in meters, and the quaternion, w first, of the rotation from world to camera.
// Source: Kendall, Grimes, Cipolla, PoseNet, ICCV 2015, and the data's readme.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "camera/format_readers.h"
#include "camera/text_file.h"

namespace posenet::camera {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrainFile = "dataset_train.txt";
constexpr const char* kTestFile = "dataset_test.txt";
constexpr std::size_t kFieldCount = 8;

// Any other line must be a pose.
bool IsHeader(const TextLine& line) {
  return line.text.starts_with("Visual Landmark Dataset") || line.text.starts_with("ImageFile");
}

// There are also files without a header.
std::vector<TextLine> PoseLines(const TextFile& text) {
  std::vector<TextLine> content = text.ContentLines();
  std::erase_if(content, [](const TextLine& line) { return line.number <= 3 && IsHeader(line); });
  return content;
}

Result<Frame> ReadLine(const fs::path& folder, const TextFile& text, const TextLine& line) {
  const std::vector<std::string_view> fields = Fields(line.text);
  if (fields.size() != kFieldCount) {
    return text.Corrupt(line, "expected 8 fields, 'image X Y Z W P Q R', got ", fields.size());
  }
  std::array<double, kFieldCount - 1> n = {};
  const auto parsed = ParseNumbers(std::span(fields).subspan(1), n);
  if (!parsed.has_value()) return base::FailIn(parsed.error(), text.Place(line.number));
  const Result<CheckedRotation> rotation = CheckQuaternion(Inverse(Quaternion{n[3], n[4], n[5], n[6]}));
  if (!rotation.has_value()) return base::FailIn(rotation.error(), text.Place(line.number));
  Frame frame = {.name = std::string(fields[0]),
                 .image = folder / fields[0],
                 .world_from_cam = {.rotation = {}, .translation_m = {n[0], n[1], n[2]}},
                 .sequence = FolderOf(fields[0]),
                 .origin = text.Place(line.number)};
  SetRotation(*rotation, frame);
  return frame;
}

Result<void> ReadList(const fs::path& folder, const char* name, Split split, Scene& scene) {
  POSENET_ASSIGN_OR_RETURN(const TextFile text, TextFile::Read(folder / name));
  const std::vector<TextLine> lines = PoseLines(text);
  if (lines.empty()) {
    return base::Fail(ErrorCode::kCorruptData, text.Place(0),
                      ": expected lines 'image X Y Z W P Q R' after the header; found none");
  }
  for (const TextLine& line : lines) {
    POSENET_ASSIGN_OR_RETURN(Frame frame, ReadLine(folder, text, line));
    frame.split = split;
    scene.frames.push_back(std::move(frame));
  }
  return {};
}

}  // namespace

bool LooksLikeCambridge(const fs::path& data) { return IsFile(data / kTrainFile); }

Result<Scene> ReadCambridge(const fs::path& folder) {
  Scene scene;
  POSENET_RETURN_IF_ERROR(ReadList(folder, kTrainFile, Split::kTrain, scene));
  if (IsFile(folder / kTestFile)) {
    POSENET_RETURN_IF_ERROR(ReadList(folder, kTestFile, Split::kTest, scene));
  } else {
    scene.split_origin = SplitOrigin::kHeldOut;
  }
  return scene;
}

}  // namespace posenet::camera
