// SPDX-License-Identifier: Apache-2.0
#include "video/video_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"
#include "base/file.h"
#include "video/av.h"

namespace posenet::video {
namespace {

// Time base of a sixtieth of a millisecond: exact for 24, 25, 30, 50 and 60 frames per second and for 30000/1001;
// MPEG-4 supports nothing finer than 1/65535 s.
constexpr AVRational kTimeBase = {1, 60000};
constexpr int kWriteBufferBytes = 1 << 16;

struct Container {
  std::string_view extension;
  const char* format;
  std::array<const char*, 2> encoders;  // In order of preference; FFmpeg may lack some.
};
constexpr std::array<Container, 4> kContainers = {{
    {".mp4", "mp4", {"libx264", "mpeg4"}},
    {".mov", "mov", {"libx264", "mpeg4"}},
    {".mkv", "matroska", {"libx264", "mpeg4"}},
    {".webm", "webm", {"libvpx", "libvpx-vp9"}},
}};

const Container* ContainerOf(const std::filesystem::path& path) {
  const std::string extension = base::AsciiToLower(path.extension().native());
  const auto* const found = std::ranges::find(kContainers, extension, &Container::extension);
  return found == kContainers.end() ? nullptr : found;
}

const AVCodec* EncoderOf(const Container& container) {
  for (const char* const name : container.encoders) {
    if (const AVCodec* const encoder = avcodec_find_encoder_by_name(name)) return encoder;
  }
  return nullptr;
}

constexpr int Even(int side_px) { return side_px & ~1; }

}  // namespace

// Has a fixed address, because FFmpeg calls back.
struct VideoWriter::Impl {
  explicit Impl(base::AtomicFile atomic_file) : file(std::move(atomic_file)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (output != nullptr) av_freep(&output->buffer);
    avio_context_free(&output);
    avformat_free_context(format);
  }

  static int WriteBytes(void* self, std::uint8_t* data, int size) {
    Impl& impl = *static_cast<Impl*>(self);
    const auto bytes = std::as_bytes(std::span(data, static_cast<std::size_t>(size)));
    const Result<void> written = impl.file.is_seekable()
                                     ? impl.file.WriteAt(static_cast<std::uint64_t>(impl.position), bytes)
                                     : impl.file.Write(bytes);
    if (!written.has_value()) {
      impl.failure = written.error();
      return AVERROR(EIO);
    }
    impl.position += size;
    impl.size = std::max(impl.size, impl.position);
    return size;
  }

  static std::int64_t Seek(void* self, std::int64_t offset, int whence) {
    Impl& impl = *static_cast<Impl*>(self);
    switch (whence & ~AVSEEK_FORCE) {
      case AVSEEK_SIZE:
        return impl.size;
      case SEEK_SET:
        return impl.position = offset;
      case SEEK_CUR:
        return impl.position += offset;
      case SEEK_END:
        return impl.position = impl.size + offset;
      default:
        return AVERROR(EINVAL);
    }
  }

  Result<void> OpenEncoder(const AVCodec& codec, const VideoWriterOptions& options);
  Result<void> OpenFormat(const char* format_name);
  Result<void> Fill(const image::Image& image);
  Result<void> Encode(const AVFrame* image);

  // The error of the file if there was one, otherwise that of FFmpeg.
  [[nodiscard]] tl::unexpected<Error> FailAs(int code, const char* what) const {
    if (failure) return tl::unexpected(*failure);
    return base::Fail(AvErrorCode(code), what, ": ", AvMessage(code));
  }

  base::AtomicFile file;
  std::optional<Error> failure;
  std::int64_t position = 0;
  std::int64_t size = 0;
  AVFormatContext* format = nullptr;
  AVIOContext* output = nullptr;
  AVStream* stream = nullptr;
  AvPtr<AVCodecContext> encoder;
  AvPtr<SwsContext> scaler;
  AvPtr<AVFrame> frame;
  AvPtr<AVPacket> packet;
  std::int64_t last_ticks = -1;
  std::int64_t frame_ticks = 1;
};

Result<void> VideoWriter::Impl::OpenEncoder(const AVCodec& codec, const VideoWriterOptions& options) {
  encoder.reset(avcodec_alloc_context3(&codec));
  frame.reset(av_frame_alloc());
  packet.reset(av_packet_alloc());
  if (!encoder || !frame || !packet) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  encoder->width = Even(options.width_px);
  encoder->height = Even(options.height_px);
  encoder->pix_fmt = AV_PIX_FMT_YUV420P;
  encoder->time_base = kTimeBase;
  encoder->framerate = av_d2q(options.frames_per_s, kTimeBase.den);
  encoder->colorspace = DefaultColorSpace(encoder->height);
  encoder->color_range = AVCOL_RANGE_MPEG;
  encoder->max_b_frames = 0;  // Frames are stored in the order of their times, from 0.
  encoder->thread_count = 1;  // The other threads run the network.
  frame_ticks = std::max<std::int64_t>(1, std::llround(kTimeBase.den / options.frames_per_s));
  if ((format->oformat->flags & AVFMT_GLOBALHEADER) != 0) encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AvOptions av_options;
  if (std::string_view(codec.name) == "libx264") {
    // Keeps lines sharp; files are slightly larger than with slow presets, in a third of the time.
    av_options.Set("preset", "veryfast");
    av_options.Set("crf", "20");
  } else {
    encoder->bit_rate = std::int64_t{4} * encoder->width * encoder->height;  // About 1 Mbit/s for 640x480.
    av_options.Set("deadline", "realtime");
    av_options.Set("cpu-used", "8");
  }
  if (const int opened = avcodec_open2(encoder.get(), &codec, av_options.get()); opened < 0) {
    return base::Fail(ErrorCode::kUnsupported, "the encoder ", codec.name, " does not support ", encoder->width, "x",
                      encoder->height, " pixels: ", AvMessage(opened));
  }
  frame->format = encoder->pix_fmt;
  frame->width = encoder->width;
  frame->height = encoder->height;
  if (av_frame_get_buffer(frame.get(), 0) < 0) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  return {};
}

Result<void> VideoWriter::Impl::OpenFormat(const char* format_name) {
  stream = avformat_new_stream(format, nullptr);
  auto* const buffer = static_cast<std::uint8_t*>(av_malloc(kWriteBufferBytes));
  if (stream == nullptr || buffer == nullptr) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  output = avio_alloc_context(buffer, kWriteBufferBytes, 1, this, nullptr, &Impl::WriteBytes, &Impl::Seek);
  if (output == nullptr) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  output->seekable = file.is_seekable() ? AVIO_SEEKABLE_NORMAL : 0;
  format->pb = output;
  stream->time_base = kTimeBase;
  stream->avg_frame_rate = encoder->framerate;
  avcodec_parameters_from_context(stream->codecpar, encoder.get());
  AvOptions av_options;
  // Pipes cannot seek, so the index is distributed over the file.
  const std::string_view name = format_name;
  if (!file.is_seekable() && (name == "mp4" || name == "mov")) av_options.Set("movflags", "frag_keyframe+empty_moov");
  if (const int begun = avformat_write_header(format, av_options.get()); begun < 0) {
    return FailAs(begun, "cannot start the video");
  }
  return {};
}

Result<void> VideoWriter::Impl::Fill(const image::Image& image) {
  if (image.width_px < 1 || image.height_px < 1) return base::Fail(ErrorCode::kInvalidArgument, "the frame is empty");
  const bool fits = Even(image.width_px) == encoder->width && Even(image.height_px) == encoder->height;
  const int width_px = fits ? encoder->width : image.width_px;
  const int height_px = fits ? encoder->height : image.height_px;
  constexpr int kFlags = SWS_BICUBIC | SWS_ACCURATE_RND;
  scaler.reset(sws_getCachedContext(scaler.release(), width_px, height_px, AV_PIX_FMT_RGB24, encoder->width,
                                    encoder->height, encoder->pix_fmt, kFlags, nullptr, nullptr, nullptr));
  if (scaler == nullptr) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  constexpr int kNeutral = 1 << 16;
  sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(SWS_CS_DEFAULT), /*srcRange=*/1,
                           sws_getCoefficients(encoder->colorspace), /*dstRange=*/0, 0, kNeutral, kNeutral);
  if (av_frame_make_writable(frame.get()) < 0) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  const std::array<const std::uint8_t*, 4> planes = {image.rgb.data(), nullptr, nullptr, nullptr};
  const std::array<int, 4> strides = {3 * image.width_px, 0, 0, 0};
  if (sws_scale(scaler.get(), planes.data(), strides.data(), 0, height_px, frame->data, frame->linesize) < 0) {
    return base::Fail(ErrorCode::kIo, "the frame cannot be converted");
  }
  return {};
}

Result<void> VideoWriter::Impl::Encode(const AVFrame* image) {
  if (const int sent = avcodec_send_frame(encoder.get(), image); sent < 0) return FailAs(sent, "cannot encode");
  for (;;) {
    const int received = avcodec_receive_packet(encoder.get(), packet.get());
    if (received == AVERROR(EAGAIN) || received == AVERROR_EOF) return {};
    if (received < 0) return FailAs(received, "cannot encode");
    packet->stream_index = stream->index;
    packet->duration = frame_ticks;
    av_packet_rescale_ts(packet.get(), kTimeBase, stream->time_base);
    const int written = av_interleaved_write_frame(format, packet.get());
    if (written < 0 || failure) return FailAs(written, "cannot write the video");
  }
}

Result<VideoWriter> VideoWriter::Create(const std::filesystem::path& path, const VideoWriterOptions& options) {
  SilenceAv();
  const std::string name = base::Printable(path.native());
  const Container* const container = ContainerOf(path);
  if (container == nullptr) {
    return base::Fail(ErrorCode::kInvalidArgument, name, ": expected a name that ends with .mp4, .mov, .mkv or .webm");
  }
  if (options.width_px < 2 || options.height_px < 2 || !(options.frames_per_s > 0.0)) {
    return base::Fail(ErrorCode::kInvalidArgument, name, ": a video of ", options.width_px, "x", options.height_px,
                      " pixels at ", options.frames_per_s,
                      " frames per second cannot be written; expected at least 2x2");
  }
  const AVCodec* const codec = EncoderOf(*container);
  if (codec == nullptr)
    return base::Fail(ErrorCode::kUnsupported, name, ": FFmpeg was built without an encoder for it");
  POSENET_ASSIGN_OR_RETURN(base::AtomicFile file, base::AtomicFile::Create(path));
  auto impl = std::make_unique<Impl>(std::move(file));
  if (avformat_alloc_output_context2(&impl->format, nullptr, container->format, nullptr) < 0) {
    return base::Fail(ErrorCode::kUnsupported, name, ": FFmpeg was built without a writer for it");
  }
  if (const Result<void> opened = impl->OpenEncoder(*codec, options); !opened.has_value()) {
    return base::FailIn(opened.error(), name);
  }
  if (const Result<void> opened = impl->OpenFormat(container->format); !opened.has_value()) {
    return base::FailIn(opened.error(), name);
  }
  return VideoWriter(std::move(impl));
}

VideoWriter::VideoWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter& VideoWriter::operator=(VideoWriter&&) noexcept = default;
VideoWriter::~VideoWriter() = default;

Result<void> VideoWriter::Write(const image::Image& image, double time_s) {
  POSENET_RETURN_IF_ERROR(impl_->Fill(image));
  const std::int64_t ticks = std::llround(time_s * kTimeBase.den);
  impl_->last_ticks = std::max(ticks, impl_->last_ticks + 1);
  impl_->frame->pts = impl_->last_ticks;
  return impl_->Encode(impl_->frame.get());
}

Result<void> VideoWriter::Commit() {
  POSENET_RETURN_IF_ERROR(impl_->Encode(nullptr));
  if (const int ended = av_write_trailer(impl_->format); ended < 0 || impl_->failure) {
    return impl_->FailAs(ended, "cannot complete the video");
  }
  return impl_->file.Commit();
}

bool HasVideoExtension(const std::filesystem::path& path) { return ContainerOf(path) != nullptr; }

}  // namespace posenet::video
