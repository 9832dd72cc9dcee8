// SPDX-License-Identifier: Apache-2.0
// video, the room's door: where frames come from. For the apps; the library proper never sees it.
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

/// Which frames are wanted. The others are passed over without being converted to pixels.
struct FrameSelection {
  int every = 1;                                           ///< Those whose number is a multiple of it.
  double start_s = 0.0;                                    ///< Those at this time or later,
  double end_s = std::numeric_limits<double>::infinity();  ///< and before this one. Live sources are then at an end.
};

struct SourceOptions {
  FrameSelection selection = {};
  /// The frame rate of inputs without frame times: folders, and streams of images without a container; webcams are asked
  /// for it. At most 1000. 0 is 25 for these, and the webcam's default. kInvalidArgument for other inputs.
  double frames_per_s = 0.0;
  /// Asked while waiting for the network or a device; true gives up, which looks like the end.
  std::function<bool()> is_cancelled = [] { return false; };
};

/// What is known before the first frame. Nothing where the source does not say; containers may also be wrong.
struct VideoInfo {
  int width_px = 0;  ///< Of upright frames.
  int height_px = 0;
  std::optional<double> frames_per_s;  ///< The mean, where the rate varies.
  std::optional<double> duration_s;
  std::optional<std::int64_t> frame_count;
  /// Frames come when they happen, and wait for nobody: a webcam, a stream without an end.
  bool is_live = false;
};

/// A frame, or what is wrong with it. A broken frame has the image that came before, if there was one.
struct VideoFrame {
  std::int64_t number = 0;  ///< In the source, from 0; frames that are not wanted count.
  double time_s = 0.0;      ///< Since its start; never less than that of the frame before.
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

  /// The next wanted frame; nothing at the end. Frames that are broken are answered, and more may follow.
  /// Errors: kIo when the source fails, such as a lost connection; kCorruptData when a file ends early. It is at an end
  /// then.
  virtual Result<std::optional<VideoFrame>> Next() = 0;
};

/// The INPUT that stands for MJPEG or YUV4MPEG2 on standard input.
inline constexpr const char* kStandardInput = "-";
/// The prefix of a webcam's number or device.
inline constexpr const char* kCameraPrefix = "camera:";

/// Opens a video file, a folder of images (in the order of the numbers in their names), "camera:0" or "/dev/video0", a URL (RTSP,
/// HTTP, ...), or "-".
/// Errors: kNotFound, kPermissionDenied, kIo; kCorruptData for what is no video; kUnsupported for a video without a
/// decoder here; kInvalidArgument for options out of range; kResourceExhausted for frames of more than
/// media::kMaxPixels.
Result<std::unique_ptr<FrameSource>> OpenFrameSource(const std::string& input, const SourceOptions& options = {});

/// What `selection` says of a frame.
enum class Verdict { kTake, kPassOver, kEnd };
Verdict Judge(const FrameSelection& selection, std::int64_t number, double time_s);

}  // namespace posenet::video

#endif  // POSENET_VIDEO_FRAME_SOURCE_H_
