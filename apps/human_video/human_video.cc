// SPDX-License-Identifier: Apache-2.0
#include "human_video/human_video.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/strings.h"
#include "common/action.h"
#include "common/command_error.h"
#include "common/command_runner.h"
#include "common/human_options.h"
#include "common/option_checks.h"
#include "human_video/video_run.h"

namespace posenet::video_app {
namespace {

constexpr const char* kDescription =
    "Finds the people in a video, frame by frame, and tells who is who. Every frame is one JSON object on one line of "
    "standard output; positions are pixels of the upright frame, x right, y down.";

constexpr const char* kInputHelp =
    "A video file; camera:0 for the first webcam (or camera:/dev/video2); an RTSP, HTTP or other URL; a folder of "
    "numbered images; or - for MJPEG or YUV4MPEG2 on standard input. Of a file every frame is answered, of a live "
    "source the newest, and those left out are counted.";

constexpr const char* kFooter = R"(Answer:
  {"frame": 12, "time_s": 0.48, "width": 640, "height": 480, "poses": [
   {"id": 1, "score": 0.71, "keypoints": [{"part": "nose", "score": 0.99,
                     "position": {"x": 253.1, "y": 76.2}}, ... 17]}]}
  "id" is there with --track or --smooth. Frames without people are lines with
  no poses. A broken frame is {"frame": 13, "time_s": 0.52, "error": "what is
  wrong"}. "skipped": 2 says that of a live source two frames before this one
  were left out.

CSV columns:
  frame,time_s,width,height,pose,id,pose_score,part,x,y,score,error

Files are complete or not there: they appear under their names at the end.
Interrupted once (Ctrl-C), the command completes what it has; the video plays.

Examples:
  posenet human video dance.mp4 --track --smooth --output dance-poses.mp4
  posenet human video dance.mp4 --size 257 --csv dance.csv --jsonl dance.jsonl
  posenet human video camera:0 --single --smooth --show
  posenet human video rtsp://camera.local/stream --track | jq .poses[].id
  posenet human video frames/ --fps 30 --every 2 --start 1.5 --end 10

Exit status: 0 all frames were answered; 1 some were broken, or something could
not be read or written; 2 the command line is wrong, nothing was done; 130
interrupted.)";

// What the command line says; what it leaves open depends on other options.
struct VideoFlags {
  VideoRunOptions run;
  std::optional<double> start_s;
  std::optional<double> end_s;
  float frames_per_s = 0.0F;
  bool is_pose_score_given = false;
  std::optional<float> track_age_ms;
  std::optional<float> smooth_cutoff_hz;
  std::optional<float> smooth_beta;
};

VideoRunOptions Resolve(const VideoFlags& flags) {
  VideoRunOptions options = flags.run;
  options.people.track = options.people.track || options.people.smooth;
  if (options.people.track && !flags.is_pose_score_given) options.human.min_pose_score = app::kMinShownPoseScore;
  options.source.frames_per_s = flags.frames_per_s;
  options.source.selection.start_s = flags.start_s.value_or(0.0);
  if (flags.end_s) options.source.selection.end_s = *flags.end_s;
  if (flags.end_s && !(*flags.end_s > flags.start_s.value_or(0.0))) {
    throw app::UsageError(base::StrCat("--end: expected a time after --start, got ", *flags.end_s));
  }
  PoseSmootherOptions& smoother = options.people.smoother;
  options.people.tracker.max_age_ms = flags.track_age_ms.value_or(options.people.tracker.max_age_ms);
  smoother.min_cutoff_hz = flags.smooth_cutoff_hz.value_or(smoother.min_cutoff_hz);
  smoother.beta = flags.smooth_beta.value_or(smoother.beta);
  options.outputs.min_keypoint_score = options.human.min_keypoint_score;
  options.outputs.min_drawn_pose_score =
      flags.is_pose_score_given ? options.human.min_pose_score : app::kMinShownPoseScore;
  options.outputs.flip_horizontal = options.human.estimator.mirror == Mirror::kHorizontal;
  return options;
}

void AddSourceGroup(CLI::App& app, VideoFlags& flags) {
  const char* const group = "Frames";
  app::AddInt(app, "--every", flags.run.source.selection.every, 1, 1'000'000, "Answer every n-th frame only. [1]")
      ->group(group);
  app::AddSeconds(app, "--start", flags.start_s, "Where to begin. [0]")->group(group);
  app::AddSeconds(app, "--end", flags.end_s, "Where to end. [the end]")->group(group);
  app::AddPositive(app, "--fps", flags.frames_per_s,
                   "Frames a second of what has no times of its own: a folder, images on standard input; and what a "
                   "webcam is asked for. [25; what the format says]")
      ->group(group);
}

void AddPeopleGroup(CLI::App& app, VideoFlags& flags) {
  const char* const group = "People over time";
  app.add_flag_callback(
         "--track", [&flags] { flags.run.people.track = true; },
         "Give everybody a number that stays the same from frame to frame, also after somebody was hidden for a "
         "moment. People below --min-pose-score, or 0.15 where that is not given, are left out, and so are poses that "
         "may show nobody: see --track-score.")
      ->group(group);
  app.add_flag_callback(
         "--smooth", [&flags] { flags.run.people.smooth = true; },
         "Steady keypoints over time, by a filter that hardly lags behind movements. Also tracks.")
      ->group(group);
  const auto similarity = [&flags](const CLI::results_t& texts) {
    const std::string& text = texts.front();
    if (text != "keypoints" && text != "box") {
      throw CLI::ValidationError("--track-by", "expected keypoints or box, got '" + base::Printable(text) + "'");
    }
    flags.run.people.tracker.similarity = text == "box" ? TrackSimilarity::kBox : TrackSimilarity::kKeypoints;
    return true;
  };
  app.add_option("--track-by", similarity, "What tells people apart: where keypoints are, or boxes. [keypoints]")
      ->option_text("keypoints|box")
      ->group(group);
  constexpr int kMostTracks = 1000;
  app::AddInt(app, "--max-tracks", flags.run.people.tracker.max_tracks, 1, kMostTracks,
              "Most people that are remembered at a time. [18]")
      ->group(group);
  app::AddPositive(app, "--track-age", flags.track_age_ms,
                   "Milliseconds after which somebody who is not seen is forgotten. [2000]")
      ->group(group);
  app::AddScore(app, "--track-score", flags.run.people.tracker.min_new_score,
                "Who scores this is somebody new at once. Weaker ones are once they were seen for a moment: a fifth of "
                "a second for scores of 0.3, longer below. At 0 every pose is somebody. [0.5]")
      ->group(group);
  app::AddPositive(app, "--smooth-cutoff", flags.smooth_cutoff_hz,
                   "Hertz below which movements of somebody who is still go through; lower is calmer. [0.4]")
      ->group(group);
  app::AddPositive(
      app, "--smooth-beta", flags.smooth_beta,
      "How fast the filter opens as people move; higher lags less. TensorFlow.js has 300, with a cutoff of "
      "2.5. [20]")
      ->group(group);
}

void AddOutputGroup(CLI::App& app, VideoFlags& flags) {
  const char* const group = "Output";
  app::AddPath(app, "--output", flags.run.outputs.video, "FILE",
               "Write the video with skeletons drawn over it, frame for frame at the same times, without sound: .mp4, "
               ".mov or .mkv (H.264), .webm (VP8).")
      ->group(group);
  app::AddPath(app, "--jsonl", flags.run.outputs.jsonl, "FILE",
               "Write the JSON lines to this file instead of standard output.")
      ->group(group);
  app::AddPath(app, "--csv", flags.run.outputs.csv, "FILE",
               "Write one row a keypoint, below a row that names the columns.")
      ->group(group);
  app.add_flag_callback(
         "--show", [&flags] { flags.run.outputs.show = true; },
         "Show the drawing in a window while it runs; closing the window ends the run.")
      ->group(group);
}

void AddHumanVideo(CLI::App& parent, app::Action& action) {
  const auto flags = std::make_shared<VideoFlags>();
  CLI::App& app = *parent.add_subcommand("video", kDescription)->group(app::kCommandGroup);
  app.footer(kFooter);
  app.add_option("INPUT", flags->run.input, kInputHelp)->required()->option_text(" ");
  app::AddEstimatorOptions(app, flags->run.human);
  AddSourceGroup(app, *flags);
  AddPeopleGroup(app, *flags);
  AddOutputGroup(app, *flags);
  app.callback([flags, &app, &action] {
    flags->is_pose_score_given = app.get_option("--min-pose-score")->count() > 0;
    action = [flags] { return RunVideo(Resolve(*flags)); };
  });
}

}  // namespace

app::ExitCode RunVideoCommandLine(int argument_count, const char* const* arguments) {
  CLI::App app("The commands of posenet that read videos.");
  app::Action action;
  app::PrepareApp(app);
  AddHumanVideo(*app.add_subcommand("human", "People in videos."), action);
  return app::RunApp(app, action, argument_count, arguments);
}

}  // namespace posenet::video_app
