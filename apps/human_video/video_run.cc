// SPDX-License-Identifier: Apache-2.0
#include "human_video/video_run.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/redact.h"
#include "base/strings.h"
#include "common/command_error.h"
#include "common/inputs.h"
#include "common/numbers.h"
#include "common/progress.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "common/stopwatch.h"
#include "human_video/frame_pipeline.h"
#include "posenet/follow.h"

namespace posenet::human_video {
namespace {

bool IsSingle(const VideoRunOptions& options) { return options.human.estimator.decoder == PoseDecoder::kTfjsSingle; }

// Whether tracked people are refined from their predicted poses.
bool FollowsPeople(const VideoRunOptions& options) {
  return app::FollowsPeople(options.people, !options.human.refine.refine.empty()) && !IsSingle(options);
}

// The expected number of frames, for the progress bar.
std::optional<std::size_t> ExpectedCount(const video::VideoInfo& info, const video::FrameSelection& selection) {
  if (info.is_live || !info.frame_count || !info.duration_s || *info.duration_s <= 0.0) return std::nullopt;
  const double covered_s = std::min(selection.end_s, *info.duration_s) - std::min(selection.start_s, *info.duration_s);
  const double count = static_cast<double>(*info.frame_count) * covered_s / *info.duration_s / selection.every;
  return static_cast<std::size_t>(std::ceil(count));
}

std::string InputName(const VideoRunOptions& options) {
  return base::Printable(base::WithoutCredentials(options.input));
}

// Throws CommandError for an input that is written as for other programs.
void CheckInput(const std::string& input) {
  std::error_code ignored;
  if (input == video::kStandardInput) {
    if (app::StandardInputIsTerminal()) {
      throw app::UsageError("-: expected a video on standard input, which is a terminal");
    }
    return;
  }
  if (std::filesystem::exists(input, ignored)) return;
  if (!input.empty() && input.find_first_not_of("0123456789") == std::string::npos) {
    throw app::UsageError(base::StrCat(input, ": no such file; for a webcam, use camera:", input));
  }
  if (input.find("://") == std::string::npos && app::IsSequencePattern(input)) {
    throw app::UsageError(base::StrCat(base::Printable(input), ": is a pattern; pass the folder of the images"));
  }
}

class VideoRun {
 public:
  explicit VideoRun(const VideoRunOptions& options)
      : options_(options),
        source_(Open(options)),
        people_(app::ValueOrThrow(
            app::PeopleOverTime::Create(options.people,
                                        FollowsPeople(options) ? app::IdSource::kFollower : app::IdSource::kTracker),
            app::ExitCode::kUsage)),
        engine_(MakeEngine()) {
    if (IsSingle(options)) follower_ = app::ValueOrThrow(PersonFollower::Create(engine_->estimator));
    if (FollowsPeople(options)) {
      people_follower_ =
          app::ValueOrThrow(app::CreateFollower(engine_->estimator, options.people, {}, options.human.min_pose_score),
                            app::ExitCode::kUsage);
    }
  }

  app::ExitCode Run() {
    const video::VideoInfo& info = source_->info();
    VideoOutputs outputs(options_.outputs, options_.input, info, OutputRate(info));
    app::ProgressBar progress(ExpectedCount(info, options_.source.selection), "frames");
    const bool prints_beside_bar = options_.outputs.jsonl.empty() && app::StandardOutputIsTerminal();
    const app::Stopwatch stopwatch;
    FramePipeline pipeline(
        *source_, [this](FrameResult& result) { return Estimate(result); }, WorkerCount());
    for (;;) {
      progress.Show(frame_count_);
      Result<std::optional<FrameResult>> result = pipeline.Next();
      if (prints_beside_bar) progress.Hide();
      if (!result.has_value()) {
        Report(progress, result.error().message);
        break;
      }
      if (!result->has_value() || !Finish(**result, outputs, progress)) break;
    }
    progress.Hide();
    if (frame_count_ == 0 && failure_count_ == 0) ThrowNoFrames();
    outputs.Commit();
    Summarize(stopwatch.ElapsedMs() / 1000.0);
    if (app::IsInterrupted()) {
      throw app::Interruption(
          base::StrCat(" after ", base::Counted(frame_count_, "frame"), "; their results are kept"));
    }
    return failure_count_ == 0 ? app::ExitCode::kSuccess : app::ExitCode::kFailure;
  }

 private:
  static std::unique_ptr<video::FrameSource> Open(const VideoRunOptions& options) {
    CheckInput(options.input);
    video::SourceOptions source = options.source;
    source.is_cancelled = [] { return app::IsInterrupted(); };
    auto opened = video::OpenFrameSource(options.input, source);
    // An interruption while waiting for a silent camera or pipe is not an error of the input.
    if (!opened.has_value()) app::ThrowIfInterrupted();
    return app::FileValueOrThrow(std::move(opened));
  }

  // Files: each thread processes its own frame, so that none waits for another. Live sources, and people who are
  // followed from frame to frame: all threads share one frame, which lowers its latency.
  [[nodiscard]] bool HasOneWorker() const {
    return source_->info().is_live || IsSingle(options_) || FollowsPeople(options_);
  }

  [[nodiscard]] int WorkerCount() const {
    if (HasOneWorker()) return 1;
    const int wanted = options_.human.estimator.thread_count;
    return wanted > 0 ? wanted : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  }

  [[nodiscard]] std::unique_ptr<app::Engine> MakeEngine() const {
    app::HumanOptions human = options_.human;
    if (!HasOneWorker()) human.estimator.thread_count = 1;
    // Several people may be in the frame; keypoints of the followed one must not be mixed with those of others.
    if (IsSingle(options_)) human.estimator.decoder = std::nullopt;
    return std::make_unique<app::Engine>(app::CreateEngine(human));
  }

  // Called concurrently for files, but not with a follower, which allows one worker only.
  Result<void> Estimate(FrameResult& result) {
    const ImageView image = result.frame.image.View();
    if (people_follower_) {
      POSENET_ASSIGN_OR_RETURN(result.poses, people_follower_->Estimate(image, result.frame.time_s));
      result.known_ids.assign(people_follower_->ids().begin(), people_follower_->ids().end());
      return {};
    }
    if (!follower_) return engine_->estimator.Estimate(image, result.poses);
    POSENET_ASSIGN_OR_RETURN(const std::optional<Pose> pose, follower_->Estimate(image));
    if (pose) result.poses = {*pose};
    return {};
  }

  [[nodiscard]] double OutputRate(const video::VideoInfo& info) const {
    constexpr double kDefaultFramesPerSecond = 25.0;
    return info.frames_per_s.value_or(kDefaultFramesPerSecond) / options_.source.selection.every;
  }

  bool Finish(FrameResult& result, VideoOutputs& outputs, app::ProgressBar& progress) {
    ++frame_count_;
    skipped_count_ += result.skipped_count;
    std::vector<std::int64_t> ids;
    if (result.frame.error) {
      Report(progress, base::StrCat("frame ", result.frame.number, ": ", result.frame.error->message));
    } else {
      // A follower has left them out, together with their IDs.
      if (!people_follower_) {
        std::erase_if(result.poses, [this](const Pose& pose) { return pose.score < options_.human.min_pose_score; });
      }
      ids = app::ValueOrThrow(people_.Update(result.poses, result.known_ids, result.frame.time_s));
    }
    return outputs.Write(result, ids);
  }

  void Report(app::ProgressBar& progress, const std::string& message) {
    ++failure_count_;
    progress.Hide();
    app::PrintError(base::StrCat(InputName(options_), ": ", message));
  }

  // Outputs without frames would look like those of a video without people.
  [[noreturn]] void ThrowNoFrames() const {
    app::ThrowIfInterrupted();
    std::string message = InputName(options_) + ": no frame";
    const video::FrameSelection& selection = options_.source.selection;
    if (selection.start_s > 0.0) message += base::StrCat(" after ", selection.start_s, " s");
    const std::optional<double> duration_s = source_->info().duration_s;
    if (duration_s) message += base::StrCat("; it ends at ", app::FormatFixed(*duration_s, 2), " s");
    throw app::CommandError(app::ExitCode::kFailure, message);
  }

  // On a terminal, or if frames were skipped or failed.
  void Summarize(double elapsed_s) const {
    if (skipped_count_ == 0 && failure_count_ == 0 && !app::StandardErrorIsTerminal()) return;
    std::string text = base::StrCat(base::Counted(frame_count_, "frame"), " in ", app::FormatFixed(elapsed_s, 1), " s");
    if (skipped_count_ > 0) text += base::StrCat(", ", skipped_count_, " skipped to keep up");
    if (failure_count_ > 0) text += ", " + base::Counted(failure_count_, "failure");
    app::WriteStandardError(text + "\n");
  }

  const VideoRunOptions& options_;
  std::unique_ptr<video::FrameSource> source_;
  app::PeopleOverTime people_;
  std::unique_ptr<app::Engine> engine_;
  std::optional<PersonFollower> follower_;
  std::optional<PeopleFollower> people_follower_;
  std::size_t frame_count_ = 0;
  std::int64_t skipped_count_ = 0;
  std::size_t failure_count_ = 0;
};

}  // namespace

app::ExitCode RunVideo(const VideoRunOptions& options) { return VideoRun(options).Run(); }

}  // namespace posenet::human_video
