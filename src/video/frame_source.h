// SPDX-License-Identifier: Apache-2.0
// Main header of the module video: sources of frames. For the apps; the library does not depend on it.
#ifndef POSENET_VIDEO_FRAME_SOURCE_H_
#define POSENET_VIDEO_FRAME_SOURCE_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "image/image.h"
#include "posenet/result.h"

namespace posenet::video {

/// Which frames to return. The others are skipped without conversion to pixels.
struct FrameSelection {
  int every = 1;                                           ///< Frames whose number is a multiple of this,
  double start_s = 0.0;                                    ///< at this time or later,
  double end_s = std::numeric_limits<double>::infinity();  ///< and before this time, at which live sources end.
};

struct SourceOptions {
  FrameSelection selection = {};
  /// The frame rate of inputs without frame times: folders, and streams of images without a container; webcams are
  /// asked for it. At most 1000. 0 is 25 for these, and the webcam's default. kInvalidArgument for other inputs.
  double frames_per_s = 0.0;
  /// Polled while waiting for the network or a device; true ends the source.
  std::function<bool()> is_cancelled = [] { return false; };
};

/// Properties known before the first frame; absent if the source does not state them. Containers may be wrong.
struct VideoInfo {
  int width_px = 0;  ///< Size of upright frames; 0 if unknown.
  int height_px = 0;
  std::optional<double> frames_per_s;  ///< The mean if the rate varies.
  std::optional<double> duration_s;
  std::optional<std::int64_t> frame_count;
  /// Frames arrive in real time and do not wait: a webcam or an endless stream.
  bool is_live = false;
};

/// A frame. If it is broken, `error` is set and the image is that of the frame before, if there was one.
struct VideoFrame {
  std::int64_t number = 0;  ///< In the source, from 0; skipped frames count.
  double time_s = 0.0;      ///< Since the start; never decreases.
  image::Image image;       ///< Upright.
  std::optional<Error> error = {};
};

/// Frames in order. For one thread at a time.
class FrameSource {
 public:
  FrameSource() = default;
  FrameSource(const FrameSource&) = delete;
  FrameSource& operator=(const FrameSource&) = delete;
  virtual ~FrameSource() = default;

  [[nodiscard]] virtual const VideoInfo& info() const = 0;

  /// The next selected frame; nothing at the end. Broken frames are returned, and more may follow.
  /// Errors, after which the source is at its end: kIo if it fails, such as a lost connection; kCorruptData if a file
  /// is truncated.
  virtual Result<std::optional<VideoFrame>> Next() = 0;
};

/// The input that means MJPEG or YUV4MPEG2 on standard input.
inline constexpr const char* kStandardInput = "-";
/// Prefix of webcams, followed by a number or a device.
inline constexpr const char* kCameraPrefix = "camera:";

/// Opens a video file, a folder of images (in the order of the numbers in their names), "camera:0" or "/dev/video0", a
/// URL (RTSP, HTTP, ...), or "-".
/// Errors: kNotFound, kPermissionDenied, kIo; kCorruptData if it is not a video; kUnsupported if there is no decoder;
/// kInvalidArgument for options out of range; kResourceExhausted for frames of more than media::kMaxPixels.
Result<std::unique_ptr<FrameSource>> OpenFrameSource(const std::string& input, const SourceOptions& options = {});

/// Whether to return a frame, to skip it, or to end.
enum class Selection { kTake, kSkip, kEnd };
Selection Select(const FrameSelection& selection, std::int64_t number, double time_s);

}  // namespace posenet::video

#endif  // POSENET_VIDEO_FRAME_SOURCE_H_
