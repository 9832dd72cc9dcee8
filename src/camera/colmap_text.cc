// SPDX-License-Identifier: Apache-2.0
// COLMAP's text format. Source: https://colmap.github.io/format.html
#include <array>
#include <limits>
#include <utility>

#include "base/error.h"
#include "camera/colmap.h"
#include "camera/format_readers.h"
#include "camera/text_file.h"

namespace posenet::camera::colmap {
namespace {

namespace fs = std::filesystem;

// `field` as a 32-bit id.
Result<std::uint32_t> ParseId(std::string_view field) {
  POSENET_ASSIGN_OR_RETURN(const std::size_t id, ParseCount(field));
  if (id > std::numeric_limits<std::uint32_t>::max()) {
    return base::Fail(ErrorCode::kCorruptData, "expected an id below 2^32, got ", id);
  }
  return static_cast<std::uint32_t>(id);
}

Result<void> ReadCameraLine(const TextFile& text, const TextLine& line, Model& model) {
  const std::vector<std::string_view> fields = Fields(line.text);
  if (fields.size() < 4) {
    return text.Corrupt(line, "expected 'CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]', got ",
                        base::Counted(fields.size(), "field"));
  }
  const CameraModel* camera_model = FindCameraModel(fields[1]);
  if (camera_model == nullptr)
    return text.Corrupt(line, "'", base::Printable(fields[1], 60), "' is not a camera model of COLMAP");
  if (fields.size() != 4 + camera_model->parameter_count) {
    return text.Corrupt(line, "expected ", camera_model->parameter_count, " parameters of ", camera_model->name,
                        ", got ", fields.size() - 4);
  }
  const auto read = [&]() -> Result<void> {
    POSENET_ASSIGN_OR_RETURN(const std::uint32_t id, ParseId(fields[0]));
    POSENET_ASSIGN_OR_RETURN(const std::size_t width_px, ParseCount(fields[2]));
    POSENET_ASSIGN_OR_RETURN(const std::size_t height_px, ParseCount(fields[3]));
    std::vector<double> parameters(camera_model->parameter_count);
    POSENET_RETURN_IF_ERROR(ParseNumbers(std::span(fields).subspan(4), parameters));
    POSENET_ASSIGN_OR_RETURN(const Intrinsics camera, MakeIntrinsics(*camera_model, width_px, height_px, parameters));
    if (!model.cameras.emplace(id, camera).second)
      return base::Fail(ErrorCode::kCorruptData, "camera ", id, " appears twice");
    return {};
  }();
  if (!read.has_value()) return base::FailIn(read.error(), text.Place(line.number));
  return {};
}

Result<PosedImage> ParseImage(std::span<const std::string_view> fields) {
  POSENET_RETURN_IF_ERROR(ParseId(fields[0]));
  std::array<double, 7> n = {};
  POSENET_RETURN_IF_ERROR(ParseNumbers(fields.subspan(1), n));
  PosedImage image;
  POSENET_ASSIGN_OR_RETURN(image.cam_from_world, CheckQuaternion({n[0], n[1], n[2], n[3]}));
  image.translation_m = {n[4], n[5], n[6]};
  POSENET_ASSIGN_OR_RETURN(image.camera_id, ParseId(fields[8]));
  return image;
}

Result<PosedImage> ReadImageLine(const TextFile& text, const TextLine& line) {
  const std::vector<std::string_view> fields = Fields(line.text);
  if (fields.size() < 10) {
    return text.Corrupt(line, "expected 'IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME', got ", fields.size(),
                        " fields");
  }
  Result<PosedImage> image = ParseImage(fields);
  if (!image.has_value()) return base::FailIn(image.error(), text.Place(line.number));
  // The rest of the line: names may have spaces in them.
  image->name = std::string(line.text.substr(static_cast<std::size_t>(fields[9].data() - line.text.data())));
  image->origin = text.Place(line.number);
  return image;
}

Result<void> ReadFeatures(const TextFile& text, const TextLine& line, PosedImage& image) {
  const std::vector<std::string_view> fields = Fields(line.text);
  if (fields.size() % 3 != 0) {
    return text.Corrupt(line, "expected features 'X Y POINT3D_ID' of the image in the line above, got ", fields.size(),
                        " fields");
  }
  for (std::size_t i = 2; i < fields.size(); i += 3) {
    if (fields[i] == "-1") continue;
    const Result<std::size_t> id = ParseCount(fields[i]);
    if (!id.has_value()) return base::FailIn(id.error(), text.Place(line.number));
    image.point_ids.push_back(*id);
  }
  return {};
}

Result<void> ReadImages(const fs::path& file, Model& model) {
  POSENET_ASSIGN_OR_RETURN(const TextFile text, TextFile::Read(file));
  const std::vector<TextLine>& lines = text.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].text.empty() || lines[i].text.front() == '#') continue;
    POSENET_ASSIGN_OR_RETURN(PosedImage image, ReadImageLine(text, lines[i]));
    // Each image has a line of features, which may be empty, or cut off at the end of the file.
    if (++i < lines.size()) POSENET_RETURN_IF_ERROR(ReadFeatures(text, lines[i], image));
    model.images.push_back(std::move(image));
  }
  return {};
}

Result<void> ReadPointLine(const TextFile& text, const TextLine& line, Model& model) {
  const std::vector<std::string_view> fields = Fields(line.text);
  if (fields.size() < 8 || fields.size() % 2 != 0) {
    return text.Corrupt(line, "expected 'POINT3D_ID X Y Z R G B ERROR TRACK[]', got ",
                        base::Counted(fields.size(), "field"));
  }
  std::array<double, 3> n = {};
  const Result<std::size_t> id = ParseCount(fields[0]);
  if (!id.has_value()) return base::FailIn(id.error(), text.Place(line.number));
  const auto parsed = ParseNumbers(std::span(fields).subspan(1), n);
  if (!parsed.has_value()) return base::FailIn(parsed.error(), text.Place(line.number));
  if (!model.points_m.emplace(*id, Vector3{n[0], n[1], n[2]}).second)
    return text.Corrupt(line, "point ", *id, " appears twice");
  return {};
}

}  // namespace

Result<Model> ReadText(const fs::path& folder) {
  Model model;
  POSENET_ASSIGN_OR_RETURN(const TextFile cameras, TextFile::Read(folder / "cameras.txt"));
  for (const TextLine& line : cameras.ContentLines()) POSENET_RETURN_IF_ERROR(ReadCameraLine(cameras, line, model));
  POSENET_RETURN_IF_ERROR(ReadImages(folder / "images.txt", model));
  model.has_points = IsFile(folder / "points3D.txt");
  if (!model.has_points) return model;
  POSENET_ASSIGN_OR_RETURN(const TextFile points, TextFile::Read(folder / "points3D.txt"));
  for (const TextLine& line : points.ContentLines()) POSENET_RETURN_IF_ERROR(ReadPointLine(points, line, model));
  return model;
}

}  // namespace posenet::camera::colmap
