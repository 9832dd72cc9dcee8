// SPDX-License-Identifier: Apache-2.0
#include "video/frame_source.h"

#include <cmath>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "video/folder_source.h"
#include "video/stream_source.h"

namespace posenet::video {
namespace {

constexpr double kMaxFramesPerSecond = 1000.0;

Result<void> CheckOptions(const SourceOptions& options) {
  const FrameSelection& selection = options.selection;
  if (selection.every < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "expected an interval of at least 1 frame, got ", selection.every);
  }
  if (!std::isfinite(selection.start_s) || selection.start_s < 0.0) {
    return base::Fail(ErrorCode::kInvalidArgument, "expected a start of 0 seconds or more, got ", selection.start_s);
  }
  if (!(selection.end_s > selection.start_s)) {
    return base::Fail(ErrorCode::kInvalidArgument, "expected an end after the start, ", selection.start_s, " s, got ",
                      selection.end_s);
  }
  if (!(options.frames_per_s >= 0.0 && options.frames_per_s <= kMaxFramesPerSecond)) {
    return base::Fail(ErrorCode::kInvalidArgument, "expected at most ", kMaxFramesPerSecond, " frames per second, got ",
                      options.frames_per_s);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<FrameSource>> OpenFrameSource(const std::string& input, const SourceOptions& options) {
  POSENET_RETURN_IF_ERROR(CheckOptions(options));
  std::error_code ignored;
  if (std::filesystem::is_directory(input, ignored)) return OpenFolder(input, options);
  return OpenStream(input, options);
}

Selection Select(const FrameSelection& selection, std::int64_t number, double time_s) {
  if (time_s >= selection.end_s) return Selection::kEnd;
  if (time_s < selection.start_s || number % selection.every != 0) return Selection::kSkip;
  return Selection::kTake;
}

}  // namespace posenet::video
