// SPDX-License-Identifier: Apache-2.0
// A stroke font for labels. They are scores and track IDs, so digits suffice, and no font file or library is needed.
#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include "media/raster.h"

namespace posenet::media {
namespace {

// Part of an ellipse, or a line. Glyphs are 1 tall, y down; angles clockwise as seen, from the x axis.
struct Stroke {
  enum class Kind { kArc, kLine } kind;
  double x, y;                      // Center of the ellipse; start of the line.
  double radius_x, radius_y;        // Or the end of the line.
  double from_deg = 0, to_deg = 0;  // Of arcs.
};

constexpr Stroke Arc(double x, double y, double radius_x, double radius_y, double from_deg = 0, double to_deg = 360) {
  return {Stroke::Kind::kArc, x, y, radius_x, radius_y, from_deg, to_deg};
}
constexpr Stroke Line(double from_x, double from_y, double to_x, double to_y) {
  return {Stroke::Kind::kLine, from_x, from_y, to_x, to_y};
}

constexpr std::array kZero = {Arc(.28, .5, .27, .5)};
constexpr std::array kOne = {Line(.1, .2, .34, 0), Line(.34, 0, .34, 1)};
constexpr std::array kTwo = {Arc(.28, .28, .26, .28, 190, 400), Line(.479, .46, .02, 1), Line(.02, 1, .56, 1)};
constexpr std::array kThree = {Arc(.27, .25, .24, .25, 200, 450), Arc(.27, .75, .28, .25, 270, 520)};
constexpr std::array kFour = {Line(.42, 1, .42, 0), Line(.42, 0, 0, .7), Line(0, .7, .57, .7)};
constexpr std::array kFive = {Line(.51, 0, .09, 0), Line(.09, 0, .05, .49), Arc(.27, .68, .28, .32, 217, 500)};
constexpr std::array kSix = {Arc(.28, .68, .27, .32), Arc(.6, .68, .59, .68, 180, 255)};
constexpr std::array kSeven = {Line(0, 0, .55, 0), Line(.55, 0, .18, 1)};
constexpr std::array kEight = {Arc(.28, .24, .23, .24), Arc(.28, .74, .27, .26)};
constexpr std::array kNine = {Arc(.28, .32, .27, .32), Arc(-.04, .32, .59, .68, 0, 75)};
constexpr std::array kPercent = {Arc(.16, .2, .15, .2), Arc(.68, .8, .15, .2), Line(.66, 0, .18, 1)};
constexpr std::array kMinus = {Line(.04, .55, .42, .55)};

struct Glyph {
  double width = 0.3;
  std::span<const Stroke> strokes = {};
};

Glyph GlyphOf(char character) {
  constexpr std::array<std::span<const Stroke>, 10> kDigits = {kZero, kOne, kTwo,   kThree, kFour,
                                                               kFive, kSix, kSeven, kEight, kNine};
  if (character >= '0' && character <= '9') return {.width = 0.56, .strokes = kDigits[character - '0']};
  if (character == '%') return {.width = 0.84, .strokes = kPercent};
  if (character == '-') return {.width = 0.46, .strokes = kMinus};
  return {};
}

constexpr double kGap = 0.24;  // Between glyphs.

void DrawStroke(image::Image& image, const Stroke& stroke, PixelPosition origin, double height_px, double stroke_px,
                Color color) {
  const auto at = [&](double x, double y) { return PixelPosition{origin.x + height_px * x, origin.y + height_px * y}; };
  if (stroke.kind == Stroke::Kind::kLine) {
    FillCapsule(image, at(stroke.x, stroke.y), at(stroke.radius_x, stroke.radius_y), stroke_px / 2, color);
    return;
  }
  const auto on_ellipse = [&](double deg) {
    const double angle = deg * std::numbers::pi / 180.0;
    return at(stroke.x + stroke.radius_x * std::cos(angle), stroke.y + stroke.radius_y * std::sin(angle));
  };
  // Chords of 15 degrees deviate from the ellipse by less than a hundredth of its radius.
  const int chord_count = static_cast<int>(std::ceil((stroke.to_deg - stroke.from_deg) / 15.0));
  for (int i = 0; i < chord_count; ++i) {
    const double step_deg = (stroke.to_deg - stroke.from_deg) / chord_count;
    FillCapsule(image, on_ellipse(stroke.from_deg + i * step_deg), on_ellipse(stroke.from_deg + (i + 1) * step_deg),
                stroke_px / 2, color);
  }
}

}  // namespace

double TextWidth(std::string_view text) {
  double width = 0.0;
  for (const char character : text) width += GlyphOf(character).width + kGap;
  return text.empty() ? 0.0 : width - kGap;
}

void DrawText(image::Image& image, std::string_view text, PixelPosition top_left, double height_px, double stroke_px,
              Color color) {
  PixelPosition origin = top_left;
  for (const char character : text) {
    const Glyph glyph = GlyphOf(character);
    for (const Stroke& stroke : glyph.strokes) DrawStroke(image, stroke, origin, height_px, stroke_px, color);
    origin.x += height_px * (glyph.width + kGap);
  }
}

}  // namespace posenet::media
