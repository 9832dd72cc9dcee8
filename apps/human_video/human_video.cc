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
#include "common/help_formatter.h"
#include "common/human_options.h"
#include "common/option_checks.h"
#include "human_video/video_run.h"
#include "posenet/follow.h"
#include "posenet/track.h"

namespace posenet::human_video {
namespace {

constexpr const char* kDescription =
    "Estimate and track the poses of people in videos, webcams and network streams. Writes one JSON object per frame, "
    "on one line of standard output; positions are pixels of the upright frame, x to the right and y down.";

constexpr const char* kInputHelp =
    "A video file; camera:0 for the first webcam (or /dev/video2); an RTSP, HTTP or other URL; a folder of numbered "
    "images; or - for MJPEG or YUV4MPEG2 on standard input. All frames of files are processed; of live sources the "
    "latest frame is, and skipped frames are counted.";

const std::string kFooter =
    base::StrCat(R"(Output format:
  {"frame": 12, "time_s": 0.48, "width": 640, "height": 480, "poses": [
   {"id": 1, "score": 0.71, "keypoints": [{"part": "nose", "score": 0.99,
                     "position": {"x": 253.1, "y": 76.2}}, ... 17]}]}
  "id", the track ID, is present with --track or --smooth. For a broken frame:
  {"frame": 13, "time_s": 0.52, "error": "what is wrong"}. "skipped": 2 means
  that two frames of a live source before this one were skipped.

CSV columns:
  frame,time_s,width,height,pose,id,pose_score,part,x,y,score,error

Output files appear when the command ends. If it is interrupted, they contain
the frames that were finished, and the video is playable.

Examples:
  posenet human video dance.mp4 --track --smooth --output dance-poses.mp4
  posenet human video dance.mp4 --size 257 --csv dance.csv --jsonl dance.jsonl
  posenet human video dance.mp4 --track --openpose dance-openpose/
  posenet human video dance.mp4 --size 257 --refine lightning --track
  posenet human video camera:0 --single --smooth --show
  posenet human video rtsp://camera.local/stream --track | jq .poses[].id
  posenet human video frames/ --fps 30 --every 2 --start 1.5 --end 10

)",
                 app::ExitStatusHelp("success", "some frames were broken, or something could not be read or written"));

// The command line. Options without a value have defaults that depend on other options.
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
  app::AddInt(app, "--every", flags.run.source.selection.every, 1, 1'000'000, "Process every N-th frame only. [1]")
      ->group(group);
  app::AddSeconds(app, "--start", flags.start_s, "Time of the first frame to process. [0]")->group(group);
  app::AddSeconds(app, "--end", flags.end_s, "Time at which to stop. [the end of the video]")->group(group);
  app::AddPositive(app, "--fps", flags.frames_per_s,
                   "Frames per second of inputs without frame times (folders, and images on standard input), and the "
                   "rate to request from a webcam. [25; the webcam's own]")
      ->group(group);
}

void AddTrackingGroup(CLI::App& app, VideoFlags& flags) {
  const char* const group = "Tracking";
  app.add_flag_callback(
         "--track", [&flags] { flags.run.people.track = true; },
         "Assign each person a track ID that persists from frame to frame and through short occlusions. Poses of "
         "tentative tracks are left out (see --track-score), and so are poses that score less than --min-pose-score, "
         "which is then 0.15 by default.")
      ->group(group);
  app.add_flag_callback(
         "--smooth", [&flags] { flags.run.people.smooth = true; },
         "Smooth keypoints over time with a One Euro filter, which removes jitter with little lag. Implies --track.")
      ->group(group);
  app::AddInt(app, "--propose-every", flags.run.people.propose_every, 1, kMaxProposeEvery,
              "With --refine, tracked people are refined from their predicted poses, and --model only runs every N-th "
              "frame, and when a track is lost: a new person appears within N frames. 1 runs it in every frame. [10]")
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
                 "Similarity by which poses are matched to tracks: of keypoints (OKS) or of bounding boxes (IoU). "
                 "[keypoints]")
      ->option_text("keypoints|box")
      ->group(group);
  app::AddInt(app, "--max-tracks", flags.run.people.tracker.max_tracks, 1, kMaxTracks,
              "Maximum number of tracks at a time. [18]")
      ->group(group);
  app::AddPositive(app, "--track-age", flags.track_age_ms,
                   "Milliseconds after which the track of a person who is no longer detected ends. [2000]")
      ->group(group);
  app::AddScore(app, "--track-score", flags.run.people.tracker.min_new_score,
                "Pose score, 0 to 1, at which a new track is confirmed at once. Tracks of weaker poses are confirmed "
                "after a while: 0.2 s for a score of 0.3, longer below. [0.5]")
      ->group(group);
  app::AddPositive(app, "--smooth-cutoff", flags.smooth_cutoff_hz,
                   "Cutoff frequency of the filter in Hz for a person at rest; lower is smoother. [0.4]")
      ->group(group);
  app::AddPositive(app, "--smooth-beta", flags.smooth_beta,
                   "Increase of the cutoff frequency with speed; higher lags less. TensorFlow.js uses 300, with a "
                   "cutoff of 2.5 Hz. [20]")
      ->group(group);
}

void AddOutputGroup(CLI::App& app, VideoFlags& flags) {
  const char* const group = "Output";
  app::AddPath(app, "--output", flags.run.outputs.video, "FILE",
               "Write the video with poses drawn over it, with the same frame times and without sound: .mp4, .mov or "
               ".mkv (H.264), or .webm (VP8).")
      ->group(group);
  app::AddPath(app, "--jsonl", flags.run.outputs.jsonl, "FILE",
               "Write the JSON lines to this file instead of standard output.")
      ->group(group);
  app::AddPath(app, "--csv", flags.run.outputs.csv, "FILE", "Write one CSV row per keypoint, below a header row.")
      ->group(group);
  app::AddPath(
      app, "--openpose", flags.run.outputs.openpose, "FOLDER",
      "Write OpenPose JSON, one NAME_000000000012_keypoints.json per frame, to a new folder: 25 keypoints "
      "(BODY_25), with the neck and the mid hip computed from shoulders and hips. The feet, and keypoints below "
      "--min-keypoint-score, are zeros; person_id is the track ID. Broken frames have no file.")
      ->group(group);
  app.add_flag_callback(
         "--show", [&flags] { flags.run.outputs.show = true; },
         "Show the video with poses in a window. Closing the window ends the run.")
      ->group(group);
}

void AddHumanVideo(CLI::App& parent, app::Action& action) {
  const auto flags = std::make_shared<VideoFlags>();
  CLI::App& app = *parent.add_subcommand("video", kDescription)->group(app::kCommandGroup);
  app.footer(kFooter);
  app.add_option("INPUT", flags->run.input, kInputHelp)->required()->option_text(" ");
  app::AddEstimatorOptions(app, flags->run.human);
  app.get_option("--single")
      ->description(
          "Follow one person: the network's input is a crop around where the person was in the frame before; with "
          "--refine, that network alone runs while the person is visible. More accurate for a person who is small in "
          "the frame, and faster.");
  app.get_option("--threads")
      ->description(
          "Frames of a file that are processed in parallel, or threads per frame of a live source, with --single, and "
          "with --refine and --track; 0 means one per core. [0]");
  AddSourceGroup(app, *flags);
  AddTrackingGroup(app, *flags);
  AddOutputGroup(app, *flags);
  app.callback([flags, &app, &action] {
    app::CheckOptionsNeed(app, {"--track-by", "--max-tracks", "--track-age", "--track-score"}, {"--track", "--smooth"});
    app::CheckOptionsNeed(app, {"--propose-every"}, {"--track", "--smooth"});
    app::CheckOptionsNeed(app, {"--propose-every"}, {"--refine"});
    app::CheckOptionsExclude(app, {"--propose-every"}, "--single");
    app::CheckOptionsNeed(app, {"--smooth-cutoff", "--smooth-beta"}, {"--smooth"});
    flags->is_pose_score_given = app.get_option("--min-pose-score")->count() > 0;
    action = [flags] { return RunVideo(Resolve(*flags)); };
  });
}

}  // namespace

app::ExitCode RunVideoCommandLine(int argument_count, const char* const* arguments) {
  CLI::App app("Pose estimation in videos.");
  app::Action action;
  app::PrepareApp(app);
  AddHumanVideo(*app.add_subcommand("human", "Human poses in videos."), action);
  return app::RunApp(app, action, argument_count, arguments);
}

}  // namespace posenet::human_video
