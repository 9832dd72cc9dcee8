// SPDX-License-Identifier: Apache-2.0
// Writes frames to a video file, which appears when it is complete.
#ifndef POSENET_VIDEO_VIDEO_WRITER_H_
#define POSENET_VIDEO_VIDEO_WRITER_H_

#include <filesystem>
#include <memory>

#include "image/image.h"
#include "posenet/result.h"

namespace posenet::video {

struct VideoWriterOptions {
  /// Size of the video; other frames are scaled to it. Codecs store colors for blocks of 2x2 pixels, so an odd last
  /// column or row is dropped.
  int width_px = 0;
  int height_px = 0;
  /// Determines the duration of the last frame and the nominal rate; frame times are free.
  double frames_per_s = 25.0;
};

/// Writes .mp4 and .mov (H.264), .mkv (H.264) and .webm (VP8). For one thread at a time.
class VideoWriter {
 public:
  /// Errors: kInvalidArgument for another extension or a size below 2x2; kUnsupported if FFmpeg has no encoder or the
  /// encoder rejects the size; those of AtomicFile.
  static Result<VideoWriter> Create(const std::filesystem::path& path, const VideoWriterOptions& options);

  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;
  ~VideoWriter();

  /// Appends a frame that is shown from `time_s` on, at least a sixtieth of a millisecond after the one before.
  /// Errors: kInvalidArgument for an empty image; kIo, for example if the disk is full.
  Result<void> Write(const image::Image& image, double time_s);

  /// Completes the file, which appears only now. Errors: kIo.
  Result<void> Commit();

 private:
  struct Impl;
  explicit VideoWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Whether VideoWriter supports the extension (in any case).
bool HasVideoExtension(const std::filesystem::path& path);

}  // namespace posenet::video

#endif  // POSENET_VIDEO_VIDEO_WRITER_H_
