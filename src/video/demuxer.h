// SPDX-License-Identifier: Apache-2.0
// Internal: reads the packets of one video stream from a file, a connection, a device or standard input.
#ifndef POSENET_VIDEO_DEMUXER_H_
#define POSENET_VIDEO_DEMUXER_H_

#include <memory>
#include <optional>
#include <string>

#include "posenet/result.h"
#include "video/av.h"
#include "video/frame_source.h"

namespace posenet::video {

/// Movable; for one thread at a time.
class Demuxer {
 public:
  /// Opens `input` and finds its video stream. Errors: those of OpenFrameSource.
  static Result<Demuxer> Open(const std::string& input, const SourceOptions& options);

  Demuxer(Demuxer&&) noexcept;
  Demuxer& operator=(Demuxer&&) noexcept;
  ~Demuxer();

  [[nodiscard]] AVStream& stream() const;
  /// Time base of packets; may be finer than that of the stream.
  [[nodiscard]] AVRational time_base() const;
  [[nodiscard]] bool is_live() const;
  [[nodiscard]] std::optional<double> duration_s() const;

  /// Reads the next packet. Returns false at the end, when a live HTTP source disconnects, and on
  /// SourceOptions::is_cancelled.
  /// Errors: kIo for a lost connection; kCorruptData for a truncated file.
  Result<bool> Read(AVPacket& packet);

 private:
  struct Impl;
  explicit Demuxer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet::video

#endif  // POSENET_VIDEO_DEMUXER_H_
