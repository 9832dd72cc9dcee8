// SPDX-License-Identifier: Apache-2.0
// 7-Scenes: folders such as seq-03 with frame-000012.color.png and frame-000012.pose.txt; TrainSplit.txt and
// TestSplit.txt list sequences as "sequence3". Source: Shotton et al., Scene Coordinate Regression Forests, CVPR 2013,
// and the data's readme.
#include "camera/seven_scenes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/natural_order.h"
#include "camera/text_file.h"

namespace posenet::camera {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPoseEnding = ".pose.txt";
// The data set has PNG files; smaller copies of it have JPEG files.
constexpr std::array<std::string_view, 3> kColorEndings = {".color.png", ".color.jpg", ".color.jpeg"};

// Names in `folder` for which `wanted` is true, in natural order.
template <typename Predicate>
Result<std::vector<std::string>> NamesIn(const fs::path& folder, Predicate wanted) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().native();
    if (wanted(name)) names.push_back(std::move(name));
  }
  if (error)
    return base::Fail(ErrorCode::kIo, base::Printable(folder.native(), 400), ": cannot list: ", error.message());
  std::ranges::sort(names, base::NaturalLess);
  return names;
}

bool IsSequenceName(std::string_view name) {
  return name.starts_with("seq-") && name.size() > 4 && name.find_first_not_of("0123456789", 4) == std::string::npos;
}

// The folder for a line of a split file: "seq-03" for "sequence3"; names of folders are accepted too.
std::string SequenceFolder(std::string_view line) {
  constexpr std::string_view kPrefix = "sequence";
  if (!line.starts_with(kPrefix)) return std::string(line);
  const std::string_view number = line.substr(kPrefix.size());
  return base::StrCat("seq-", number.size() < 2 ? "0" : "", number);
}

Result<std::vector<std::string>> ReadSplit(const fs::path& file) {
  POSENET_ASSIGN_OR_RETURN(const TextFile text, TextFile::Read(file));
  std::vector<std::string> sequences;
  for (const TextLine& line : text.ContentLines()) {
    std::string folder = SequenceFolder(line.text);
    if (!IsSequenceName(folder)) {
      return text.Corrupt(line, "expected a sequence such as 'sequence1', got '", base::Printable(line.text, 60), "'");
    }
    if (std::ranges::find(sequences, folder) != sequences.end()) {
      return text.Corrupt(line, "lists ", folder, " twice");
    }
    if (!IsFolder(file.parent_path() / folder)) {
      return base::Fail(ErrorCode::kNotFound, text.Place(line.number), ": expected the folder ", folder,
                        ", which does not exist");
    }
    sequences.push_back(std::move(folder));
  }
  if (sequences.empty()) {
    return base::Fail(ErrorCode::kCorruptData, text.Place(0),
                      ": expected sequences such as 'sequence1', one per line; found none");
  }
  return sequences;
}

// The name of the frame's color image; if it does not exist, the name that it should have.
std::string ColorName(const fs::path& folder, const std::string& stem) {
  for (const std::string_view ending : kColorEndings) {
    std::string name = base::StrCat(stem, ending);
    if (IsFile(folder / name)) return name;
  }
  return base::StrCat(stem, kColorEndings.front());
}

Result<void> RequirePoses(const fs::path& folder, const std::vector<std::string>& poses) {
  POSENET_ASSIGN_OR_RETURN(const auto images, NamesIn(folder, [](std::string_view name) {
                             return name.find(".color.") != std::string_view::npos;
                           }));
  for (const std::string& image : images) {
    const std::string pose = base::StrCat(image.substr(0, image.find(".color.")), kPoseEnding);
    if (std::ranges::binary_search(poses, pose, base::NaturalLess)) continue;
    return base::Fail(ErrorCode::kNotFound, base::Printable((folder / image).native(), 400), ": expected its pose ",
                      pose, " beside it, which does not exist");
  }
  return {};
}

Result<void> ReadSequence(const fs::path& root, const std::string& sequence, Split split, Scene& scene) {
  const fs::path folder = root / sequence;
  POSENET_ASSIGN_OR_RETURN(const auto poses,
                           NamesIn(folder, [](std::string_view name) { return name.ends_with(kPoseEnding); }));
  if (poses.empty()) {
    return base::Fail(ErrorCode::kCorruptData, base::Printable(folder.native(), 400),
                      ": expected poses (frame-000000.pose.txt), found none");
  }
  POSENET_RETURN_IF_ERROR(RequirePoses(folder, poses));
  for (const std::string& pose_name : poses) {
    POSENET_ASSIGN_OR_RETURN(const CheckedPose pose, ReadSevenScenesPose(folder / pose_name));
    const std::string color = ColorName(folder, pose_name.substr(0, pose_name.size() - kPoseEnding.size()));
    Frame frame = {.name = base::StrCat(sequence, "/", color),
                   .image = folder / color,
                   .world_from_cam = {.rotation = {}, .translation_m = pose.translation_m},
                   .split = split,
                   .sequence = sequence,
                   .camera = 0,
                   .origin = base::Printable((folder / pose_name).native(), 400)};
    SetRotation(pose.rotation, frame);
    scene.frames.push_back(std::move(frame));
  }
  return {};
}

Result<void> CheckDisjoint(const fs::path& root, const std::vector<std::string>& train,
                           const std::vector<std::string>& test) {
  for (const std::string& sequence : test) {
    if (std::ranges::find(train, sequence) == train.end()) continue;
    return base::Fail(ErrorCode::kCorruptData, base::Printable((root / "TestSplit.txt").native(), 400), ": lists ",
                      sequence, ", which TrainSplit.txt lists too");
  }
  return {};
}

}  // namespace

bool LooksLikeSevenScenes(const fs::path& data) {
  if (!IsFolder(data)) return false;
  if (IsFile(data / "TrainSplit.txt") || IsFile(data / "TestSplit.txt")) return true;
  const auto sequences = NamesIn(data, IsSequenceName);
  return sequences.has_value() && !sequences->empty();
}

Result<CheckedPose> ReadSevenScenesPose(const fs::path& file) {
  POSENET_ASSIGN_OR_RETURN(const TextFile text, TextFile::Read(file));
  std::array<double, 16> matrix = {};
  std::size_t count = 0;
  for (const TextLine& line : text.lines()) {
    for (const std::string_view field : Fields(line.text)) {
      const Result<double> number = ParseNumber(field);
      if (!number.has_value()) return base::FailIn(number.error(), text.Place(line.number));
      if (count < matrix.size()) matrix[count] = *number;
      ++count;
    }
  }
  if (count != matrix.size()) {
    return base::Fail(ErrorCode::kCorruptData, text.Place(0),
                      ": expected 16 numbers, a 4x4 matrix from camera to world, got ", count);
  }
  Result<CheckedPose> pose = CheckPoseMatrix(matrix);
  if (!pose.has_value()) return base::FailIn(pose.error(), text.Place(0));
  return pose;
}

std::string FormatSevenScenesPose(const RigidPose& world_from_cam) {
  const std::array<double, 16> matrix = Matrix4(world_from_cam);
  std::string text;
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    std::array<char, 40> buffer = {};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), matrix[i]);
    text.append(buffer.data(), end).append(i % 4 == 3 ? "\n" : "\t");
  }
  return text;
}

std::string SevenScenesFrameName(int index) {
  const std::string digits = std::to_string(index);
  return base::StrCat("frame-", std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0'), digits);
}

Result<Scene> ReadSevenScenes(const fs::path& folder) {
  Scene scene;
  // The format has no intrinsics: all photos are of one Kinect. Photos of another size are assumed to be scaled.
  scene.cameras = {{.width_px = 640,
                    .height_px = 480,
                    .focal_x_px = 525.0,
                    .focal_y_px = 525.0,
                    .center_x_px = 320.0,
                    .center_y_px = 240.0}};
  POSENET_ASSIGN_OR_RETURN(const auto sequences, NamesIn(folder, IsSequenceName));
  const bool has_splits = IsFile(folder / "TrainSplit.txt") || IsFile(folder / "TestSplit.txt");
  std::vector<std::string> train = sequences;
  std::vector<std::string> test;
  if (has_splits) {
    // If one of the files is missing, it is not guessed.
    POSENET_ASSIGN_OR_RETURN(train, ReadSplit(folder / "TrainSplit.txt"));
    POSENET_ASSIGN_OR_RETURN(test, ReadSplit(folder / "TestSplit.txt"));
    POSENET_RETURN_IF_ERROR(CheckDisjoint(folder, train, test));
  } else {
    scene.split_origin = SplitOrigin::kHeldOut;
  }
  if (train.empty()) {
    return base::Fail(ErrorCode::kNotFound, base::Printable(folder.native(), 400),
                      ": expected sequences in folders seq-01, seq-02 and so on");
  }
  for (const std::string& sequence : train)
    POSENET_RETURN_IF_ERROR(ReadSequence(folder, sequence, Split::kTrain, scene));
  for (const std::string& sequence : test) POSENET_RETURN_IF_ERROR(ReadSequence(folder, sequence, Split::kTest, scene));
  for (const std::string& sequence : sequences) {
    const bool is_listed =
        std::ranges::find(train, sequence) != train.end() || std::ranges::find(test, sequence) != test.end();
    if (!is_listed) scene.remarks.push_back(sequence + " is in neither split file and was left out");
  }
  return scene;
}

}  // namespace posenet::camera
