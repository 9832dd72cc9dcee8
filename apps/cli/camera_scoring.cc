// SPDX-License-Identifier: Apache-2.0
#include "cli/camera_scoring.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/natural_order.h"
#include "base/strings.h"
#include "camera/baselines.h"
#include "common/camera_engine.h"
#include "common/pose_json.h"

namespace posenet::cli {
namespace {

// Of each sequence, where there are several.
std::vector<ErrorRow> SequenceRows(const PoseTruth& truth, const std::vector<camera::PoseError>& errors) {
  std::vector<std::string> names;
  std::map<std::string, std::vector<camera::PoseError>> errors_of;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (!errors_of.contains(truth.sequences[i])) names.push_back(truth.sequences[i]);
    errors_of[truth.sequences[i]].push_back(errors[i]);
  }
  if (names.size() < 2) return {};
  std::ranges::sort(names, base::NaturalLess);
  std::vector<ErrorRow> rows;
  rows.reserve(names.size());
  for (const std::string& name : names) rows.push_back({.name = name, .summary = camera::Summarize(errors_of[name])});
  return rows;
}

// The estimates, then the baselines.
std::vector<ErrorRow> RowsOf(const PoseScore& score) {
  std::vector<ErrorRow> rows = {score.estimates};
  rows.insert(rows.end(), score.baselines.begin(), score.baselines.end());
  return rows;
}

// The estimates beside the truth.
std::vector<MapLayer> LayersOfScore(const PoseTruth& truth,
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

void AddFrame(const camera::Frame& frame, PoseTruth& truth) {
  truth.frames.push_back(
      {.name = frame.name, .time_s = frame.time_s, .world_from_cam = frame.world_from_cam, .origin = frame.origin});
  truth.sequences.push_back(frame.sequence);
  truth.images.push_back(frame.image);
}

PoseTruth TruthOfTestFrames(const camera::Scene& scene) {
  PoseTruth truth;
  truth.units = scene.units;
  truth.remarks = scene.remarks;
  for (const camera::Frame& frame : scene.frames) {
    if (frame.split == camera::Split::kTest) AddFrame(frame, truth);
  }
  const std::vector<camera::RigidPose> training = camera::PosesOf(scene, camera::Split::kTrain);
  const std::vector<camera::RigidPose> test = camera::PosesOf(scene, camera::Split::kTest);
  truth.baselines = {
      {"constant pose", camera::ConstantErrors(training, test)},
      {"oracle retrieval", camera::OracleRetrievalErrors(training, test, camera::NearnessScaleOf(scene))}};
  return truth;
}

PoseScore ScorePoses(const PoseTruth& truth, std::span<const std::optional<camera::RigidPose>> estimates,
                     const std::string& name) {
  PoseScore score;
  for (std::size_t i = 0; i < truth.frames.size(); ++i) {
    const auto& estimate = estimates[i];
    score.errors.push_back(estimate ? camera::ErrorOf(truth.frames[i].world_from_cam, *estimate) : camera::kMissing);
  }
  score.estimates = {.name = name, .summary = camera::Summarize(score.errors)};
  for (const ErrorCurve& baseline : truth.baselines) {
    score.baselines.push_back({.name = baseline.name, .summary = camera::Summarize(baseline.errors)});
  }
  score.sequences = SequenceRows(truth, score.errors);
  score.remarks = truth.remarks;
  return score;
}

std::string FormatScore(const PoseScore& score, LengthUnit units) {
  const std::vector<ErrorRow> rows = RowsOf(score);
  std::string text = FormatErrorTable(rows, units);
  const std::string shares = FormatShareTable(rows, units);
  if (!shares.empty()) text += "\n" + shares;
  if (!score.sequences.empty()) text += "\nby sequence:\n" + FormatErrorTable(score.sequences, units);
  if (units == LengthUnit::kArbitrary) text += "\nlengths are in the units of the scene, which are arbitrary\n";
  if (!score.remarks.empty()) text += "\n";
  for (const std::string& remark : score.remarks) text += "note: " + base::Printable(remark, 1000) + "\n";
  return text;
}

nlohmann::ordered_json ScoreJson(const PoseScore& score, LengthUnit units) {
  nlohmann::ordered_json json;
  json["name"] = app::ValidUtf8(score.estimates.name);
  json["units"] = app::UnitsName(units);
  json.update(SummaryJson(score.estimates.summary));
  for (const ErrorRow& row : score.baselines) json["baselines"][row.name] = SummaryJson(row.summary);
  for (const ErrorRow& row : score.sequences) json["sequences"][app::ValidUtf8(row.name)] = SummaryJson(row.summary);
  json["notes"] = nlohmann::ordered_json::array();
  for (const std::string& remark : score.remarks) json["notes"].push_back(app::ValidUtf8(remark));
  return json;
}

void AddScore(const PoseTruth& truth, const PoseScore& score, report::Page& page) {
  AddErrorTables(RowsOf(score), truth.units, page);
  for (const std::string& remark : score.remarks) page.Paragraph("Note: " + remark + ".");
  std::vector<ErrorCurve> curves = {{.name = score.estimates.name, .errors = score.errors}};
  curves.insert(curves.end(), truth.baselines.begin(), truth.baselines.end());
  page.Heading("Errors");
  AddErrorCurves(curves, truth.units, page);
  if (!score.sequences.empty()) page.Table(ErrorCells(score.sequences, truth.units));
}

void AddScoreMaps(const PoseTruth& truth, std::span<const std::optional<camera::RigidPose>> estimates,
                  report::Page& page) {
  page.Heading("Where the cameras were");
  AddMaps(LayersOfScore(truth, estimates), truth.units, page);
}

void AddWorst(const PoseTruth& truth, const PoseScore& score, report::Page& page) {
  constexpr std::size_t kCount = 12;
  std::vector<std::size_t> order(truth.frames.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return score.errors[i].position_m; });
  order.resize(std::min(order.size(), kCount));
  std::vector<std::vector<std::string>> rows = {{"FRAME", "ERROR"}};
  std::vector<PhotoFile> photos;
  for (const std::size_t i : order) {
    const std::string error =
        std::isfinite(score.errors[i].position_m) ? FormatPoseError(score.errors[i], truth.units) : "no estimate";
    rows.push_back({truth.frames[i].name, error});
    if (!truth.images.empty()) {
      photos.push_back({.image = truth.images[i], .caption = base::StrCat(truth.frames[i].name, ": ", error)});
    }
  }
  page.Heading("The worst frames");
  page.Table(rows);
  AddPhotos(photos, page);
}

}  // namespace posenet::cli
