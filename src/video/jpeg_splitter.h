// SPDX-License-Identifier: Apache-2.0
// Internal: splits a stream of JPEG images, as sent by cameras, at the last byte of each image. FFmpeg's parser ends an
// image only when the next one begins, and reads ahead, so that images of a camera would be late.
#ifndef POSENET_VIDEO_JPEG_SPLITTER_H_
#define POSENET_VIDEO_JPEG_SPLITTER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace posenet::video {

/// Parses only what separates images (ITU-T T.81, annex B): markers, and the lengths of segments, so that a thumbnail
/// in a segment is not taken for an image. Skips what lies between images, such as the headers of multipart responses.
/// Does not check whether images can be decoded.
class JpegSplitter {
 public:
  /// Takes the next byte. Returns true if an image is complete; one without an end marker is when the next one begins.
  bool Take(std::uint8_t byte);

  /// The image, after Take returned true and until it is called again.
  [[nodiscard]] std::span<const std::uint8_t> image() const;
  /// Size in the header of the image; 0 if it has none.
  [[nodiscard]] int width_px() const { return width_px_; }
  [[nodiscard]] int height_px() const { return height_px_; }

  /// Bytes of the incomplete image so far; 0 between images.
  [[nodiscard]] std::size_t begun_size() const;

 private:
  enum class Place { kBetween, kMarkers, kSegment };

  void Reset(bool has_begun);
  bool TakeMarker(std::uint8_t code);
  void TakeOfSegment();
  [[nodiscard]] std::size_t Number16At(std::size_t offset) const {
    return std::size_t{bytes_[offset]} << 8 | bytes_[offset + 1];
  }

  std::vector<std::uint8_t> bytes_;  // Of the current image; empty between images.
  Place place_ = Place::kBetween;
  bool was_ff_ = false;  // The second byte of a marker may follow.
  bool has_scan_ = false;
  bool is_complete_ = false;
  bool next_has_begun_ = false;  // The last two of bytes_ are the beginning of the next image.
  std::uint8_t segment_marker_ = 0;
  std::size_t segment_begin_ = 0;  // Offset in bytes_ of the length that follows the marker.
  int width_px_ = 0;
  int height_px_ = 0;
};

}  // namespace posenet::video

#endif  // POSENET_VIDEO_JPEG_SPLITTER_H_
