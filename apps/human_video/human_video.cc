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

namespace posenet::human_video {
namespace {

constexpr const char* kDescription =
    "Estimates and tracks the poses of people in videos, webcams and streams. Each frame is one JSON line on standard "
    "output; positions are pixels of the upright frame, x right, y down.";

constexpr const char* kInputHelp =
    "A video file; camera:0 for the first webcam (or camera:/dev/video2); an RTSP, HTTP or other URL; a folder of "
    "numbered images; or - for MJPEG or YUV4MPEG2 on standard input. Every frame of a file is processed; of a live "
    "source always the latest, and skipped frames are counted.";

constexpr const char* kFooter = R"(Output:
  {"frame": 12, "time_s": 0.48, "width": 640, "height": 480, "poses": [
   {"id": 1, "score": 0.71, "keypoints": [{"part": "nose", "score": 0.99,
                     "position": {"x": 253.1, "y": 76.2}}, ... 17]}]}
  "id" is present with --track or --smooth. Frames without people have no
  poses. A broken frame is {"frame": 13, "time_s": 0.52, "error": "reason"}.
  "skipped": 2 means that two frames of a live source were skipped before.

CSV columns:
  frame,time_s,width,height,pose,id,pose_score,part,x,y,score,error

Output files appear under their names when they are complete. After Ctrl-C they
are completed up to the current frame.

Examples:
  posenet human video dance.mp4 --track --smooth --output dance-poses.mp4
  posenet human video dance.mp4 --size 257 --csv dance.csv --jsonl dance.jsonl
  posenet human video camera:0 --single --smooth --show
  posenet human video rtsp://camera.local/stream --track | jq .poses[].id
  posenet human video frames/ --fps 30 --every 2 --start 1.5 --end 10

Exit status: 0 success; 1 some frames were broken, or a file could not be read
or written; 2 the command line is wrong; 130 interrupted; 143 terminated.)";

// Options as parsed. Some defaults depend on other options; see Resolve.
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
  app::AddInt(app, "--every", flags.run.source.selection.every, 1, 1'000'000, "Process only every N-th frame. [1]")
      ->group(group);
  app::AddSeconds(app, "--start", flags.start_s, "Time of the first frame, in seconds. [0]")->group(group);
  app::AddSeconds(app, "--end", flags.end_s, "Time at which to stop, in seconds. [the end of the video]")->group(group);
  app::AddPositive(app, "--fps", flags.frames_per_s,
                   "Frames per second of folders and of images on standard input, which have no times; and the rate "
                   "requested from webcams. [25; the rate of the format]")
      ->group(group);
}

void AddPeopleGroup(CLI::App& app, VideoFlags& flags) {
  const char* const group = "Tracking and smoothing";
  app.add_flag_callback(
         "--track", [&flags] { flags.run.people.track = true; },
         "Assign each person a track ID that persists from frame to frame and through short occlusions. Poses below "
         "--min-pose-score (0.15 unless given) and tentative tracks (see --track-score) are omitted.")
      ->group(group);
  app.add_flag_callback(
         "--smooth", [&flags] { flags.run.people.smooth = true; },
         "Smooth keypoints over time with a one-euro filter, which hardly lags behind movements. Implies --track.")
      ->group(group);
  const auto similarity = [&flags](const CLI::results_t& texts) {
    const std::string& text = texts.front();
    if (text != "keypoints" && text != "box") {
      throw CLI::ValidationError("--track-by", "expected keypoints or box, got '" + base::Printable(text) + "'");
    }
    flags.run.people.tracker.similarity = text == "box" ? TrackSimilarity::kBox : TrackSimilarity::kKeypoints;
    return true;
  };
  app.add_option("--track-by", similarity,
                 "Similarity of poses between frames: object keypoint similarity or overlap of boxes. [keypoints]")
      ->option_text("keypoints|box")
      ->group(group);
  constexpr int kMaxTracks = 1000;
  app::AddInt(app, "--max-tracks", flags.run.people.tracker.max_tracks, 1, kMaxTracks, "Maximum number of tracks. [18]")
      ->group(group);
  app::AddPositive(app, "--track-age", flags.track_age_ms,
                   "Milliseconds after which a track without detections is deleted. [2000]")
      ->group(group);
  app::AddScore(app, "--track-score", flags.run.people.tracker.min_new_score,
                "Score at which a detection starts a confirmed track at once. Weaker ones start tentative tracks, "
                "confirmed after a fifth of a second for scores of 0.3 and later for lower ones; 0 confirms all. [0.5]")
      ->group(group);
  app::AddPositive(
      app, "--smooth-cutoff", flags.smooth_cutoff_hz,
      "Minimum cutoff frequency of the filter in hertz; lower is smoother for people who stand still. [0.4]")
      ->group(group);
  app::AddPositive(app, "--smooth-beta", flags.smooth_beta,
                   "Speed coefficient of the filter; higher lags less behind movements. TensorFlow.js uses 300 with a "
                   "cutoff of 2.5. "
                   "[20]")
      ->group(group);
}

void AddOutputGroup(CLI::App& app, VideoFlags& flags) {
  const char* const group = "Output";
  app::AddPath(
      app, "--output", flags.run.outputs.video, "FILE",
      "Write the video with skeletons, with the same frame times and without sound: .mp4, .mov or .mkv (H.264), "
      ".webm (VP8). [none]")
      ->group(group);
  app::AddPath(app, "--jsonl", flags.run.outputs.jsonl, "FILE", "Write the JSON lines to this file. [standard output]")
      ->group(group);
  app::AddPath(app, "--csv", flags.run.outputs.csv, "FILE", "Write a CSV file with one row per keypoint. [none]")
      ->group(group);
  app.add_flag_callback(
         "--show", [&flags] { flags.run.outputs.show = true; },
         "Show the video with skeletons in a window; closing it ends the run.")
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
  CLI::App app("The video command of posenet.");
  app::Action action;
  app::PrepareApp(app);
  AddHumanVideo(*app.add_subcommand("human", "Human poses in videos."), action);
  return app::RunApp(app, action, argument_count, arguments);
}

}  // namespace posenet::human_video
