// SPDX-License-Identifier: Apache-2.0
// The memory into which JavaScript copies images.
#ifndef POSENET_BINDINGS_JS_WASM_IMAGE_BUFFER_H_
#define POSENET_BINDINGS_JS_WASM_IMAGE_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "posenet/image.h"

namespace posenet::wasm {

/// The pixels of one image at a time; grows to the largest of them.
class ImageBuffer {
 public:
  /// Memory for `bytes` bytes; earlier pixels are lost. Throws std::bad_alloc.
  std::uint8_t* Reserve(std::size_t bytes) {
    if (pixels_.size() < bytes) {
      pixels_ = {};  // Neither copied nor kept beside the new memory.
      pixels_.resize(bytes);
    }
    return pixels_.data();
  }

  /// A view of the image in this buffer: rows without gaps, of 1, 3 or 4 channels. JavaScript has checked that the
  /// image has that many bytes; the view of a buffer that is too short has no data, which the library rejects.
  [[nodiscard]] ImageView View(int width_px, int height_px, int channels) const {
    PixelFormat format = PixelFormat::kGray;
    if (channels == 3) format = PixelFormat::kRgb;
    if (channels == 4) format = PixelFormat::kRgba;
    const std::int64_t needed = std::int64_t{width_px} * height_px * BytesPerPixel(format);
    const bool is_there = needed >= 0 && needed <= static_cast<std::int64_t>(pixels_.size());
    return {
        .data = is_there ? pixels_.data() : nullptr, .width_px = width_px, .height_px = height_px, .format = format};
  }

 private:
  std::vector<std::uint8_t> pixels_;
};

}  // namespace posenet::wasm

#endif  // POSENET_BINDINGS_JS_WASM_IMAGE_BUFFER_H_
