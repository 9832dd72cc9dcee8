// SPDX-License-Identifier: Apache-2.0
#include "video/stream_source.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/redact.h"
#include "media/image_file.h"
#include "video/av.h"
#include "video/demuxer.h"
#include "video/frame_converter.h"

extern "C" {
#include <libavutil/display.h>
}

namespace posenet::video {
namespace {

// A decoder that fails this many times in a row will not recover. At 30 frames per second that is half a minute.
constexpr int kMaxErrorsInARow = 1000;
// Decoding on several threads pays from Full HD on; below that, the cores are better used for inference.
constexpr std::int64_t kLargeFramePixels = 1920LL * 1080;
constexpr unsigned kMostDecoderThreads = 4;

media::Orientation OrientationOf(const AVStream& stream) {
  std::size_t size = 0;
  const std::uint8_t* const data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  std::array<std::int32_t, 9> matrix = {};
  if (data == nullptr || size < sizeof(matrix)) return media::Orientation::kTopLeft;
  std::copy_n(data, sizeof(matrix), reinterpret_cast<std::uint8_t*>(matrix.data()));
  const double counter_clockwise_deg = av_display_rotation_get(matrix.data());
  if (std::isnan(counter_clockwise_deg)) return media::Orientation::kTopLeft;
  constexpr std::array kOrientations = {media::Orientation::kTopLeft, media::Orientation::kRightTop,
                                        media::Orientation::kBottomRight, media::Orientation::kLeftBottom};
  const auto quarters_clockwise = (std::lround(-counter_clockwise_deg / 90.0) + 4) % 4;
  return kOrientations[static_cast<std::size_t>(quarters_clockwise)];
}

bool IsDamaged(const AVFrame& frame) {
  return frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0;
}

VideoInfo Describe(const Demuxer& demuxer, const AVCodecContext& decoder) {
  const AVStream& stream = demuxer.stream();
  VideoInfo info;
  info.width_px = decoder.width;
  info.height_px = decoder.height;
  info.is_live = demuxer.is_live();
  const media::Orientation orientation = OrientationOf(stream);
  if (orientation == media::Orientation::kRightTop || orientation == media::Orientation::kLeftBottom) {
    std::swap(info.width_px, info.height_px);
  }
  const AVRational rate = stream.avg_frame_rate.num > 0 ? stream.avg_frame_rate : stream.r_frame_rate;
  if (rate.num > 0 && rate.den > 0) info.frames_per_s = av_q2d(rate);
  if (info.is_live) return info;
  info.duration_s = demuxer.duration_s();
  if (stream.nb_frames > 0) {
    info.frame_count = stream.nb_frames;
  } else if (info.duration_s && info.frames_per_s) {
    info.frame_count = std::llround(*info.duration_s * *info.frames_per_s);
  }
  return info;
}

class StreamSource : public FrameSource {
 public:
  StreamSource(Demuxer demuxer, AvPtr<AVCodecContext> decoder, const SourceOptions& options)
      : demuxer_(std::move(demuxer)),
        decoder_(std::move(decoder)),
        options_(options),
        info_(Describe(demuxer_, *decoder_)),
        converter_(OrientationOf(demuxer_.stream())),
        packet_(av_packet_alloc()),
        frame_(av_frame_alloc()),
        shown_(av_frame_alloc()),
        origin_ticks_(info_.is_live ? AV_NOPTS_VALUE : demuxer_.stream().start_time) {}

  [[nodiscard]] bool IsWhole() const { return packet_ != nullptr && frame_ != nullptr && shown_ != nullptr; }
  [[nodiscard]] const VideoInfo& info() const override { return info_; }

  Result<std::optional<VideoFrame>> Next() override {
    while (!ended_ && !options_.is_cancelled()) {
      if (errors_in_a_row_ > kMaxErrorsInARow) {
        ended_ = true;
        return base::Fail(ErrorCode::kCorruptData, "decoding failed too many times in a row");
      }
      const int received = avcodec_receive_frame(decoder_.get(), frame_.get());
      if (received == AVERROR_EOF) return End();
      std::optional<VideoFrame> frame;
      if (received == 0) {
        frame = Decoded();
      } else if (received == AVERROR(EAGAIN)) {
        frame = Feed();
      } else {
        frame = Broken(AV_NOPTS_VALUE, received);
      }
      if (frame) return frame;
    }
    return std::nullopt;
  }

 private:
  Result<std::optional<VideoFrame>> End() {
    ended_ = true;
    if (failure_) return tl::unexpected(*std::move(failure_));
    return std::nullopt;
  }

  // Sends the next packet to the decoder. Returns a broken frame if it cannot be decoded.
  std::optional<VideoFrame> Feed() {
    Result<bool> read = demuxer_.Read(*packet_);
    if (!read.has_value()) failure_ = std::move(read.error());
    if (!read.has_value() || !*read) {
      avcodec_send_packet(decoder_.get(), nullptr);  // Flushes the decoder.
      return std::nullopt;
    }
    const std::int64_t ticks = packet_->pts != AV_NOPTS_VALUE ? packet_->pts : packet_->dts;
    const int sent = avcodec_send_packet(decoder_.get(), packet_.get());
    av_packet_unref(packet_.get());
    if (sent == 0) return std::nullopt;
    return Broken(ticks, sent);
  }

  // The decoded frame, if it is selected.
  std::optional<VideoFrame> Decoded() {
    errors_in_a_row_ = 0;
    std::optional<VideoFrame> frame = Begin(frame_->best_effort_timestamp);
    std::swap(frame_, shown_);
    if (!frame) return frame;
    Result<image::Image> image = converter_.Convert(*shown_);
    if (!image.has_value()) {
      frame->error = std::move(image.error());
      return frame;
    }
    frame->image = *std::move(image);
    if (IsDamaged(*shown_)) frame->error = Error{ErrorCode::kCorruptData, "the frame is damaged"};
    return frame;
  }

  // A substitute for a frame that could not be decoded, if it is selected.
  std::optional<VideoFrame> Broken(std::int64_t ticks, int code) {
    ++errors_in_a_row_;
    std::optional<VideoFrame> frame = Begin(ticks);
    if (!frame) return frame;
    frame->error = Error{AvErrorCode(code), "the frame cannot be decoded: " + AvMessage(code)};
    if (shown_->width > 0) {
      if (Result<image::Image> image = converter_.Convert(*shown_); image.has_value()) frame->image = *std::move(image);
    }
    return frame;
  }

  // Counts a frame; nothing if it is not selected.
  std::optional<VideoFrame> Begin(std::int64_t ticks) {
    const VideoFrame frame = {.number = next_number_++, .time_s = TimeOf(ticks), .image = {}};
    last_time_s_ = frame.time_s;
    const Selection verdict = Select(options_.selection, frame.number, frame.time_s);
    ended_ = verdict == Selection::kEnd;
    return verdict == Selection::kTake ? std::optional(frame) : std::nullopt;
  }

  // Times never decrease; a frame without a time follows the one before it after one frame interval.
  double TimeOf(std::int64_t ticks) {
    const double step_s = info_.frames_per_s ? 1.0 / *info_.frames_per_s : 1.0 / 25.0;
    if (ticks == AV_NOPTS_VALUE) return next_number_ == 1 ? 0.0 : last_time_s_ + step_s;
    if (origin_ticks_ == AV_NOPTS_VALUE) origin_ticks_ = ticks;
    const double time_s = Seconds(ticks - origin_ticks_, demuxer_.time_base());
    return std::max(time_s, last_time_s_);
  }

  Demuxer demuxer_;
  AvPtr<AVCodecContext> decoder_;
  SourceOptions options_;
  VideoInfo info_;
  FrameConverter converter_;
  AvPtr<AVPacket> packet_;
  AvPtr<AVFrame> frame_;
  AvPtr<AVFrame> shown_;  // The last decoded frame, shown for broken ones.
  std::int64_t origin_ticks_;
  std::int64_t next_number_ = 0;
  double last_time_s_ = 0.0;
  int errors_in_a_row_ = 0;
  bool ended_ = false;
  std::optional<Error> failure_;
};

Result<AvPtr<AVCodecContext>> OpenDecoder(const Demuxer& demuxer) {
  const AVCodecParameters& parameters = *demuxer.stream().codecpar;
  const AVCodec* const codec = avcodec_find_decoder(parameters.codec_id);
  if (codec == nullptr) {
    return base::Fail(ErrorCode::kUnsupported, "no decoder is available for ", avcodec_get_name(parameters.codec_id));
  }
  AvPtr<AVCodecContext> decoder(avcodec_alloc_context3(codec));
  if (decoder == nullptr) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  if (avcodec_parameters_to_context(decoder.get(), &parameters) < 0) {
    return base::Fail(ErrorCode::kCorruptData, "the parameters of the video are damaged");
  }
  const std::int64_t pixels = std::int64_t{parameters.width} * parameters.height;
  if (pixels > media::kMaxPixels) {
    return base::Fail(ErrorCode::kResourceExhausted, "frames of ", parameters.width, "x", parameters.height,
                      "; expected at most ", media::kMaxPixels, " pixels");
  }
  decoder->pkt_timebase = demuxer.time_base();
  decoder->max_pixels = media::kMaxPixels;
  const unsigned core_count = std::max(1U, std::thread::hardware_concurrency());
  const bool is_large = !demuxer.is_live() && pixels >= kLargeFramePixels;
  decoder->thread_count = is_large ? static_cast<int>(std::min(core_count, kMostDecoderThreads)) : 1;
  if (demuxer.is_live()) decoder->flags |= AV_CODEC_FLAG_LOW_DELAY;
  if (const int opened = avcodec_open2(decoder.get(), codec, nullptr); opened < 0) {
    return base::Fail(AvErrorCode(opened), "cannot start the decoder ", codec->name, ": ", AvMessage(opened));
  }
  return decoder;
}

}  // namespace

Result<std::unique_ptr<FrameSource>> OpenStream(const std::string& input, const SourceOptions& options) {
  POSENET_ASSIGN_OR_RETURN(Demuxer demuxer, Demuxer::Open(input, options));
  Result<AvPtr<AVCodecContext>> decoder = OpenDecoder(demuxer);
  if (!decoder.has_value()) return base::FailIn(decoder.error(), base::Printable(base::WithoutCredentials(input)));
  auto source = std::make_unique<StreamSource>(std::move(demuxer), *std::move(decoder), options);
  if (!source->IsWhole()) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  return source;
}

}  // namespace posenet::video
