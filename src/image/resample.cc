// SPDX-License-Identifier: Apache-2.0
#include "image/resample.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace posenet::image {
namespace {

/// JavaScript's Math.round, as used by TensorFlow.js for the padding: halves round up.
std::int64_t RoundHalfUp(double value) { return static_cast<std::int64_t>(std::floor(value + 0.5)); }

/// The two rows or columns of the padded source between which one of the target lies.
struct Interval {
  std::int64_t low = 0;
  std::int64_t high = 0;
  float high_weight = 0.0F;
};

Interval IntervalAt(int target, double source_per_target, std::int64_t source_size) {
  const double source = target * source_per_target;
  const std::int64_t low = std::min(static_cast<std::int64_t>(source), source_size - 1);
  return {.low = low,
          .high = std::min(low + 1, source_size - 1),
          .high_weight = static_cast<float>(source - static_cast<double>(low))};
}

using ColumnTaps = PadResizer::ColumnTaps;

/// The byte offset in a source row of the pixel at `padded_x`, and its weight: `weight`, or 0 for padding.
std::pair<std::ptrdiff_t, float> Tap(const PadAndResize& fit, std::int64_t padded_x, float weight,
                                     int bytes_per_pixel) {
  const std::int64_t x = padded_x - fit.pad_left_px;
  if (x < 0 || x >= fit.source.width_px) return {0, 0.0F};
  return {static_cast<std::ptrdiff_t>(x) * bytes_per_pixel, weight};
}

/// The pixel of `source_size` under the center of pixel `target` of `target_size`. In integers, so that a center on the
/// border of two pixels does not depend on rounding (PIL accumulates steps, and may be off by one there). The largest
/// product, for the most padded image, is 2^14 * 2^44.
std::int64_t NearestAt(int target, std::int64_t source_size, int target_size) {
  return (2 * std::int64_t{target} + 1) * source_size / (2 * std::int64_t{target_size});
}

void FillNearestColumns(const PadAndResize& fit, int bytes_per_pixel, std::vector<ColumnTaps>& columns) {
  columns.assign(static_cast<std::size_t>(fit.target.width_px), {});
  for (int x = 0; x < fit.target.width_px; ++x) {
    ColumnTaps& taps = columns[static_cast<std::size_t>(x)];
    std::tie(taps.left_byte, taps.left_weight) =
        Tap(fit, NearestAt(x, fit.PaddedWidthPx(), fit.target.width_px), 1.0F, bytes_per_pixel);
  }
}

void FillColumns(const PadAndResize& fit, int bytes_per_pixel, std::vector<ColumnTaps>& columns) {
  const std::int64_t padded_width_px = fit.PaddedWidthPx();
  const double source_per_target = static_cast<double>(padded_width_px) / fit.target.width_px;
  columns.resize(static_cast<std::size_t>(fit.target.width_px));
  for (int x = 0; x < fit.target.width_px; ++x) {
    const Interval interval = IntervalAt(x, source_per_target, padded_width_px);
    ColumnTaps& taps = columns[static_cast<std::size_t>(x)];
    std::tie(taps.left_byte, taps.left_weight) = Tap(fit, interval.low, 1.0F - interval.high_weight, bytes_per_pixel);
    std::tie(taps.right_byte, taps.right_weight) = Tap(fit, interval.high, interval.high_weight, bytes_per_pixel);
  }
}

/// Resizes one source row. The channel offsets within a pixel are template arguments, so that each format gets a loop
/// without branches.
template <int kRed, int kGreen, int kBlue>
void ResizeRow(const std::uint8_t* row, std::span<const ColumnTaps> columns, float* rgb) {
  for (const ColumnTaps& taps : columns) {
    const std::uint8_t* const left = row + taps.left_byte;
    const std::uint8_t* const right = row + taps.right_byte;
    rgb[0] = taps.left_weight * left[kRed] + taps.right_weight * right[kRed];
    rgb[1] = taps.left_weight * left[kGreen] + taps.right_weight * right[kGreen];
    rgb[2] = taps.left_weight * left[kBlue] + taps.right_weight * right[kBlue];
    rgb += 3;
  }
}

void ResizeRow(PixelFormat format, const std::uint8_t* row, std::span<const ColumnTaps> columns, float* rgb) {
  switch (format) {
    case PixelFormat::kRgb:
    case PixelFormat::kRgba:
      return ResizeRow<0, 1, 2>(row, columns, rgb);
    case PixelFormat::kBgr:
    case PixelFormat::kBgra:
      return ResizeRow<2, 1, 0>(row, columns, rgb);
    case PixelFormat::kGray:
      return ResizeRow<0, 0, 0>(row, columns, rgb);
  }
}

/// above * above_factor + below * below_factor + bias, element by element.
void BlendRows(std::span<const float> above, float above_factor, std::span<const float> below, float below_factor,
               std::span<const float> bias, float* __restrict out) {
  const std::size_t count = above.size();
  for (std::size_t i = 0; i < count; ++i) out[i] = above[i] * above_factor + below[i] * below_factor + bias[i];
}

}  // namespace

Point PadAndResize::SourceFromTarget(Point target_px) const {
  const double scale_x = static_cast<double>(PaddedWidthPx()) / target.width_px;
  const double scale_y = static_cast<double>(PaddedHeightPx()) / target.height_px;
  return {.x = static_cast<float>(target_px.x * scale_x - static_cast<double>(pad_left_px)),
          .y = static_cast<float>(target_px.y * scale_y - static_cast<double>(pad_top_px))};
}

PadAndResize FitWithPadding(Size source, Size target) {
  PadAndResize fit{.source = source, .target = target};
  const double width = source.width_px;
  const double height = source.height_px;
  const double target_aspect = static_cast<double>(target.width_px) / target.height_px;
  if (width / height < target_aspect) {
    fit.pad_left_px = fit.pad_right_px = RoundHalfUp(0.5 * (target_aspect * height - width));
  } else {
    fit.pad_top_px = fit.pad_bottom_px = RoundHalfUp(0.5 * (1.0 / target_aspect * width - height));
  }
  return fit;
}

PadAndResize FitByStretching(Size source, Size target) { return {.source = source, .target = target}; }

PadAndResize FitByCropping(Size source, Size target) {
  PadAndResize fit = FitByStretching(source, target);
  const double width = source.width_px;
  const double height = source.height_px;
  const double target_aspect = static_cast<double>(target.width_px) / target.height_px;
  if (width / height > target_aspect) {
    const std::int64_t kept = std::clamp<std::int64_t>(RoundHalfUp(target_aspect * height), 1, source.width_px);
    fit.pad_left_px = -((source.width_px - kept) / 2);
    fit.pad_right_px = -(source.width_px - kept) - fit.pad_left_px;
  } else {
    const std::int64_t kept = std::clamp<std::int64_t>(RoundHalfUp(width / target_aspect), 1, source.height_px);
    fit.pad_top_px = -((source.height_px - kept) / 2);
    fit.pad_bottom_px = -(source.height_px - kept) - fit.pad_top_px;
  }
  return fit;
}

PadAndResize FitImage(ImageFit fit, Size source, Size target) {
  switch (fit) {
    case ImageFit::kStretch:
      return FitByStretching(source, target);
    case ImageFit::kCrop:
      return FitByCropping(source, target);
    case ImageFit::kPad:
      break;
  }
  return FitWithPadding(source, target);
}

void PadResizer::FillRow(const ImageView& source, const PadAndResize& fit, std::int64_t padded_y, Row& row) const {
  if (row.padded_y == padded_y) return;
  row.padded_y = padded_y;
  const std::int64_t y = padded_y - fit.pad_top_px;
  if (y < 0 || y >= fit.source.height_px) {
    std::fill(row.rgb.begin(), row.rgb.end(), 0.0F);
  } else {
    ResizeRow(source.format, source.data + static_cast<std::ptrdiff_t>(y) * source.RowStrideBytes(), columns_,
              row.rgb.data());
  }
}

void PadResizer::Run(const ImageView& source, const PadAndResize& fit, const Normalization& normalization,
                     std::span<float> target_hwc, Resampling resampling) {
  if (resampling == Resampling::kAntialiased) {
    const ViewRectangle padded = {.left_px = -static_cast<double>(fit.pad_left_px),
                                  .top_px = -static_cast<double>(fit.pad_top_px),
                                  .width_px = static_cast<double>(fit.PaddedWidthPx()),
                                  .height_px = static_cast<double>(fit.PaddedHeightPx())};
    return antialias_.Run(source, padded, fit.target, normalization, target_hwc);
  }
  const std::size_t row_size = static_cast<std::size_t>(fit.target.width_px) * 3;
  bias_.resize(row_size);
  for (std::size_t i = 0; i < row_size; ++i) bias_[i] = normalization.bias[i % 3];
  for (Row* row : {&above_, &below_}) {
    row->padded_y = -1;
    row->rgb.resize(row_size);
  }
  if (resampling == Resampling::kNearest) {
    FillNearestColumns(fit, BytesPerPixel(source.format), columns_);
    RunNearest(source, fit, normalization, target_hwc);
  } else {
    FillColumns(fit, BytesPerPixel(source.format), columns_);
    RunBilinear(source, fit, normalization, target_hwc);
  }
}

void PadResizer::RunNearest(const ImageView& source, const PadAndResize& fit, const Normalization& normalization,
                            std::span<float> target_hwc) {
  const std::size_t row_size = bias_.size();
  for (int y = 0; y < fit.target.height_px; ++y) {
    FillRow(source, fit, NearestAt(y, fit.PaddedHeightPx(), fit.target.height_px), above_);
    BlendRows(above_.rgb, normalization.scale, above_.rgb, 0.0F, bias_,
              target_hwc.data() + static_cast<std::size_t>(y) * row_size);
  }
}

void PadResizer::RunBilinear(const ImageView& source, const PadAndResize& fit, const Normalization& normalization,
                             std::span<float> target_hwc) {
  const std::size_t row_size = bias_.size();
  const std::int64_t padded_height_px = fit.PaddedHeightPx();
  const double source_per_target = static_cast<double>(padded_height_px) / fit.target.height_px;
  for (int y = 0; y < fit.target.height_px; ++y) {
    const Interval interval = IntervalAt(y, source_per_target, padded_height_px);
    // Rows are visited from top to bottom: the lower row of the last step is often the upper one of this step.
    if (below_.padded_y == interval.low) std::swap(above_, below_);
    FillRow(source, fit, interval.low, above_);
    FillRow(source, fit, interval.high, below_);
    const float below_factor = interval.high_weight * normalization.scale;
    BlendRows(above_.rgb, normalization.scale - below_factor, below_.rgb, below_factor, bias_,
              target_hwc.data() + static_cast<std::size_t>(y) * row_size);
  }
}

}  // namespace posenet::image
