// SPDX-License-Identifier: Apache-2.0
#include "video/demuxer.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/redact.h"
#include "media/image_file.h"
#include "video/jpeg_splitter.h"

extern "C" {
#include <libavdevice/avdevice.h>
}

namespace posenet::video {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// A connection that is silent for this long is considered lost. Cameras send images every few milliseconds, and servers
// that must look up a video first take less.
constexpr auto kNetworkTimeout = std::chrono::seconds(15);
// How often waiting polls for cancellation.
constexpr int kPollMs = 100;
constexpr int kPipeBufferBytes = 1 << 16;
// Of images on standard input unless --fps is given.
constexpr double kDefaultFramesPerSecond = 25.0;

enum class InputKind { kFile, kUrl, kCamera, kPipe };

InputKind KindOf(const std::string& input) {
  if (input == kStandardInput) return InputKind::kPipe;
  if (input.starts_with(kCameraPrefix) || input.starts_with("/dev/video")) return InputKind::kCamera;
  return input.find("://") != std::string::npos ? InputKind::kUrl : InputKind::kFile;
}

bool StartsWithAnyOf(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return text.starts_with(prefix); });
}

// Demuxers that accept any text as an image drawn by a terminal.
bool IsTextArt(std::string_view format) {
  constexpr std::array<std::string_view, 5> kFormats = {"tty", "bin", "xbin", "adf", "idf"};
  return std::ranges::find(kFormats, format) != kFormats.end();
}

// The device of "camera:0", "camera:/dev/video2" or "/dev/video2".
std::string DeviceOf(const std::string& input) {
  if (!input.starts_with(kCameraPrefix)) return input;
  const std::string rest = input.substr(std::string_view(kCameraPrefix).size());
  const bool is_number = !rest.empty() && std::ranges::all_of(rest, [](char c) { return c >= '0' && c <= '9'; });
  return is_number ? "/dev/video" + rest : rest;
}

// FFmpeg follows playlists. Files may refer to files and URLs to URLs, but not to each other.
const char* ProtocolsFor(InputKind kind) {
  switch (kind) {
    case InputKind::kFile:
      return "file";
    case InputKind::kUrl:
      return "http,https,httpproxy,tcp,tls,rtsp,rtsps,rtp,srtp,udp,rtmp,rtmps,rtmpt,srt,crypto,data";
    case InputKind::kCamera:
    case InputKind::kPipe:
      return "";
  }
  return "";
}

}  // namespace

// Has a fixed address, because FFmpeg calls back.
struct Demuxer::Impl {
  explicit Impl(const SourceOptions& source_options, InputKind input_kind)
      : is_cancelled(source_options.is_cancelled), kind(input_kind) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    avformat_close_input(&format);
    if (pipe != nullptr) av_freep(&pipe->buffer);
    avio_context_free(&pipe);
  }

  static int IsInterrupted(void* self) {
    const Impl& impl = *static_cast<const Impl*>(self);
    if (impl.is_cancelled()) return 1;
    return impl.kind == InputKind::kUrl && Clock::now() - impl.waiting_since > kNetworkTimeout ? 1 : 0;
  }

  // Reads standard input without blocking cancellation.
  static int ReadPipe(void* self, std::uint8_t* buffer, int size) {
    const Impl& impl = *static_cast<const Impl*>(self);
    for (;;) {
      if (impl.is_cancelled()) return AVERROR_EXIT;
      pollfd waiting = {.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
      const int ready = ::poll(&waiting, 1, kPollMs);
      if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
      if (ready < 0) return AVERROR(errno);
      const ssize_t count = ::read(STDIN_FILENO, buffer, static_cast<std::size_t>(size));
      if (count > 0) return static_cast<int>(count);
      if (count == 0) return AVERROR_EOF;
      if (errno != EINTR && errno != EAGAIN) return AVERROR(errno);
    }
  }

  // Whether `code` means only that the other side closed the connection. HTTP without a length ends like that, which
  // FFmpeg takes for a truncated file; broken connections have other codes. Over TLS one code stands for both.
  [[nodiscard]] bool IsDisconnect(int code) const {
    return code == AVERROR(EIO) && is_live && StartsWithAnyOf(format->url, {"http://"}) && avio_size(format->pb) < 0;
  }

  // The error of a failed FFmpeg call. A timed-out wait gets a message of its own.
  [[nodiscard]] Error ErrorOf(int code, const char* action) const {
    if (code == AVERROR_EXIT && kind == InputKind::kUrl && !is_cancelled()) {
      return {ErrorCode::kIo, base::StrCat(action, ": no data for ", kNetworkTimeout.count(), " seconds")};
    }
    return {AvErrorCode(code), base::StrCat(action, ": ", AvMessage(code))};
  }

  Result<void> Open(const std::string& input, const SourceOptions& options);
  Result<void> OpenPipe();
  Result<void> FindStream();
  Result<void> FindImages(double frames_per_s);
  Result<bool> ReadPacket(AVPacket& packet);
  Result<bool> ReadImage(AVPacket& packet);
  Result<bool> EndOfImages() const;
  void StampArrival(AVPacket& packet);

  [[nodiscard]] std::string_view FormatName() const { return format->iformat == nullptr ? "" : format->iformat->name; }
  // Bare images have no timestamps; their time of arrival counts.
  [[nodiscard]] bool HasArrivalTimes() const { return is_live && FormatName().find("jpeg") != std::string_view::npos; }

  std::function<bool()> is_cancelled;
  InputKind kind;
  AVFormatContext* format = nullptr;
  AVIOContext* pipe = nullptr;
  AVStream* stream = nullptr;
  Clock::time_point waiting_since = Clock::now();
  bool is_live = false;
  AVRational time_base = {};
  std::int64_t packet_end = 0;  // Position in the file after the last packet.
  std::optional<Clock::time_point> first_arrival;

  // Source of bare images, which bypass FFmpeg's demuxer (see JpegSplitter); null for other formats.
  AVIOContext* images = nullptr;
  JpegSplitter splitter;
  AvPtr<AVPacket> first_image;  // Returned by the first Read.
  std::int64_t image_count = 0;
};

Result<void> Demuxer::Impl::Open(const std::string& input, const SourceOptions& options) {
  format = avformat_alloc_context();
  if (format == nullptr) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  format->interrupt_callback = {.callback = &Impl::IsInterrupted, .opaque = this};
  AvOptions av_options;
  if (const char* const protocols = ProtocolsFor(kind); *protocols != '\0') {
    av_options.Set("protocol_whitelist", protocols);
  }
  if (options.frames_per_s > 0.0) av_options.Set("framerate", base::StrCat(options.frames_per_s));
  const AVInputFormat* input_format = nullptr;
  std::string url = input;
  switch (kind) {
    case InputKind::kFile: {
      // Opened here for a clear error; the prefix keeps names with a colon from being read as a URL.
      const int descriptor = ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
      if (descriptor < 0) return tl::unexpected(ErrorOf(AVERROR(errno), "cannot open"));
      ::close(descriptor);
      std::error_code ignored;
      if (std::filesystem::is_empty(input, ignored)) return base::Fail(ErrorCode::kCorruptData, "is empty");
      url = "file:" + input;
      break;
    }
    case InputKind::kUrl:
      av_options.Set("rtsp_transport", "tcp");  // Over UDP, frames arrive damaged on busy networks.
      break;
    case InputKind::kCamera:
      avdevice_register_all();
      input_format = av_find_input_format("v4l2");
      if (input_format == nullptr) return base::Fail(ErrorCode::kUnsupported, "FFmpeg was built without video4linux");
      url = DeviceOf(input);
      break;
    case InputKind::kPipe:
      POSENET_RETURN_IF_ERROR(OpenPipe());
      if (images != nullptr) return FindImages(options.frames_per_s);
      break;
  }
  const int opened = avformat_open_input(&format, url.c_str(), input_format, av_options.get());
  if (opened == AVERROR_INVALIDDATA || opened == AVERROR_EOF) {
    return base::Fail(ErrorCode::kCorruptData, "is not a readable video: ", AvMessage(opened));
  }
  if (opened < 0) return tl::unexpected(ErrorOf(opened, "cannot open"));
  if (format->pb != nullptr) packet_end = avio_tell(format->pb);
  const bool is_multipart = FormatName() == "mpjpeg";
  // Demuxers with frame times leave the frame rate untaken, and images from a server are timed by their arrival.
  if (av_options.Has("framerate") && !(is_multipart && kind == InputKind::kPipe)) {
    return base::Fail(ErrorCode::kInvalidArgument, "has frame times, so --fps has no effect");
  }
  if (!is_multipart || format->nb_streams == 0) return FindStream();
  is_live = kind == InputKind::kUrl;
  images = format->pb;
  stream = format->streams[0];
  return FindImages(options.frames_per_s);
}

Result<void> Demuxer::Impl::OpenPipe() {
  auto* const buffer = static_cast<std::uint8_t*>(av_malloc(kPipeBufferBytes));
  if (buffer == nullptr) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  pipe = avio_alloc_context(buffer, kPipeBufferBytes, 0, this, &Impl::ReadPipe, nullptr, nullptr);
  if (pipe == nullptr) {
    av_free(buffer);
    return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  }
  format->pb = pipe;
  format->flags |= AVFMT_FLAG_CUSTOM_IO;
  // FFmpeg probes up to a megabyte before it recognizes JPEGs, which would delay the first result of a source of small
  // images.
  const bool is_jpeg = avio_r8(pipe) == 0xFF && avio_r8(pipe) == 0xD8 && avio_r8(pipe) == 0xFF;
  avio_seek(pipe, 0, SEEK_SET);
  if (!is_jpeg) return {};
  stream = avformat_new_stream(format, nullptr);
  if (stream == nullptr) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  images = pipe;
  return {};
}

// Sets up `stream` for `images`; the first one determines their size.
Result<void> Demuxer::Impl::FindImages(double frames_per_s) {
  stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
  stream->codecpar->codec_id = AV_CODEC_ID_MJPEG;
  time_base = AV_TIME_BASE_Q;
  if (!is_live) {
    constexpr int kMaxDenominator = 1'000'000;
    stream->avg_frame_rate = av_d2q(frames_per_s > 0.0 ? frames_per_s : kDefaultFramesPerSecond, kMaxDenominator);
    time_base = av_inv_q(stream->avg_frame_rate);
  }
  waiting_since = Clock::now();
  AvPtr<AVPacket> first(av_packet_alloc());
  if (first == nullptr) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  POSENET_ASSIGN_OR_RETURN(const bool has_image, ReadImage(*first));
  if (!has_image) return base::Fail(ErrorCode::kCorruptData, "is not a readable video: it has no image");
  stream->codecpar->width = splitter.width_px();
  stream->codecpar->height = splitter.height_px();
  first_image = std::move(first);
  return {};
}

Result<void> Demuxer::Impl::FindStream() {
  if (IsTextArt(format->iformat->name)) {
    return base::Fail(ErrorCode::kCorruptData, "is not a readable video: it contains text or other data");
  }
  waiting_since = Clock::now();
  if (const int found = avformat_find_stream_info(format, nullptr); found < 0) {
    return tl::unexpected(ErrorOf(found, "is not a readable video"));
  }
  const int index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (index < 0) return base::Fail(ErrorCode::kCorruptData, "contains no video");
  stream = format->streams[index];
  if ((stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
    return base::Fail(ErrorCode::kCorruptData, "contains no video, only a cover image");
  }
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    if (format->streams[i] != stream) format->streams[i]->discard = AVDISCARD_ALL;
  }
  time_base = stream->time_base;
  const std::string_view url = format->url != nullptr ? format->url : "";
  const bool is_stream = StartsWithAnyOf(url, {"rtsp", "rtmp", "rtp", "udp", "srt"});
  is_live =
      kind == InputKind::kCamera || (kind == InputKind::kUrl && (is_stream || format->duration == AV_NOPTS_VALUE));
  if (HasArrivalTimes()) time_base = AV_TIME_BASE_Q;
  return {};
}

Result<bool> Demuxer::Impl::ReadImage(AVPacket& packet) {
  for (bool is_complete = false; !is_complete;) {
    const int byte = avio_r8(images);
    if (images->eof_reached != 0) return EndOfImages();
    is_complete = splitter.Take(static_cast<std::uint8_t>(byte));
    if (splitter.begun_size() > media::kMaxFileBytes) {
      return base::Fail(ErrorCode::kResourceExhausted, "an image of more than ", media::kMaxFileBytes, " bytes");
    }
  }
  const std::span<const std::uint8_t> image = splitter.image();
  if (av_new_packet(&packet, static_cast<int>(image.size())) < 0) {
    return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  }
  std::ranges::copy(image, packet.data);
  packet.stream_index = stream->index;
  packet.pts = image_count++;
  if (HasArrivalTimes()) StampArrival(packet);
  return true;
}

Result<bool> Demuxer::Impl::EndOfImages() const {
  const int code = images->error;
  if (is_cancelled() || IsDisconnect(code)) return false;
  if (code < 0 && code != AVERROR_EOF) return tl::unexpected(ErrorOf(code, "reading failed"));
  // A camera may be turned off at any time.
  if (!is_live && splitter.begun_size() > 0)
    return base::Fail(ErrorCode::kCorruptData, "ends in the middle of an image");
  return false;
}

Result<bool> Demuxer::Impl::ReadPacket(AVPacket& packet) {
  for (;;) {
    waiting_since = Clock::now();
    const int read = av_read_frame(format, &packet);
    if (read == AVERROR(EAGAIN)) continue;
    if (read < 0 && is_cancelled()) return false;
    // FFmpeg reports a plain end if the bytes of a frame, or its header line, are incomplete.
    const bool is_truncated =
        read == AVERROR_EOF && FormatName() == "yuv4mpegpipe" && avio_tell(format->pb) > packet_end;
    if (is_truncated) return base::Fail(ErrorCode::kCorruptData, "ends in the middle of a frame");
    if (read == AVERROR_EOF || IsDisconnect(read)) return false;
    if (read == AVERROR_INVALIDDATA) return base::Fail(ErrorCode::kCorruptData, "is truncated or damaged");
    if (read < 0) return tl::unexpected(ErrorOf(read, "reading failed"));
    packet_end = packet.pos + packet.size;
    if (packet.stream_index == stream->index) {
      if (HasArrivalTimes()) StampArrival(packet);
      return true;
    }
    av_packet_unref(&packet);
  }
}

void Demuxer::Impl::StampArrival(AVPacket& packet) {
  const Clock::time_point now = Clock::now();
  if (!first_arrival) first_arrival = now;
  packet.pts = std::chrono::duration_cast<std::chrono::microseconds>(now - *first_arrival).count();
  packet.dts = packet.pts;
}

Result<Demuxer> Demuxer::Open(const std::string& input, const SourceOptions& options) {
  SilenceAv();
  const std::string name =
      input == kStandardInput ? "standard input" : base::Printable(base::WithoutCredentials(input));
  auto impl = std::make_unique<Impl>(options, KindOf(input));
  if (const Result<void> opened = impl->Open(input, options); !opened.has_value()) {
    return base::FailIn(opened.error(), name);
  }
  return Demuxer(std::move(impl));
}

Demuxer::Demuxer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Demuxer::Demuxer(Demuxer&&) noexcept = default;
Demuxer& Demuxer::operator=(Demuxer&&) noexcept = default;
Demuxer::~Demuxer() = default;

AVStream& Demuxer::stream() const { return *impl_->stream; }

AVRational Demuxer::time_base() const { return impl_->time_base; }

bool Demuxer::is_live() const { return impl_->is_live; }

std::optional<double> Demuxer::duration_s() const {
  const AVStream& stream = *impl_->stream;
  if (stream.duration != AV_NOPTS_VALUE && stream.duration > 0) return Seconds(stream.duration, stream.time_base);
  if (impl_->format->duration != AV_NOPTS_VALUE && impl_->format->duration > 0) {
    return Seconds(impl_->format->duration, AV_TIME_BASE_Q);
  }
  return std::nullopt;
}

Result<bool> Demuxer::Read(AVPacket& packet) {
  if (impl_->first_image != nullptr) {
    av_packet_move_ref(&packet, impl_->first_image.get());
    impl_->first_image.reset();
    return true;
  }
  impl_->waiting_since = Clock::now();
  return impl_->images != nullptr ? impl_->ReadImage(packet) : impl_->ReadPacket(packet);
}

}  // namespace posenet::video
