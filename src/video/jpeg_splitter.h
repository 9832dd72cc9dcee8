// SPDX-License-Identifier: Apache-2.0
// Inside video: JPEG images one after the other in a stream of bytes, as cameras send them, each complete with its
// own last byte. FFmpeg's parser takes an image for complete when the next one begins, and reads many before the first
// is answered: a camera's images would be late.
#ifndef POSENET_VIDEO_JPEG_SPLITTER_H_
#define POSENET_VIDEO_JPEG_SPLITTER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace posenet::video {

/// Knows of JPEG what separates images (ITU-T T.81, annex B): markers, and the lengths of segments, so that a
/// thumbnail inside a segment is not an image of its own. What stands between images is passed over, such as the
/// headers of a multipart answer. Whether an image can be decoded is for a decoder to say.
class JpegSplitter {
 public:
  /// Takes the next byte; true when an image is complete. One that lacks its end is when the next one begins.
  bool Take(std::uint8_t byte);

  /// The image, when Take answered true and until it is called again.
  [[nodiscard]] std::span<const std::uint8_t> image() const;
  /// Its size as its header says; 0 where that has none.
  [[nodiscard]] int width_px() const { return width_px_; }
  [[nodiscard]] int height_px() const { return height_px_; }

  /// Bytes of the image that has begun and is not complete; 0 between images.
  [[nodiscard]] std::size_t begun_size() const;

 private:
  enum class Place { kBetween, kMarkers, kSegment };

  void Reset(bool has_begun);
  bool TakeMarker(std::uint8_t code);
  void TakeOfSegment();
  [[nodiscard]] std::size_t Number16At(std::size_t offset) const {
    return std::size_t{bytes_[offset]} << 8 | bytes_[offset + 1];
  }

  std::vector<std::uint8_t> bytes_;  // Of the image; none between images.
  Place place_ = Place::kBetween;
  bool was_ff_ = false;  // A marker's second byte may follow.
  bool has_scan_ = false;
  bool is_complete_ = false;
  bool next_has_begun_ = false;  // The last two of bytes_ are the beginning of the next image.
  std::uint8_t segment_marker_ = 0;
  std::size_t segment_begin_ = 0;  // In bytes_: behind the marker, where the length is.
  int width_px_ = 0;
  int height_px_ = 0;
};

}  // namespace posenet::video

#endif  // POSENET_VIDEO_JPEG_SPLITTER_H_
