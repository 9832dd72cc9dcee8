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
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"

extern "C" {
#include <libavdevice/avdevice.h>
}

namespace posenet::video {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// A connection that says nothing for so long is lost. Cameras send pictures every few milliseconds, and servers that
// have to find a video first do so in less.
constexpr auto kNetworkTimeout = std::chrono::seconds(15);
// How often waiting looks whether it should end.
constexpr int kPollMs = 100;
constexpr int kPipeBufferBytes = 1 << 16;

enum class InputKind { kFile, kUrl, kCamera, kPipe };

InputKind KindOf(const std::string& input) {
  if (input == kStandardInput) return InputKind::kPipe;
  if (input.starts_with(kCameraPrefix)) return InputKind::kCamera;
  return input.find("://") != std::string::npos ? InputKind::kUrl : InputKind::kFile;
}

bool StartsWithAnyOf(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return text.starts_with(prefix); });
}

// Demuxers that take any text for a picture, drawn as by a terminal.
bool IsTextArt(std::string_view format) {
  constexpr std::array<std::string_view, 5> kFormats = {"tty", "bin", "xbin", "adf", "idf"};
  return std::ranges::find(kFormats, format) != kFormats.end();
}

// The device of "camera:0", "camera:/dev/video2".
std::string DeviceOf(const std::string& input) {
  const std::string rest = input.substr(std::string_view(kCameraPrefix).size());
  const bool is_number = !rest.empty() && std::ranges::all_of(rest, [](char c) { return c >= '0' && c <= '9'; });
  return is_number ? "/dev/video" + rest : rest;
}

// FFmpeg follows what playlists name. A file may lead to files, a URL to URLs, neither to the other.
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

// At one address for as long as FFmpeg may call back.
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

  // Standard input, without hanging in it when the run is to end.
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

  // Whether `code` says only that the other side hung up. HTTP without a length ends so, which FFmpeg takes for a file
  // that is cut off; broken connections have codes of their own. Over TLS it has one code for both.
  [[nodiscard]] bool IsHangUp(int code) const {
    return code == AVERROR(EIO) && is_live && StartsWithAnyOf(format->url, {"http://"}) && avio_size(format->pb) < 0;
  }

  // FFmpeg's error in words; a wait that was cut short is no error of the input's.
  [[nodiscard]] Error ErrorOf(int code, const char* action) const {
    if (code == AVERROR_EXIT && kind == InputKind::kUrl) {
      return {ErrorCode::kIo, StrCat(action, ": no answer for ", kNetworkTimeout.count(), " seconds")};
    }
    return {AvErrorCode(code), StrCat(action, ": ", AvMessage(code))};
  }

  Result<void> OpenFormat(const std::string& input, const SourceOptions& options);
  Result<void> FindStream();

  std::function<bool()> is_cancelled;
  InputKind kind;
  AVFormatContext* format = nullptr;
  AVIOContext* pipe = nullptr;
  AVStream* stream = nullptr;
  Clock::time_point waiting_since = Clock::now();
  bool is_live = false;
};

Result<void> Demuxer::Impl::OpenFormat(const std::string& input, const SourceOptions& options) {
  format = avformat_alloc_context();
  if (format == nullptr) return Fail(ErrorCode::kResourceExhausted, "out of memory");
  format->interrupt_callback = {.callback = &Impl::IsInterrupted, .opaque = this};
  AvOptions av_options;
  if (const char* const protocols = ProtocolsFor(kind); *protocols != '\0') {
    av_options.Set("protocol_whitelist", protocols);
  }
  if (options.frames_per_s > 0.0) av_options.Set("framerate", StrCat(options.frames_per_s));
  const AVInputFormat* input_format = nullptr;
  std::string url = input;
  switch (kind) {
    case InputKind::kFile: {
      // FFmpeg's own message for a missing file is as short; a folder or a name with a colon would confuse it.
      const int descriptor = ::open(input.c_str(), O_RDONLY | O_CLOEXEC);
      if (descriptor < 0) return tl::unexpected(ErrorOf(AVERROR(errno), "cannot open"));
      ::close(descriptor);
      url = "file:" + input;
      break;
    }
    case InputKind::kUrl:
      av_options.Set("rtsp_transport", "tcp");  // Over UDP, frames arrive damaged where a network is busy.
      break;
    case InputKind::kCamera:
      avdevice_register_all();
      input_format = av_find_input_format("v4l2");
      if (input_format == nullptr) return Fail(ErrorCode::kUnsupported, "this FFmpeg has no video4linux");
      url = DeviceOf(input);
      break;
    case InputKind::kPipe: {
      auto* const buffer = static_cast<std::uint8_t*>(av_malloc(kPipeBufferBytes));
      if (buffer == nullptr) return Fail(ErrorCode::kResourceExhausted, "out of memory");
      pipe = avio_alloc_context(buffer, kPipeBufferBytes, 0, this, &Impl::ReadPipe, nullptr, nullptr);
      if (pipe == nullptr) return Fail(ErrorCode::kResourceExhausted, "out of memory");
      format->pb = pipe;
      break;
    }
  }
  const int opened = avformat_open_input(&format, url.c_str(), input_format, av_options.get());
  if (opened == AVERROR_INVALIDDATA || opened == AVERROR_EOF) {
    return Fail(ErrorCode::kCorruptData, "is no video that can be read: ", AvMessage(opened));
  }
  if (opened < 0) return tl::unexpected(ErrorOf(opened, "cannot open"));
  return {};
}

Result<void> Demuxer::Impl::FindStream() {
  if (IsTextArt(format->iformat->name)) {
    return Fail(ErrorCode::kCorruptData, "is no video that can be read, but text or bytes of another kind");
  }
  waiting_since = Clock::now();
  if (const int found = avformat_find_stream_info(format, nullptr); found < 0) {
    return tl::unexpected(ErrorOf(found, "is no video that can be read"));
  }
  const int index = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (index < 0) return Fail(ErrorCode::kCorruptData, "has no video in it");
  stream = format->streams[index];
  if ((stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
    return Fail(ErrorCode::kCorruptData, "has no video in it, only a picture of its cover");
  }
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    if (format->streams[i] != stream) format->streams[i]->discard = AVDISCARD_ALL;
  }
  const std::string_view url = format->url != nullptr ? format->url : "";
  const bool is_stream = StartsWithAnyOf(url, {"rtsp", "rtmp", "rtp", "udp", "srt"});
  is_live =
      kind == InputKind::kCamera || (kind == InputKind::kUrl && (is_stream || format->duration == AV_NOPTS_VALUE));
  // Pictures one after the other have no times; what counts is when they came.
  if (is_live && std::string_view(format->iformat->name).find("jpeg") != std::string_view::npos) {
    format->use_wallclock_as_timestamps = 1;
  }
  return {};
}

Result<Demuxer> Demuxer::Open(const std::string& input, const SourceOptions& options) {
  SilenceAv();
  const std::string name = input == kStandardInput ? "standard input" : Printable(input);
  auto impl = std::make_unique<Impl>(options, KindOf(input));
  if (const Result<void> opened = impl->OpenFormat(input, options); !opened.has_value()) {
    return FailIn(opened.error(), name);
  }
  if (const Result<void> found = impl->FindStream(); !found.has_value()) return FailIn(found.error(), name);
  return Demuxer(std::move(impl));
}

Demuxer::Demuxer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Demuxer::Demuxer(Demuxer&&) noexcept = default;
Demuxer& Demuxer::operator=(Demuxer&&) noexcept = default;
Demuxer::~Demuxer() = default;

AVStream& Demuxer::stream() const { return *impl_->stream; }

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
  for (;;) {
    impl_->waiting_since = Clock::now();
    const int read = av_read_frame(impl_->format, &packet);
    if (read == AVERROR(EAGAIN)) continue;
    if (read == AVERROR_EOF || (read < 0 && impl_->is_cancelled()) || impl_->IsHangUp(read)) return false;
    if (read == AVERROR_INVALIDDATA) return Fail(ErrorCode::kCorruptData, "ends early, or is damaged");
    if (read < 0) return tl::unexpected(impl_->ErrorOf(read, "cannot read on"));
    if (packet.stream_index == impl_->stream->index) return true;
    av_packet_unref(&packet);
  }
}

}  // namespace posenet::video
