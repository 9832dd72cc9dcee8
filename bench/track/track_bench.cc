// SPDX-License-Identifier: Apache-2.0
// track_bench [CHART_FOLDER]
//
// Evaluates tracking and smoothing on simulated detections, and compares them with the greedy tracker and the smoothing
// parameters of TensorFlow.js pose-detection. Measures no times and runs no model: the results are the same on every
// machine. Writes tracking.svg and smoothing.svg to CHART_FOLDER.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/strings.h"
#include "main.h"
#include "posenet/track.h"
#include "report/plot.h"
#include "track/greedy_tracker.h"
#include "track/scores.h"
#include "track/smoothing.h"
#include "track/walkers.h"

namespace {

using posenet::Pose;
using posenet::bench::Frame;
using posenet::bench::SceneOptions;
using Ids = std::vector<std::int64_t>;
using Tracker = std::function<Ids(const std::vector<Pose>&, double)>;

/// Videos of each kind, over which scores are averaged and switches summed.
constexpr int kVideos = 10;

Tracker Ours(posenet::TrackSimilarity similarity) {
  auto tracker =
      std::make_shared<posenet::PoseTracker>(posenet::PoseTracker::Create({.similarity = similarity}).value());
  return [tracker](const std::vector<Pose>& poses, double time_s) { return tracker->Update(poses, time_s).value(); };
}

Tracker Greedy() {
  auto tracker = std::make_shared<posenet::bench::GreedyTracker>();
  return [tracker](const std::vector<Pose>& poses, double time_s) { return tracker->Update(poses, time_s); };
}

posenet::bench::IdentityScores Score(const std::vector<Frame>& frames, const Tracker& tracker) {
  std::vector<posenet::bench::LabeledFrame> labeled;
  for (const Frame& frame : frames) {
    std::vector<Pose> poses;
    for (const auto& detection : frame.detections) poses.push_back(detection.pose);
    const Ids ids = tracker(poses, frame.time_s);
    posenet::bench::LabeledFrame& labeled_frame = labeled.emplace_back();
    labeled_frame.present = static_cast<int>(frame.present.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto& detection = frame.detections[i];
      labeled_frame.detections.push_back({.person = detection.is_duplicate ? -1 : detection.person, .id = ids[i]});
    }
  }
  return ScoreIdentities(labeled);
}

struct Row {
  double idf1 = 0.0;
  double max_idf1 = 0.0;
  int switches = 0;
};

using Scene = std::function<std::vector<Frame>(std::uint32_t)>;

Row Average(const Scene& scene, const std::function<Tracker()>& make_tracker) {
  Row row;
  for (std::uint32_t seed = 1; seed <= kVideos; ++seed) {
    const auto scores = Score(scene(seed), make_tracker());
    row.idf1 += scores.idf1 / kVideos;
    row.max_idf1 += scores.max_idf1 / kVideos;
    row.switches += scores.switches;
  }
  return row;
}

std::array<Row, 3> Compare(const std::string& name, const Scene& scene) {
  const std::array<Row, 3> rows = {Average(scene, [] { return Ours(posenet::TrackSimilarity::kKeypoints); }),
                                   Average(scene, [] { return Ours(posenet::TrackSimilarity::kBox); }),
                                   Average(scene, [] { return Greedy(); })};
  std::printf("%-44s %.3f  ", name.c_str(), rows[0].max_idf1);
  for (const Row& row : rows) std::printf("  %.3f %5d", row.idf1, row.switches);
  std::printf("\n");
  return rows;
}

std::vector<posenet::report::Series> CompareTrackers() {
  std::printf("%d videos of each kind               ideal      keypoints      boxes        greedy\n", kVideos);
  std::printf("%-44s IDF1     IDF1 switch   IDF1 switch   IDF1 switch\n", "");
  std::vector<posenet::report::Series> series(3);
  series[0].name = "ideal tracker";
  series[1].name = "PoseTracker";
  series[2].name = "greedy";
  for (const int people : {2, 4, 6, 8, 12, 18}) {
    const auto rows = Compare(posenet::base::StrCat("walking, ", people, " people, 30 fps"), [&](std::uint32_t seed) {
      return posenet::bench::WalkingScene({.people = people, .seed = seed});
    });
    series[0].points.push_back({.x = static_cast<double>(people), .y = rows[0].max_idf1});
    series[1].points.push_back({.x = static_cast<double>(people), .y = rows[0].idf1});
    series[2].points.push_back({.x = static_cast<double>(people), .y = rows[2].idf1});
  }
  for (const double fps : {10.0, 15.0, 25.0, 60.0}) {
    Compare(posenet::base::StrCat("walking, 8 people, ", fps, " fps"),
            [&](std::uint32_t seed) { return posenet::bench::WalkingScene({.people = 8, .fps = fps, .seed = seed}); });
  }
  Compare("walking, 8 people, 15 fps, irregular times", [](std::uint32_t seed) {
    return posenet::bench::WalkingScene({.people = 8, .fps = 15.0, .time_jitter = 0.9, .seed = seed});
  });
  Compare("walking, 8 people, noise 0.03",
          [](std::uint32_t seed) { return posenet::bench::WalkingScene({.people = 8, .noise = 0.03, .seed = seed}); });
  Compare("walking, 8 people, 15 % missed", [](std::uint32_t seed) {
    return posenet::bench::WalkingScene({.people = 8, .miss_rate = 0.15, .seed = seed});
  });
  Compare("walking, 8 people, 15 % duplicates", [](std::uint32_t seed) {
    return posenet::bench::WalkingScene({.people = 8, .duplicate_rate = 0.15, .seed = seed});
  });
  Compare("walking, 8 small people (40 to 80 pixels)", [](std::uint32_t seed) {
    return posenet::bench::WalkingScene({.people = 8, .min_size_px = 40.0, .max_size_px = 80.0, .seed = seed});
  });
  const SceneOptions clean = {
      .people = 20, .seconds = 6.0, .miss_rate = 0.0, .duplicate_rate = 0.0, .false_positive_rate = 0.0};
  for (const double fps : {10.0, 30.0, 60.0}) {
    for (const int hidden : {0, 10, 20}) {
      Compare(posenet::base::StrCat("crossing, rear occluded ", hidden, " frames, ", fps, " fps"),
              [&](std::uint32_t seed) {
                SceneOptions options = clean;
                options.fps = fps;
                options.seed = seed;
                return posenet::bench::CrossingScene(options, hidden, 0);
              });
    }
    Compare(posenet::base::StrCat("crossing, both occluded 10 frames, ", fps, " fps"), [&](std::uint32_t seed) {
      SceneOptions options = clean;
      options.fps = fps;
      options.seed = seed;
      return posenet::bench::CrossingScene(options, 10, 10);
    });
  }
  return series;
}

std::vector<posenet::report::Series> CompareSmoothing() {
  std::printf("\n%-24s %-12s", "smoothing", "noise  fps");
  std::printf("   jitter  frame jitter         lag, frames   error walking\n");
  const std::array<std::pair<const char*, posenet::PoseSmootherOptions>, 2> all = {
      {{"default", {}}, {"TensorFlow.js", posenet::kTfjsSmoothing}}};
  std::vector<posenet::report::Series> series;
  for (const auto& [name, options] : all) {
    series.push_back({.name = name, .mark = posenet::report::Mark::kDots, .points = {}});
    for (const double noise : {0.003, 0.005, 0.01, 0.02, 0.03}) {
      for (const double fps : {10.0, 15.0, 30.0, 60.0}) {
        const auto scores = posenet::bench::TrySmoothing(options, {.fps = fps, .noise = noise});
        std::printf("%-24s %.3f  %2.0f       %.3f    %.3f              %5.2f         %.2f\n", name, noise, fps,
                    scores.jitter, scores.frame_jitter, scores.lag_frames, scores.error);
        series.back().points.push_back({.x = scores.lag_frames, .y = scores.jitter});
      }
    }
  }
  return series;
}

/// The <svg> element of a page as a file.
std::string Standalone(std::string svg) {
  const std::string style =
      "<!-- SPDX-License-Identifier: Apache-2.0. Drawn by bench/track/track_bench. -->\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"736\" height=\"420\" style=\"background: #fff\"";
  const std::string colors =
      "<style>\nsvg { --line: #d8dee4; --faint: #57606a; --s0: #6e7781; --s1: #0969da; --s2: #bc4c00; }\n"
      "text { fill: var(--faint); font: 12px system-ui, sans-serif; }\n"
      ".axis { stroke: var(--line); fill: none; } .line { fill: none; stroke-width: 1.8; }\n</style>\n";
  svg.replace(0, 4, style);
  svg.insert(svg.find(">\n", style.size()) + 2, colors);
  return svg;
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() > 2) {
    std::fputs("usage: track_bench [CHART_FOLDER]\n", stderr);
    return 2;
  }
  const auto tracking = CompareTrackers();
  const auto smoothing = CompareSmoothing();
  if (arguments.size() < 2) return 0;
  const std::filesystem::path folder = arguments[1];
  for (const auto& [name, svg] :
       {std::pair("tracking.svg", PlotSvg(tracking, {.x_label = "people in the image", .y_label = "IDF1"})),
        std::pair("smoothing.svg",
                  PlotSvg(smoothing, {.x_label = "lag of a walker, frames", .y_label = "jitter at rest"}))}) {
    const auto written = posenet::base::WriteFile(folder / name, Standalone(svg));
    if (!written) {
      std::fprintf(stderr, "%s\n", written.error().message.c_str());
      return 1;
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return posenet::bench::Main("track_bench", argc, argv, &Run); }
