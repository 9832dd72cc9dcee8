// SPDX-License-Identifier: Apache-2.0
// Frames into a video file that appears when it is complete.
#ifndef POSENET_VIDEO_VIDEO_WRITER_H_
#define POSENET_VIDEO_VIDEO_WRITER_H_

#include <filesystem>
#include <memory>

#include "image/image.h"
#include "posenet/result.h"

namespace posenet::video {

struct VideoWriterOptions {
  /// Of the video; frames of another size are scaled to it. Codecs store colours for blocks of 2x2 pixels: an odd last
  /// column or row is cut off.
  int width_px = 0;
  int height_px = 0;
  /// How long the last frame lasts, and what players show as the rate; times may be any.
  double frames_per_s = 25.0;
};

/// Writes .mp4 and .mov (H.264), .mkv (H.264) and .webm (VP8). For one thread at a time.
class VideoWriter {
 public:
  /// Errors: kInvalidArgument for another ending or a size below 2x2, kUnsupported when FFmpeg has no encoder for it or
  /// the encoder refuses the size, and those of AtomicFile.
  static Result<VideoWriter> Create(const std::filesystem::path& path, const VideoWriterOptions& options);

  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;
  ~VideoWriter();

  /// Appends a frame that is shown from `time_s` on. Of frames that are less than a sixtieth of a millisecond apart the
  /// later one is shown that much later. Errors: kInvalidArgument for an empty image, kIo such as a full disk.
  Result<void> Write(const image::Image& image, double time_s);

  /// Completes the file; without it none appears. Errors: kIo.
  Result<void> Commit();

 private:
  struct Impl;
  explicit VideoWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Whether the name ends like a video that VideoWriter writes (any case).
bool HasVideoExtension(const std::filesystem::path& path);

}  // namespace posenet::video

#endif  // POSENET_VIDEO_VIDEO_WRITER_H_
