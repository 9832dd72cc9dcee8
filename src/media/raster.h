// SPDX-License-Identifier: Apache-2.0
// Internal: antialiased shapes and numbers, drawn on an image. Positions are in pixels, the center of the top-left one
// at (0, 0); parts outside the image are not drawn.
#ifndef POSENET_MEDIA_RASTER_H_
#define POSENET_MEDIA_RASTER_H_

#include <cstdint>
#include <string_view>

#include "image/image.h"

namespace posenet::media {

struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
};

/// A position that may be outside the image. Finite and below 1e9 in magnitude.
struct PixelPosition {
  double x = 0.0;
  double y = 0.0;
};

/// Whole pixels.
struct Box {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;

  [[nodiscard]] int Right() const { return left + width; }   ///< One past the last column.
  [[nodiscard]] int Bottom() const { return top + height; }  ///< One past the last row.
  [[nodiscard]] bool Overlaps(const Box& other) const {
    return left < other.Right() && other.left < Right() && top < other.Bottom() && other.top < Bottom();
  }
};

/// Fills all points within `radius_px` of the line from `start` to `end`; a disc if they are equal. The time is
/// proportional to the pixels drawn, plus the rows of the image.
void FillCapsule(image::Image& image, PixelPosition start, PixelPosition end, double radius_px, Color color);

/// Fills a box with rounded corners.
void FillRoundedBox(image::Image& image, const Box& box, double radius_px, Color color);

/// The width of `text` at a height of 1. Only digits and "%- " have glyphs; other characters are as wide as a space.
double TextWidth(std::string_view text);

/// Draws `text`, `height_px` tall, from `top_left` on, in lines that are `stroke_px` wide.
void DrawText(image::Image& image, std::string_view text, PixelPosition top_left, double height_px, double stroke_px,
              Color color);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_RASTER_H_
