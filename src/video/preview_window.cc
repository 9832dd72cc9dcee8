// SPDX-License-Identifier: Apache-2.0
#include "video/preview_window.h"

#include <cstddef>
#include <cstring>
#include <utility>

#include "base/error.h"
#include "video/av.h"

extern "C" {
#include <libavdevice/avdevice.h>
}

namespace posenet::video {
namespace {

// Ignored by the SDL device, but must be valid.
constexpr AVRational kWindowTimeBase = {1, 1000};

}  // namespace

struct PreviewWindow::Impl {
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (is_open) av_write_trailer(format);
    avformat_free_context(format);
  }

  AVFormatContext* format = nullptr;
  AvPtr<AVPacket> packet;
  int width_px = 0;
  int height_px = 0;
  bool is_open = false;
};

Result<PreviewWindow> PreviewWindow::Create(const std::string& title, int width_px, int height_px) {
  SilenceAv();
  avdevice_register_all();
  auto impl = std::make_unique<Impl>();
  impl->width_px = width_px;
  impl->height_px = height_px;
  impl->packet.reset(av_packet_alloc());
  if (avformat_alloc_output_context2(&impl->format, nullptr, "sdl", title.c_str()) < 0 || !impl->packet) {
    return base::Fail(ErrorCode::kUnsupported, "cannot open a window: FFmpeg was built without SDL");
  }
  AVStream* const stream = avformat_new_stream(impl->format, nullptr);
  if (stream == nullptr) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  stream->time_base = kWindowTimeBase;
  stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
  stream->codecpar->codec_id = AV_CODEC_ID_RAWVIDEO;
  stream->codecpar->format = AV_PIX_FMT_RGB24;
  stream->codecpar->width = width_px;
  stream->codecpar->height = height_px;
  if (const int opened = avformat_write_header(impl->format, nullptr); opened < 0) {
    return base::Fail(ErrorCode::kUnsupported, "cannot open a window; is there a display? (", AvMessage(opened), ")");
  }
  impl->is_open = true;
  return PreviewWindow(std::move(impl));
}

PreviewWindow::PreviewWindow(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PreviewWindow::PreviewWindow(PreviewWindow&&) noexcept = default;
PreviewWindow& PreviewWindow::operator=(PreviewWindow&&) noexcept = default;
PreviewWindow::~PreviewWindow() = default;

bool PreviewWindow::Show(const image::Image& image) {
  if (image.width_px != impl_->width_px || image.height_px != impl_->height_px) return true;
  if (av_new_packet(impl_->packet.get(), static_cast<int>(image.rgb.size())) < 0) return true;
  std::memcpy(impl_->packet->data, image.rgb.data(), image.rgb.size());
  impl_->packet->stream_index = 0;
  const int shown = av_write_frame(impl_->format, impl_->packet.get());
  av_packet_unref(impl_->packet.get());
  return shown >= 0;
}

}  // namespace posenet::video
