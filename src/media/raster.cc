// SPDX-License-Identifier: Apache-2.0
#include "media/raster.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

namespace posenet::media {
namespace {

// The columns of a shape in one row.
struct Interval {
  double low = 0.0;
  double high = 0.0;
};

std::optional<Interval> Hull(const std::optional<Interval>& a, const std::optional<Interval>& b) {
  if (!a || !b) return a ? a : b;
  return Interval{std::min(a->low, b->low), std::max(a->high, b->high)};
}

std::optional<Interval> RowOfDisc(PixelPosition center, double radius, double y) {
  const double dy = y - center.y;
  const double squared = radius * radius - dy * dy;
  if (squared < 0.0) return std::nullopt;
  const double half = std::sqrt(squared);
  return Interval{center.x - half, center.x + half};
}

// The rectangle that a segment sweeps to both sides.
class Band {
 public:
  Band(PixelPosition start, PixelPosition end, double radius)
      : start_(start), dx_(end.x - start.x), dy_(end.y - start.y), length_(std::hypot(dx_, dy_)), radius_(radius) {}

  [[nodiscard]] std::optional<Interval> Row(double y) const {
    if (length_ == 0.0) return std::nullopt;
    // |cross| <= radius * length and 0 <= dot <= length^2, both linear in x.
    std::optional<Interval> row = Interval{-1e18, 1e18};
    const double from_start_y = y - start_.y;
    Clip(-dy_, dx_ * from_start_y + dy_ * start_.x, -radius_ * length_, radius_ * length_, row);
    Clip(dx_, dy_ * from_start_y - dx_ * start_.x, 0.0, length_ * length_, row);
    return row;
  }

  // The distance from the segment.
  [[nodiscard]] double Distance(double x, double y) const {
    const double along =
        length_ == 0.0 ? 0.0
                       : std::clamp(((x - start_.x) * dx_ + (y - start_.y) * dy_) / length_, 0.0, length_) / length_;
    return std::hypot(x - start_.x - along * dx_, y - start_.y - along * dy_);
  }

 private:
  // Restricts `row` to low <= slope * x + offset <= high.
  static void Clip(double slope, double offset, double low, double high, std::optional<Interval>& row) {
    if (!row) return;
    if (slope == 0.0) {
      if (offset < low || offset > high) row.reset();
      return;
    }
    const double a = (low - offset) / slope;
    const double b = (high - offset) / slope;
    row = Interval{std::max(row->low, std::min(a, b)), std::min(row->high, std::max(a, b))};
    if (row->low > row->high) row.reset();
  }

  PixelPosition start_;
  double dx_;
  double dy_;
  double length_;
  double radius_;
};

// Blends `color` over pixel (x, y), which must be in the image. `coverage` is clamped to [0, 1].
void Blend(image::Image& image, int x, int y, Color color, double coverage) {
  if (coverage <= 0.0) return;
  const double share = std::min(coverage, 1.0);
  std::uint8_t* pixel = image.rgb.data() + 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width_px) +
                                                static_cast<std::size_t>(x));
  const auto blend = [share](std::uint8_t& value, std::uint8_t over) {
    value = static_cast<std::uint8_t>(std::lround(value + share * (over - value)));
  };
  blend(pixel[0], color.red);
  blend(pixel[1], color.green);
  blend(pixel[2], color.blue);
}

// The whole numbers from `low` to `high` that are in [0, size).
struct IndexRange {
  int first;
  int last;
};
IndexRange IndicesIn(double low, double high, int size) {
  return {static_cast<int>(std::clamp(std::floor(low), 0.0, 1.0 * size)),
          static_cast<int>(std::clamp(std::ceil(high), -1.0, size - 1.0))};
}

}  // namespace

void FillCapsule(image::Image& image, PixelPosition start, PixelPosition end, double radius_px, Color color) {
  // An edge blends over the pixel that it crosses: half a pixel to each side.
  const double reach = radius_px + 0.5;
  const Band band(start, end, reach);
  const IndexRange rows =
      IndicesIn(std::min(start.y, end.y) - reach, std::max(start.y, end.y) + reach, image.height_px);
  for (int y = rows.first; y <= rows.last; ++y) {
    // The shape is convex, so its row is the hull of those of its three parts.
    const auto row = Hull(Hull(RowOfDisc(start, reach, y), RowOfDisc(end, reach, y)), band.Row(y));
    if (!row) continue;
    const IndexRange columns = IndicesIn(row->low, row->high, image.width_px);
    for (int x = columns.first; x <= columns.last; ++x) Blend(image, x, y, color, reach - band.Distance(x, y));
  }
}

void FillRoundedBox(image::Image& image, const Box& box, double radius_px, Color color) {
  // Distances from the box that is smaller by the radius: its edges are `inset` inside of those of the pixels.
  const double left = box.left - 0.5 + radius_px;
  const double right = box.Right() - 0.5 - radius_px;
  const double top = box.top - 0.5 + radius_px;
  const double bottom = box.Bottom() - 0.5 - radius_px;
  const IndexRange rows = IndicesIn(box.top, box.Bottom() - 1.0, image.height_px);
  const IndexRange columns = IndicesIn(box.left, box.Right() - 1.0, image.width_px);
  for (int y = rows.first; y <= rows.last; ++y) {
    for (int x = columns.first; x <= columns.last; ++x) {
      const double dx = std::max({left - x, x - right, 0.0});
      const double dy = std::max({top - y, y - bottom, 0.0});
      Blend(image, x, y, color, radius_px + 0.5 - std::hypot(dx, dy));
    }
  }
}

}  // namespace posenet::media
