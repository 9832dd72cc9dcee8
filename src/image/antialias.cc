// SPDX-License-Identifier: Apache-2.0
#include "image/antialias.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace posenet::image {
namespace {

using Taps = AntialiasResizer::Taps;

// What ResizeColumns reads past a row of single-channel pixels.
constexpr std::size_t kSpareElements = 3;

/// The triangle filter, with a peak of 1, on an axis of the source.
struct Triangle {
  double center = 0.0;
  double reach = 1.0;  // From the center to either end.

  [[nodiscard]] double At(std::int64_t pixel) const {
    return std::max(0.0, 1.0 - std::abs(static_cast<double>(pixel) + 0.5 - center) / reach);
  }

  /// The sum of At over [first, last), which must lie within reach. Computed as two arithmetic series, because most of
  /// the pixels may be padding.
  [[nodiscard]] double Sum(std::int64_t first, std::int64_t last) const {
    const std::int64_t middle = std::clamp(static_cast<std::int64_t>(std::floor(center + 0.5)), first, last);
    const auto series = [this](std::int64_t from, std::int64_t to) {
      return from < to ? 0.5 * static_cast<double>(to - from) * (At(from) + At(to - 1)) : 0.0;
    };
    return series(first, middle) + series(middle, last);
  }
};

/// Adds kRows weighted rows of bytes to `sums`. The number of rows is a template argument, so that one vectorized loop
/// reads all of them.
template <std::size_t kRows>
void AddRows(const std::uint8_t* first, std::ptrdiff_t stride_bytes, const float* weights, std::span<float> sums) {
  std::array<const std::uint8_t*, kRows> rows;
  std::array<float, kRows> factors;
  for (std::size_t r = 0; r < kRows; ++r) {
    rows[r] = first + static_cast<std::ptrdiff_t>(r) * stride_bytes;
    factors[r] = weights[r];
  }
  float* __restrict out = sums.data();
  const std::size_t count = sums.size();
  for (std::size_t i = 0; i < count; ++i) {
    float sum = out[i];
    for (std::size_t r = 0; r < kRows; ++r) sum += factors[r] * static_cast<float>(rows[r][i]);
    out[i] = sum;
  }
}

/// The weighted sum of `weights.size()` rows of bytes, of which the first starts at `first`.
void BlendRows(const std::uint8_t* first, std::ptrdiff_t stride_bytes, std::span<const float> weights,
               std::span<float> sums) {
  std::ranges::fill(sums, 0.0F);
  while (!weights.empty()) {
    const std::size_t count = std::min<std::size_t>(weights.size(), 4);
    if (count == 4) AddRows<4>(first, stride_bytes, weights.data(), sums);
    if (count == 3) AddRows<3>(first, stride_bytes, weights.data(), sums);
    if (count == 2) AddRows<2>(first, stride_bytes, weights.data(), sums);
    if (count == 1) AddRows<1>(first, stride_bytes, weights.data(), sums);
    first += static_cast<std::ptrdiff_t>(count) * stride_bytes;
    weights = weights.subspan(count);
  }
}

/// Resizes a row of floats. The channel offsets within a pixel are template arguments, so that each format gets a loop
/// without branches. Always sums four channels, which is one vector: reads up to kSpareElements past the last pixel.
template <int kChannels, int kRed, int kGreen, int kBlue>
void ResizeColumns(const float* row, std::span<const Taps> columns, const float* weights, float* rgb) {
  for (const Taps& taps : columns) {
    const float* pixel = row + taps.first * kChannels;
    const float* const weight = weights + taps.weight;
    std::array<float, 4> sums = {};
    for (std::size_t t = 0; t < taps.count; ++t, pixel += kChannels) {
      for (std::size_t c = 0; c < 4; ++c) sums[c] += weight[t] * pixel[c];
    }
    rgb[0] = sums[kRed];
    rgb[1] = sums[kGreen];
    rgb[2] = sums[kBlue];
    rgb += 3;
  }
}

void ResizeColumns(PixelFormat format, const float* row, std::span<const Taps> columns, const float* weights,
                   float* rgb) {
  switch (format) {
    case PixelFormat::kRgb:
      return ResizeColumns<3, 0, 1, 2>(row, columns, weights, rgb);
    case PixelFormat::kBgr:
      return ResizeColumns<3, 2, 1, 0>(row, columns, weights, rgb);
    case PixelFormat::kRgba:
      return ResizeColumns<4, 0, 1, 2>(row, columns, weights, rgb);
    case PixelFormat::kBgra:
      return ResizeColumns<4, 2, 1, 0>(row, columns, weights, rgb);
    case PixelFormat::kGray:
      return ResizeColumns<1, 0, 0, 0>(row, columns, weights, rgb);
  }
}

}  // namespace

void AntialiasResizer::Axis::Plan(double start_px, double length_px, std::int64_t source_size, int target_size) {
  const double step = length_px / target_size;
  // The image extended by the black that the view adds. The slack keeps rounding errors of a view that ends with the
  // image from adding a pixel.
  constexpr double kSlackPx = 1e-6;
  const std::int64_t low = std::min<std::int64_t>(0, static_cast<std::int64_t>(std::floor(start_px + kSlackPx)));
  const std::int64_t high =
      std::max(source_size, static_cast<std::int64_t>(std::ceil(start_px + length_px - kSlackPx)));
  taps.clear();
  weights.clear();
  first = static_cast<std::ptrdiff_t>(source_size);
  last = 0;
  for (int i = 0; i < target_size; ++i) {
    const Triangle triangle = {.center = start_px + (i + 0.5) * step, .reach = std::max(step, 1.0)};
    const auto nearest_edge = [](double x) { return static_cast<std::int64_t>(std::floor(x + 0.5)); };
    const std::int64_t begin = std::max(low, nearest_edge(triangle.center - triangle.reach));
    const std::int64_t end = std::min(high, nearest_edge(triangle.center + triangle.reach));
    const double sum = triangle.Sum(begin, end);
    const auto begin_inside = static_cast<std::ptrdiff_t>(std::clamp<std::int64_t>(begin, 0, source_size));
    const auto end_inside = static_cast<std::ptrdiff_t>(std::clamp<std::int64_t>(end, begin_inside, source_size));
    taps.push_back({.first = begin_inside,
                    .count = static_cast<std::size_t>(end_inside - begin_inside),
                    .weight = weights.size()});
    for (std::ptrdiff_t x = begin_inside; x < end_inside; ++x) {
      weights.push_back(static_cast<float>(triangle.At(x) / sum));
    }
    if (begin_inside == end_inside) continue;
    first = std::min(first, begin_inside);
    last = std::max(last, end_inside);
  }
  // The view does not overlap the image.
  if (first >= last) first = last = 0;
}

void AntialiasResizer::Plan(const ImageView& source, const ViewRectangle& view, Size target) {
  columns_.Plan(view.left_px, view.width_px, source.width_px, target.width_px);
  rows_.Plan(view.top_px, view.height_px, source.height_px, target.height_px);
  for (Taps& taps : columns_.taps) taps.first = taps.count == 0 ? 0 : taps.first - columns_.first;
  const std::size_t read_pixels = static_cast<std::size_t>(columns_.last - columns_.first);
  blended_.assign(read_pixels * static_cast<std::size_t>(BytesPerPixel(source.format)) + kSpareElements, 0.0F);
  rgb_.resize(static_cast<std::size_t>(target.width_px) * 3);
}

void AntialiasResizer::ResizeRow(const ImageView& source, int y) {
  const Taps& taps = rows_.taps[static_cast<std::size_t>(y)];
  const std::uint8_t* const first_row = source.data + taps.first * source.RowStrideBytes();
  const std::ptrdiff_t offset = columns_.first * BytesPerPixel(source.format);
  BlendRows(first_row + offset, source.RowStrideBytes(), std::span(rows_.weights).subspan(taps.weight, taps.count),
            std::span(blended_).first(blended_.size() - kSpareElements));
  ResizeColumns(source.format, blended_.data(), columns_.taps, columns_.weights.data(), rgb_.data());
}

void AntialiasResizer::Run(const ImageView& source, const ViewRectangle& view, Size target,
                           const Normalization& normalization, std::span<float> target_hwc) {
  Plan(source, view, target);
  bias_.resize(rgb_.size());
  for (std::size_t i = 0; i < bias_.size(); ++i) bias_[i] = normalization.bias[i % 3];
  float* __restrict out = target_hwc.data();
  for (int y = 0; y < target.height_px; ++y, out += rgb_.size()) {
    ResizeRow(source, y);
    for (std::size_t i = 0; i < rgb_.size(); ++i) out[i] = rgb_[i] * normalization.scale + bias_[i];
  }
}

void AntialiasResizer::Run(const ImageView& source, const ViewRectangle& view, Size target,
                           std::span<std::uint8_t> target_hwc) {
  Plan(source, view, target);
  std::uint8_t* __restrict out = target_hwc.data();
  for (int y = 0; y < target.height_px; ++y, out += rgb_.size()) {
    ResizeRow(source, y);
    // Rounding errors of the weights may push 255 + 0.5 to 256.
    for (std::size_t i = 0; i < rgb_.size(); ++i) {
      out[i] = static_cast<std::uint8_t>(std::clamp(rgb_[i] + 0.5F, 0.0F, 255.0F));
    }
  }
}

}  // namespace posenet::image
