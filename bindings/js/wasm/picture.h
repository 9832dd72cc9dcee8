// SPDX-License-Identifier: Apache-2.0
// The memory into which JavaScript puts pictures.
#ifndef POSENET_BINDINGS_JS_WASM_PICTURE_H_
#define POSENET_BINDINGS_JS_WASM_PICTURE_H_

#include <cstdint>
#include <vector>

#include "posenet/image.h"

namespace posenet::wasm {

/// The pixels of one picture after the other: grows to the largest of them.
class PictureBuffer {
 public:
  /// Throws std::bad_alloc.
  std::uint8_t* Reserve(std::size_t bytes) {
    if (pixels_.size() < bytes) {
      pixels_ = {};  // Not copied, and not held beside the new ones.
      pixels_.resize(bytes);
    }
    return pixels_.data();
  }

  /// A picture that JavaScript put here: whole rows of `channels` channels, 1, 3 or 4 of them. JavaScript has checked
  /// that the picture has as many bytes as it should; a buffer that is too short is no picture here.
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

#endif  // POSENET_BINDINGS_JS_WASM_PICTURE_H_
