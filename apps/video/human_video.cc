// SPDX-License-Identifier: Apache-2.0
#include "human_video.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "command_error.h"
#include "command_runner.h"
#include "commands.h"
#include "frame_pipeline.h"
#include "human_options.h"
#include "numbers.h"
#include "option_checks.h"
#include "person_numbers.h"
#include "posenet/follow.h"
#include "progress.h"
#include "signals.h"
#include "standard_streams.h"
#include "stopwatch.h"
#include "video/frame_source.h"
#include "video_outputs.h"

namespace posenet::video_app {
namespace {

constexpr const char* kDescription =
    "Finds the people in a video, frame by frame, and tells who is who. Every frame is one JSON object on one line of "
    "standard output; positions are pixels of the upright frame, x right, y down.";

constexpr const char* kInputHelp =
    "A video file; camera:0 for the first webcam (or camera:/dev/video2); an RTSP, HTTP or other URL; a folder of "
    "numbered pictures; or - for MJPEG or YUV4MPEG2 on standard input. Of a file every frame is answered, of a live "
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

// Below it, the decoder's second guesses come and go from frame to frame; each would be a person of its own.
constexpr float kMinTrackedPoseScore = 0.15F;

struct VideoOptions {
  cli::HumanOptions human;
  std::string input;
  video::SourceOptions source;
  PersonOptions people;
  VideoOutputOptions outputs;
  std::optional<double> start_s;
  std::optional<double> end_s;
  float frames_per_s = 0.0F;
  bool is_pose_score_given = false;
};

bool IsSingle(const VideoOptions& options) { return options.human.estimator.decoder == PoseDecoder::kTfjsSingle; }

// Frames that will be answered, for the progress bar.
std::optional<std::size_t> ExpectedCount(const video::VideoInfo& info, const video::FrameSelection& selection) {
  if (info.is_live || !info.frame_count || !info.duration_s || *info.duration_s <= 0.0) return std::nullopt;
  const double covered_s = std::min(selection.end_s, *info.duration_s) - std::min(selection.start_s, *info.duration_s);
  const double count = static_cast<double>(*info.frame_count) * covered_s / *info.duration_s / selection.every;
  return static_cast<std::size_t>(std::ceil(count));
}

// One run's state, so that each step is short.
class Runner {
 public:
  explicit Runner(const VideoOptions& options)
      : options_(options), source_(Open(options)), people_(options.people), engine_(MakeEngine()) {
    if (IsSingle(options)) follower_ = cli::ValueOrThrow(PersonFollower::Create(engine_->estimator));
  }

  cli::ExitCode Run() {
    const video::VideoInfo& info = source_->info();
    VideoOutputs outputs(options_.outputs, options_.input, info, OutputRate(info));
    cli::ProgressBar progress(ExpectedCount(info, options_.source.selection), "frames");
    const bool answers_beside_bar = options_.outputs.jsonl.empty() && cli::StandardOutputIsTerminal();
    const cli::Stopwatch stopwatch;
    FramePipeline pipeline(
        *source_, [this](const video::VideoFrame& frame) { return engine_->estimator.Estimate(frame.image.View()); },
        WorkerCount());
    for (;;) {
      progress.Show(frame_count_);
      Result<std::optional<FrameAnswer>> answer = pipeline.Next();
      if (answers_beside_bar) progress.Hide();
      if (!answer.has_value()) {
        Report(progress, answer.error().message);
        break;
      }
      if (!answer->has_value() || !Answer(**answer, outputs, progress)) break;
    }
    progress.Hide();
    outputs.Commit();
    Summarize(stopwatch.ElapsedMs() / 1000.0);
    if (cli::IsInterrupted()) {
      throw cli::CommandError(cli::ExitCode::kInterrupted, "interrupted; what was written until then is complete");
    }
    return failure_count_ == 0 ? cli::ExitCode::kSuccess : cli::ExitCode::kFailure;
  }

 private:
  static std::unique_ptr<video::FrameSource> Open(const VideoOptions& options) {
    if (options.input == video::kStandardInput && cli::StandardInputIsTerminal()) {
      throw cli::UsageError("-: expected a video on standard input, which is a terminal");
    }
    video::SourceOptions source = options.source;
    source.is_cancelled = [] { return cli::IsInterrupted(); };
    return cli::FileValueOrThrow(video::OpenFrameSource(options.input, source));
  }

  // Frames of a file are shared out among the threads, which wait for nobody so; of a live source, or where each frame
  // is looked at where the one before has people, all threads work on one frame, to be done with it sooner.
  [[nodiscard]] bool HasOneWorker() const { return source_->info().is_live || IsSingle(options_); }

  [[nodiscard]] int WorkerCount() const {
    if (HasOneWorker()) return 1;
    const int wanted = options_.human.estimator.thread_count;
    return wanted > 0 ? wanted : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  }

  [[nodiscard]] std::unique_ptr<cli::Engine> MakeEngine() const {
    cli::HumanOptions human = options_.human;
    if (!HasOneWorker()) human.estimator.thread_count = 1;
    // Several people may be in the frame; the one that is followed must not be mixed with others.
    if (IsSingle(options_)) human.estimator.decoder = std::nullopt;
    return std::make_unique<cli::Engine>(cli::CreateEngine(human));
  }

  // Of a file called from several threads at a time, which is fine with an estimator; a follower has one worker.
  Result<std::vector<Pose>> Estimate(const ImageView& frame) {
    if (!follower_) return engine_->estimator.Estimate(frame);
    const Result<std::optional<Pose>> pose = follower_->Estimate(frame);
    if (!pose.has_value()) return tl::unexpected(pose.error());
    return pose->has_value() ? std::vector<Pose>{**pose} : std::vector<Pose>();
  }

  [[nodiscard]] double OutputRate(const video::VideoInfo& info) const {
    constexpr double kUsualFramesPerSecond = 25.0;
    return info.frames_per_s.value_or(kUsualFramesPerSecond) / options_.source.selection.every;
  }

  bool Answer(FrameAnswer& answer, VideoOutputs& outputs, cli::ProgressBar& progress) {
    ++frame_count_;
    skipped_count_ += answer.skipped_count;
    std::vector<std::int64_t> ids;
    if (answer.frame.error) {
      Report(progress, StrCat("frame ", answer.frame.number, ": ", answer.frame.error->message));
    } else {
      std::erase_if(answer.poses, [this](const Pose& pose) { return pose.score < options_.human.min_pose_score; });
      ids = people_.Follow(answer.poses, answer.frame.time_s);
    }
    return outputs.Write(answer, ids);
  }

  void Report(cli::ProgressBar& progress, const std::string& message) {
    ++failure_count_;
    progress.Hide();
    cli::PrintError(StrCat(Printable(options_.input), ": ", message));
  }

  // For people who watch, and where something is to be said.
  void Summarize(double elapsed_s) const {
    if (skipped_count_ == 0 && failure_count_ == 0 && !cli::StandardErrorIsTerminal()) return;
    std::string text = StrCat(frame_count_, " frames in ", cli::FormatFixed(elapsed_s, 1), " s");
    if (skipped_count_ > 0) text += StrCat(", ", skipped_count_, " skipped to keep up");
    if (failure_count_ > 0) text += StrCat(", ", failure_count_, " failures");
    cli::WriteStandardError(text + "\n");
  }

  const VideoOptions& options_;
  std::unique_ptr<video::FrameSource> source_;
  PersonNumbers people_;
  std::unique_ptr<cli::Engine> engine_;
  std::optional<PersonFollower> follower_;
  std::size_t frame_count_ = 0;
  std::int64_t skipped_count_ = 0;
  std::size_t failure_count_ = 0;
};

cli::ExitCode RunVideo(VideoOptions options) {
  const bool tracks = options.people.track || options.people.smooth;
  if (tracks && !options.is_pose_score_given) options.human.min_pose_score = kMinTrackedPoseScore;
  options.source.frames_per_s = options.frames_per_s;
  options.source.selection.start_s = options.start_s.value_or(0.0);
  if (options.end_s) options.source.selection.end_s = *options.end_s;
  if (options.end_s && !(*options.end_s > options.start_s.value_or(0.0))) {
    throw cli::UsageError(StrCat("--end: expected a time after --start, got ", *options.end_s));
  }
  options.outputs.min_keypoint_score = options.human.min_keypoint_score;
  options.outputs.min_drawn_pose_score =
      options.is_pose_score_given ? options.human.min_pose_score : kMinTrackedPoseScore;
  options.outputs.flip_horizontal = options.human.estimator.mirror == Mirror::kHorizontal;
  return Runner(options).Run();
}

void AddSourceGroup(CLI::App& app, VideoOptions& options) {
  const char* const group = "Frames";
  cli::AddInt(app, "--every", options.source.selection.every, 1, 1'000'000, "Answer every n-th frame only. [1]")
      ->group(group);
  cli::AddSeconds(app, "--start", options.start_s, "Where to begin. [0]")->group(group);
  cli::AddSeconds(app, "--end", options.end_s, "Where to end. [the end]")->group(group);
  cli::AddPositive(app, "--fps", options.frames_per_s,
                   "Frames a second of what has no times of its own: a folder, pictures on standard input; and what a "
                   "webcam is asked for. [25; what the format says]")
      ->group(group);
}

void AddPeopleGroup(CLI::App& app, VideoOptions& options) {
  const char* const group = "People over time";
  app.add_flag_callback(
         "--track", [&options] { options.people.track = true; },
         "Give everybody a number that stays the same from frame to frame, also after somebody was hidden for a "
         "moment. People below --min-pose-score, or 0.15 where that is not given, are left out.")
      ->group(group);
  app.add_flag_callback(
         "--smooth", [&options] { options.people.smooth = true; },
         "Steady keypoints over time, by a filter that hardly lags behind movements. Also tracks.")
      ->group(group);
}

void AddOutputGroup(CLI::App& app, VideoOptions& options) {
  const char* const group = "Output";
  cli::AddPath(app, "--output", options.outputs.video, "FILE",
               "Write the video with skeletons drawn over it, frame for frame at the same times, without sound: .mp4, "
               ".mov or .mkv (H.264), .webm (VP8).")
      ->group(group);
  cli::AddPath(app, "--jsonl", options.outputs.jsonl, "FILE",
               "Write the JSON lines to this file instead of standard output.")
      ->group(group);
  cli::AddPath(app, "--csv", options.outputs.csv, "FILE",
               "Write one row a keypoint, below a row that names the columns.")
      ->group(group);
  app.add_flag_callback(
         "--show", [&options] { options.outputs.show = true; },
         "Show the drawing in a window while it runs; closing the window ends the run.")
      ->group(group);
}

void AddHumanVideo(CLI::App& parent, cli::Action& action) {
  const auto options = std::make_shared<VideoOptions>();
  CLI::App& app = *parent.add_subcommand("video", kDescription)->group(cli::kCommandGroup);
  app.footer(kFooter);
  app.add_option("INPUT", options->input, kInputHelp)->required()->option_text(" ");
  cli::AddEstimatorOptions(app, options->human);
  AddSourceGroup(app, *options);
  AddPeopleGroup(app, *options);
  AddOutputGroup(app, *options);
  app.callback([options, &app, &action] {
    options->is_pose_score_given = app.get_option("--min-pose-score")->count() > 0;
    action = [options] { return RunVideo(*options); };
  });
}

}  // namespace

cli::ExitCode RunVideoCommandLine(int argument_count, const char* const* arguments) {
  CLI::App app("The commands of posenet that read videos.");
  cli::Action action;
  cli::PrepareApp(app);
  AddHumanVideo(*app.add_subcommand("human", "People in videos."), action);
  return cli::RunApp(app, action, argument_count, arguments);
}

}  // namespace posenet::video_app
