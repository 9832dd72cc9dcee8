// SPDX-License-Identifier: Apache-2.0
#include "cli/camera_scoring.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/strings.h"
#include "camera/camera_spec.h"
#include "cli/camera_report.h"
#include "cli/camera_tables.h"
#include "common/camera_engine.h"
#include "common/pose_json.h"

namespace posenet::cli {
namespace {

// The estimates, then the baselines.
std::vector<camera::MethodSummary> RowsOf(const camera::PoseScore& score) {
  std::vector<camera::MethodSummary> rows = {{score.estimates.name, score.summary}};
  rows.insert(rows.end(), score.baselines.begin(), score.baselines.end());
  return rows;
}

// The true and the estimated cameras.
std::vector<MapLayer> LayersOfScore(const camera::GroundTruth& truth,
                                    std::span<const std::optional<camera::RigidPose>> estimates) {
  std::vector<MapLayer> layers = {{.name = "true", .poses = {}, .sequences = {}},
                                  {.name = "estimated", .poses = {}, .sequences = {}}};
  for (std::size_t i = 0; i < truth.frames.size(); ++i) {
    layers[0].poses.push_back(truth.frames[i].world_from_cam);
    layers[0].sequences.push_back(truth.sequences[i]);
    if (!estimates[i]) continue;
    layers[1].poses.push_back(*estimates[i]);
    layers[1].sequences.push_back(truth.sequences[i]);
  }
  return layers;
}

}  // namespace

std::string FormatScore(const camera::PoseScore& score, LengthUnit units) {
  const std::vector<camera::MethodSummary> rows = RowsOf(score);
  std::string text = FormatErrorTable(rows, units);
  const std::string shares = FormatShareTable(rows, units);
  if (!shares.empty()) text += "\n" + shares;
  if (!score.sequences.empty()) text += "\nby sequence:\n" + FormatErrorTable(score.sequences, units);
  if (units == LengthUnit::kArbitrary) text += "\nlengths are in the arbitrary units of the scene\n";
  if (!score.remarks.empty()) text += "\n";
  for (const std::string& remark : score.remarks) text += "note: " + base::Printable(remark, 1000) + "\n";
  return text;
}

nlohmann::ordered_json ScoreJson(const camera::PoseScore& score, LengthUnit units) {
  nlohmann::ordered_json json;
  json["name"] = app::ValidUtf8(score.estimates.name);
  json["units"] = camera::LengthUnitName(units);
  json.update(SummaryJson(score.summary));
  for (const camera::MethodSummary& row : score.baselines) json["baselines"][row.name] = SummaryJson(row.summary);
  for (const camera::MethodSummary& row : score.sequences)
    json["sequences"][app::ValidUtf8(row.name)] = SummaryJson(row.summary);
  json["notes"] = nlohmann::ordered_json::array();
  for (const std::string& remark : score.remarks) json["notes"].push_back(app::ValidUtf8(remark));
  return json;
}

void AddScore(const camera::GroundTruth& truth, const camera::PoseScore& score, report::Page& page) {
  AddErrorTables(RowsOf(score), truth.units, page);
  for (const std::string& remark : score.remarks) page.Paragraph("Note: " + remark + ".");
  std::vector<camera::MethodErrors> curves = {score.estimates};
  curves.insert(curves.end(), truth.baselines.begin(), truth.baselines.end());
  page.Heading("Errors");
  AddErrorCurves(curves, truth.units, page);
  if (!score.sequences.empty()) page.Table(ErrorCells(score.sequences, truth.units));
}

void AddScoreMaps(const camera::GroundTruth& truth, std::span<const std::optional<camera::RigidPose>> estimates,
                  report::Page& page) {
  page.Heading("Camera positions");
  AddMaps(LayersOfScore(truth, estimates), truth.units, page);
}

void AddWorst(const camera::GroundTruth& truth, const camera::PoseScore& score, report::Page& page) {
  constexpr std::size_t kCount = 12;
  std::vector<std::size_t> order(truth.frames.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return score.estimates.errors[i].position_m; });
  order.resize(std::min(order.size(), kCount));
  std::vector<std::vector<std::string>> rows = {{"FRAME", "ERROR"}};
  std::vector<PhotoFile> photos;
  for (const std::size_t i : order) {
    const std::string error = std::isfinite(score.estimates.errors[i].position_m)
                                  ? FormatPoseError(score.estimates.errors[i], truth.units)
                                  : "no estimate";
    rows.push_back({truth.frames[i].name, error});
    if (!truth.images.empty()) {
      photos.push_back({.image = truth.images[i], .caption = base::StrCat(truth.frames[i].name, ": ", error)});
    }
  }
  page.Heading("Worst frames");
  page.Table(rows);
  AddPhotos(photos, page);
}

}  // namespace posenet::cli
