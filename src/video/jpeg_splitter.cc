// SPDX-License-Identifier: Apache-2.0
#include "video/jpeg_splitter.h"

namespace posenet::video {
namespace {

// Second bytes of markers, named as in the standard.
constexpr std::uint8_t kTem = 0x01;
constexpr std::uint8_t kSof0 = 0xC0;
constexpr std::uint8_t kDht = 0xC4;
constexpr std::uint8_t kJpg = 0xC8;
constexpr std::uint8_t kDac = 0xCC;
constexpr std::uint8_t kSof15 = 0xCF;
constexpr std::uint8_t kRst0 = 0xD0;
constexpr std::uint8_t kRst7 = 0xD7;
constexpr std::uint8_t kSoi = 0xD8;
constexpr std::uint8_t kEoi = 0xD9;
constexpr std::uint8_t kSos = 0xDA;

constexpr std::size_t kMarkerSize = 2;
constexpr std::size_t kLengthSize = 2;
// Frame header: length, precision, height and width.
constexpr std::size_t kHeightOffset = 3;
constexpr std::size_t kWidthOffset = 5;
constexpr std::size_t kFrameHeaderSize = 7;

bool IsFrameHeader(std::uint8_t marker) {
  return marker >= kSof0 && marker <= kSof15 && marker != kDht && marker != kJpg && marker != kDac;
}

}  // namespace

std::span<const std::uint8_t> JpegSplitter::image() const {
  return std::span(bytes_).first(bytes_.size() - (next_has_begun_ ? kMarkerSize : 0));
}

std::size_t JpegSplitter::begun_size() const {
  if (is_complete_) return next_has_begun_ ? kMarkerSize : 0;
  return bytes_.size();
}

bool JpegSplitter::Take(std::uint8_t byte) {
  if (is_complete_) Reset(next_has_begun_);
  if (place_ != Place::kBetween) bytes_.push_back(byte);
  if (place_ == Place::kSegment) {
    TakeOfSegment();
    return false;
  }
  // 0xFF repeated fills, 0xFF 0 is 0xFF among a scan's bits.
  const bool is_marker = was_ff_ && byte != 0xFF && byte != 0;
  was_ff_ = byte == 0xFF;
  return is_marker && TakeMarker(byte);
}

void JpegSplitter::Reset(bool has_begun) {
  bytes_.clear();
  if (has_begun) bytes_ = {0xFF, kSoi};
  place_ = has_begun ? Place::kMarkers : Place::kBetween;
  was_ff_ = has_scan_ = is_complete_ = next_has_begun_ = false;
  width_px_ = height_px_ = 0;
}

bool JpegSplitter::TakeMarker(std::uint8_t code) {
  if (code == kSoi && !has_scan_) {  // The first image, or the one before has no scan.
    Reset(/*has_begun=*/true);
    return false;
  }
  if (place_ == Place::kBetween) return false;
  if (code == kEoi || code == kSoi) {
    next_has_begun_ = code == kSoi;
    return is_complete_ = true;
  }
  if (code == kTem || (code >= kRst0 && code <= kRst7)) return false;
  has_scan_ = has_scan_ || code == kSos;
  place_ = Place::kSegment;
  segment_marker_ = code;
  segment_begin_ = bytes_.size();
  return false;
}

void JpegSplitter::TakeOfSegment() {
  const std::size_t size = bytes_.size() - segment_begin_;
  // The length counts itself.
  if (size < kLengthSize || size < Number16At(segment_begin_)) return;
  place_ = Place::kMarkers;
  if (!IsFrameHeader(segment_marker_) || size < kFrameHeaderSize) return;
  height_px_ = static_cast<int>(Number16At(segment_begin_ + kHeightOffset));
  width_px_ = static_cast<int>(Number16At(segment_begin_ + kWidthOffset));
}

}  // namespace posenet::video
