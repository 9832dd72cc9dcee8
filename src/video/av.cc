// SPDX-License-Identifier: Apache-2.0
#include "video/av.h"

#include <array>
#include <cerrno>

namespace posenet::video {

std::string AvMessage(int error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text = {};
  av_strerror(error, text.data(), text.size());
  return text.data();
}

ErrorCode AvErrorCode(int error) {
  switch (error) {
    case AVERROR(ENOENT):
    case AVERROR(ENODEV):
    case AVERROR(ENXIO):
    case AVERROR_HTTP_NOT_FOUND:
      return ErrorCode::kNotFound;
    case AVERROR(EACCES):
    case AVERROR(EPERM):
    case AVERROR_HTTP_UNAUTHORIZED:
    case AVERROR_HTTP_FORBIDDEN:
      return ErrorCode::kPermissionDenied;
    case AVERROR(ENOMEM):
      return ErrorCode::kResourceExhausted;
    case AVERROR_INVALIDDATA:
    case AVERROR_EOF:
      return ErrorCode::kCorruptData;
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_DEMUXER_NOT_FOUND:
    case AVERROR_PROTOCOL_NOT_FOUND:
    case AVERROR_PATCHWELCOME:
      return ErrorCode::kUnsupported;
    default:
      return ErrorCode::kIo;
  }
}

void SilenceAv() { av_log_set_level(AV_LOG_QUIET); }

AVColorSpace DefaultColorSpace(int height_px) {
  constexpr int kHighDefinitionRows = 720;
  return height_px >= kHighDefinitionRows ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

}  // namespace posenet::video
