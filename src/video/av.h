// SPDX-License-Identifier: Apache-2.0
// Internal: FFmpeg's C headers, owners of its objects and its error codes.
#ifndef POSENET_VIDEO_AV_H_
#define POSENET_VIDEO_AV_H_

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

#include "posenet/result.h"

namespace posenet::video {

/// Owns objects of FFmpeg.
struct AvDeleter {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
template <typename T>
using AvPtr = std::unique_ptr<T, AvDeleter>;

/// Named options for FFmpeg.
class AvOptions {
 public:
  AvOptions() = default;
  AvOptions(const AvOptions&) = delete;
  AvOptions& operator=(const AvOptions&) = delete;
  ~AvOptions() { av_dict_free(&options_); }

  void Set(const char* name, const std::string& value) { av_dict_set(&options_, name, value.c_str(), 0); }
  /// Whether `name` was set, and FFmpeg has not taken it since.
  [[nodiscard]] bool Has(const char* name) const { return av_dict_get(options_, name, nullptr, 0) != nullptr; }
  AVDictionary** get() { return &options_; }

 private:
  AVDictionary* options_ = nullptr;
};

/// The message of an FFmpeg error code.
std::string AvMessage(int error);

/// The ErrorCode of an FFmpeg error code.
ErrorCode AvErrorCode(int error);

/// Keeps FFmpeg from printing to standard error.
void SilenceAv();

/// Converts a timestamp to seconds.
inline double Seconds(std::int64_t ticks, AVRational time_base) {
  return static_cast<double>(ticks) * av_q2d(time_base);
}

/// The color matrix to assume for frames that do not name one: ITU-R BT.601 for standard definition, BT.709 from 720
/// rows on.
AVColorSpace DefaultColorSpace(int height_px);

}  // namespace posenet::video

#endif  // POSENET_VIDEO_AV_H_
