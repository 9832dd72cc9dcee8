// SPDX-License-Identifier: Apache-2.0
#include "cli/camera_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "base/statistics.h"
#include "base/strings.h"
#include "camera/baselines.h"
#include "common/numbers.h"
#include "media/image_file.h"
#include "media/thumbnail.h"
#include "report/plot.h"

namespace posenet::cli {
namespace {

using camera::Cross;
using camera::Dot;
using camera::Norm;
using camera::RigidPose;
using camera::Vector3;

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
constexpr report::PlotPoint kBreak = {.x = kNoNumber, .y = kNoNumber};

// The plane that a map is projected on: the directions of the paper in the world.
struct Sheet {
  Vector3 right;
  Vector3 up;
};

report::PlotPoint OnSheet(const Sheet& sheet, const Vector3& point) {
  return {.x = Dot(sheet.right, point), .y = Dot(sheet.up, point)};
}

Vector3 UnitVector(const Vector3& v) { return (1.0 / Norm(v)) * v; }

// Opposite to the mean of the cameras' y axes; if these point everywhere, opposite to the world's.
Vector3 UpOf(std::span<const MapLayer> layers) {
  Vector3 down;
  std::size_t count = 0;
  for (const MapLayer& layer : layers) {
    for (const RigidPose& pose : layer.poses) {
      down = down + camera::Rotate(pose.rotation, {0, 1, 0});
      ++count;
    }
  }
  const bool is_clear = count > 0 && Norm(down) > 0.1 * static_cast<double>(count);
  return is_clear ? UnitVector(-1.0 * down) : Vector3{0, -1, 0};
}

Sheet FromAbove(const Vector3& up) {
  // The most horizontal of the world's axes points to the right.
  const std::array<Vector3, 3> axes = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  const Vector3 axis = *std::ranges::min_element(axes, {}, [&](const Vector3& a) { return std::abs(Dot(a, up)); });
  const Vector3 right = UnitVector(axis - Dot(axis, up) * up);
  return {.right = right, .up = Cross(up, right)};
}

// From a corner, 30 degrees to the side and 30 above the horizon.
Sheet FromCorner(const Vector3& up) {
  const Sheet above = FromAbove(up);
  const Vector3 right = camera::Rotate(camera::RotationAbout(up, 30.0), above.right);
  const Vector3 away = Cross(up, right);
  return {.right = right, .up = 0.5 * away + std::sqrt(0.75) * up};
}

std::vector<RigidPose> PosesOfAll(std::span<const MapLayer> layers) {
  std::vector<RigidPose> poses;
  for (const MapLayer& layer : layers) poses.insert(poses.end(), layer.poses.begin(), layer.poses.end());
  return poses;
}

// Whether consecutive cameras are near each other. Otherwise lines between them would be a tangle.
bool IsPath(const MapLayer& layer, double extent_m) {
  std::vector<double> steps_m;
  for (std::size_t i = 1; i < layer.poses.size(); ++i) {
    if (layer.sequences[i] == layer.sequences[i - 1]) {
      steps_m.push_back(Norm(layer.poses[i].translation_m - layer.poses[i - 1].translation_m));
    }
  }
  constexpr double kMaxShare = 0.05;
  return !steps_m.empty() && base::Quantile(std::move(steps_m), 0.5) < kMaxShare * extent_m;
}

report::Series CentersOf(const MapLayer& layer, const Sheet& sheet, report::Mark mark) {
  report::Series series = {.name = layer.name, .mark = mark, .points = {}};
  for (std::size_t i = 0; i < layer.poses.size(); ++i) {
    const bool is_new = i > 0 && layer.sequences[i] != layer.sequences[i - 1];
    if (is_new && mark == report::Mark::kLine) series.points.push_back(kBreak);
    series.points.push_back(OnSheet(sheet, layer.poses[i].translation_m));
  }
  return series;
}

// Short strokes along the optical axes of every `stride`-th camera.
report::Series AxesOf(const MapLayer& layer, const Sheet& sheet, double length_m, std::size_t stride) {
  report::Series series = {.name = layer.name, .mark = report::Mark::kLine, .points = {}};
  for (std::size_t i = 0; i < layer.poses.size(); i += stride) {
    const RigidPose& pose = layer.poses[i];
    series.points.push_back(OnSheet(sheet, pose.translation_m));
    series.points.push_back(OnSheet(sheet, camera::Transform(pose, {0, 0, length_m})));
    series.points.push_back(kBreak);
  }
  return series;
}

void AddMap(std::span<const MapLayer> layers, const Sheet& sheet, const std::string& caption, const std::string& unit,
            report::Page& page) {
  constexpr double kAxisShare = 0.03;
  constexpr std::size_t kMaxAxes = 150;
  const std::vector<RigidPose> poses = PosesOfAll(layers);
  const double extent_m = camera::ExtentM(poses);
  std::vector<report::Series> series;
  for (const MapLayer& layer : layers) {
    const report::Mark mark = IsPath(layer, extent_m) ? report::Mark::kLine : report::Mark::kDots;
    series.push_back(CentersOf(layer, sheet, mark));
    series.push_back(AxesOf(layer, sheet, kAxisShare * extent_m, poses.size() / kMaxAxes + 1));
  }
  page.Figure(report::PlotSvg(series, {.x_label = unit, .y_label = unit, .aspect = report::Aspect::kEqual}), caption);
}

// The cumulative distribution of `errors` up to `limit`, in percent.
report::Series Cumulative(const std::string& name, std::vector<double> errors, double limit) {
  std::ranges::sort(errors);
  report::Series series = {.name = name, .mark = report::Mark::kLine, .points = {{.x = 0.0, .y = 0.0}}};
  const double percent_each = 100.0 / static_cast<double>(errors.size());
  std::size_t count = 0;
  while (count < errors.size() && errors[count] <= limit) {
    series.points.push_back({.x = errors[count], .y = percent_each * static_cast<double>(count + 1)});
    ++count;
  }
  series.points.push_back({.x = limit, .y = percent_each * static_cast<double>(count)});
  return series;
}

std::vector<double> ValuesOf(const camera::MethodErrors& method, double camera::PoseError::*value) {
  std::vector<double> values;
  for (const camera::PoseError& error : method.errors) values.push_back(error.*value);
  return values;
}

void AddCurves(std::span<const camera::MethodErrors> methods, double camera::PoseError::*value,
               const std::string& label, const std::string& caption, report::Page& page) {
  std::vector<double> finite;
  for (const double error : ValuesOf(methods.front(), value)) {
    if (std::isfinite(error)) finite.push_back(error);
  }
  if (finite.empty()) return;
  const double limit = 1.2 * std::max(base::Quantile(std::move(finite), 0.95), 1e-6);
  std::vector<report::Series> series;
  for (const camera::MethodErrors& method : methods) {
    series.push_back(Cumulative(method.name, ValuesOf(method, value), limit));
  }
  page.Figure(report::PlotSvg(series, {.x_label = label, .y_label = "% of frames"}), caption);
}

}  // namespace

void AddMaps(std::span<const MapLayer> layers, LengthUnit units, report::Page& page) {
  const Vector3 up = UpOf(layers);
  AddMap(layers, FromAbove(up), "Seen from above; strokes show viewing directions.", UnitName(units), page);
  AddMap(layers, FromCorner(up), "Seen from a corner, 30 degrees above the horizon.", UnitName(units), page);
}

void AddErrorCurves(std::span<const camera::MethodErrors> methods, LengthUnit units, report::Page& page) {
  if (methods.empty() || methods.front().errors.empty()) return;
  AddCurves(methods, &camera::PoseError::position_m, "position error, " + UnitName(units),
            "Share of frames with at most this position error.", page);
  AddCurves(methods, &camera::PoseError::rotation_deg, "rotation error, degrees",
            "Share of frames with at most this rotation error.", page);
}

void AddErrorTables(std::span<const camera::MethodSummary> rows, LengthUnit units, report::Page& page) {
  page.Table(ErrorCells(rows, units));
  if (units == LengthUnit::kMeters) page.Table(ShareCells(rows));
}

void AddPhotos(std::span<const PhotoFile> photos, report::Page& page) {
  constexpr int kSidePx = 320;
  std::vector<report::Page::Photo> small;
  for (const PhotoFile& photo : photos) {
    const Result<image::Image> image = media::ReadImageFile(photo.image);
    if (!image.has_value()) continue;
    Result<std::vector<std::byte>> jpeg = media::EncodeThumbnail(*image, kSidePx);
    if (jpeg.has_value()) small.push_back({.jpeg = *std::move(jpeg), .caption = photo.caption});
  }
  if (!small.empty()) page.Photos(small);
}

std::vector<MapLayer> LayersOf(const camera::Scene& scene) {
  std::vector<MapLayer> layers = {{.name = "training", .poses = {}, .sequences = {}},
                                  {.name = "testing", .poses = {}, .sequences = {}}};
  int run = 0;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const camera::Frame& frame = scene.frames[i];
    MapLayer& layer = layers[frame.split == camera::Split::kTrain ? 0 : 1];
    // Held-out blocks leave gaps in the training line.
    run += camera::FollowsPrevious(scene, i) ? 0 : 1;
    layer.poses.push_back(frame.world_from_cam);
    layer.sequences.push_back(std::to_string(run));
  }
  return layers;
}

}  // namespace posenet::cli
