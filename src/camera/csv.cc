// SPDX-License-Identifier: Apache-2.0
// A CSV file of poses: a header that names the columns, in any order, then a line for each photo.
//   image            path of the photo, relative to the folder of the CSV file
//   x y z            the camera's center in meters
//   qw qx qy qz      the rotation from camera to world
//   split            train or test; optional
//   sequence         name of the recording; optional, by default the photo's folder
//   time             seconds within the sequence; optional
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "camera/format_readers.h"
#include "camera/text_file.h"

namespace posenet::camera {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCsvFile = "poses.csv";
constexpr std::array<std::string_view, 11> kColumns = {"image", "x",  "y",     "z",        "qw",  "qx",
                                                       "qy",    "qz", "split", "sequence", "time"};
constexpr std::size_t kRequiredColumns = 8;
enum Column : std::size_t { kImage, kX, kY, kZ, kQw, kQx, kQy, kQz, kSplit, kSequence, kTime };
constexpr std::string_view kExpectedHeader =
    "expected a header of image,x,y,z,qw,qx,qy,qz and optionally split, sequence, time";

// The cells of a line; a cell may be in double quotes, in which "" is a quote. Nothing for unbalanced quotes.
std::optional<std::vector<std::string>> SplitCells(std::string_view line) {
  std::vector<std::string> cells(1);
  bool in_quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && in_quotes && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += c;
      ++i;
    } else if (c == '"') {
      in_quotes = !in_quotes;
    } else if (c == ',' && !in_quotes) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  if (in_quotes) return std::nullopt;
  for (std::string& cell : cells) cell = Trimmed(cell);
  return cells;
}

// The position of each of kColumns in a line.
using Layout = std::array<std::optional<std::size_t>, kColumns.size()>;

Result<Layout> ReadHeader(const TextFile& text, const TextLine& line) {
  const auto cells = SplitCells(line.text);
  if (!cells) return text.Corrupt(line, "expected a closing quote");
  Layout layout;
  for (std::size_t i = 0; i < cells->size(); ++i) {
    const auto* known = std::ranges::find(kColumns, (*cells)[i]);
    if (known == kColumns.end()) {
      return text.Corrupt(line, kExpectedHeader, "; got '", base::Printable((*cells)[i], 60), "'");
    }
    std::optional<std::size_t>& place = layout[static_cast<std::size_t>(known - kColumns.begin())];
    if (place) return text.Corrupt(line, "names the column ", *known, " twice");
    place = i;
  }
  for (std::size_t i = 0; i < kRequiredColumns; ++i) {
    if (!layout[i]) return text.Corrupt(line, kExpectedHeader, "; there is no ", kColumns[i]);
  }
  return layout;
}

// One line, accessed by column.
struct Row {
  const Layout& layout;
  const std::vector<std::string>& cells;

  [[nodiscard]] std::string_view Cell(Column column) const {
    if (!layout[column]) return {};
    return cells[*layout[column]];
  }
};

Result<void> ReadPoseCells(const Row& row, Frame& frame) {
  std::array<double, 7> n = {};
  for (std::size_t i = 0; i < n.size(); ++i) {
    const auto column = static_cast<Column>(kX + i);
    const Result<double> number = ParseNumber(row.Cell(column));
    if (!number.has_value()) return base::FailIn(number.error(), kColumns[column]);
    n[i] = *number;
  }
  frame.world_from_cam.translation_m = {n[0], n[1], n[2]};
  POSENET_ASSIGN_OR_RETURN(const CheckedRotation rotation, CheckQuaternion({n[3], n[4], n[5], n[6]}));
  SetRotation(rotation, frame);
  return {};
}

Result<void> ReadOtherCells(const Row& row, Frame& frame) {
  const std::string_view split = row.Cell(kSplit);
  if (row.layout[kSplit] && split != "train" && split != "test") {
    return base::Fail(ErrorCode::kCorruptData, "split: expected train or test, got '", base::Printable(split, 60), "'");
  }
  frame.split = split == "test" ? Split::kTest : Split::kTrain;
  frame.sequence = row.layout[kSequence] ? std::string(row.Cell(kSequence)) : FolderOf(frame.name);
  if (!row.layout[kTime]) return {};
  const Result<double> time_s = ParseNumber(row.Cell(kTime));
  if (!time_s.has_value()) return base::FailIn(time_s.error(), "time");
  frame.time_s = *time_s;
  return {};
}

Result<Frame> ReadRow(const fs::path& folder, const Row& row) {
  const std::string_view image = row.Cell(kImage);
  if (image.empty()) return base::Fail(ErrorCode::kCorruptData, "image: expected the name of a file, got nothing");
  Frame frame = {.name = std::string(image), .image = folder / image};
  POSENET_RETURN_IF_ERROR(ReadPoseCells(row, frame));
  POSENET_RETURN_IF_ERROR(ReadOtherCells(row, frame));
  return frame;
}

fs::path CsvFileOf(const fs::path& data) { return IsFolder(data) ? data / kCsvFile : data; }

}  // namespace

bool LooksLikeCsv(const fs::path& data) { return IsFile(CsvFileOf(data)) && CsvFileOf(data).extension() == ".csv"; }

Result<Scene> ReadCsv(const fs::path& folder_or_file) {
  const fs::path file = CsvFileOf(folder_or_file);
  POSENET_ASSIGN_OR_RETURN(const TextFile text, TextFile::Read(file));
  const std::vector<TextLine> lines = text.ContentLines();
  if (lines.empty()) return base::Fail(ErrorCode::kCorruptData, text.Place(0), ": ", kExpectedHeader, "; it is empty");
  POSENET_ASSIGN_OR_RETURN(const Layout layout, ReadHeader(text, lines.front()));
  const std::size_t width = SplitCells(lines.front().text)->size();
  Scene scene;
  scene.split_origin = layout[kSplit] ? SplitOrigin::kGiven : SplitOrigin::kHeldOut;
  for (const TextLine& line : std::span(lines).subspan(1)) {
    const auto cells = SplitCells(line.text);
    if (!cells) return text.Corrupt(line, "expected a closing quote");
    if (cells->size() != width) return text.Corrupt(line, "expected ", width, " cells, got ", cells->size());
    Result<Frame> frame = ReadRow(file.parent_path(), {.layout = layout, .cells = *cells});
    if (!frame.has_value()) return base::FailIn(frame.error(), text.Place(line.number));
    frame->origin = text.Place(line.number);
    scene.frames.push_back(*std::move(frame));
  }
  if (scene.frames.empty())
    return base::Fail(ErrorCode::kCorruptData, text.Place(0), ": expected photos after the header; found none");
  return scene;
}

}  // namespace posenet::camera
