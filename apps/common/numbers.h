// SPDX-License-Identifier: Apache-2.0
// Numbers as text and back, the same in every locale.
#ifndef POSENET_COMMON_NUMBERS_H_
#define POSENET_COMMON_NUMBERS_H_

#include <optional>
#include <string>
#include <string_view>

namespace posenet::app {

/// `value` with exactly `decimals` digits after the point; "nan" or "inf" if it is not finite.
std::string FormatFixed(double value, int decimals);

/// `value` with at most `decimals` digits after the point and no trailing zeros; "null" if it is not finite.
std::string FormatJsonNumber(double value, int decimals);

/// Decimals of scores and of positions in pixels in all outputs except COCO results.
inline constexpr int kScoreDecimals = 5;
inline constexpr int kPositionDecimals = 3;

/// All of `text` as a decimal integer, or no value.
std::optional<int> ParseInt(std::string_view text);

/// All of `text` as a finite number, or no value.
std::optional<float> ParseFloat(std::string_view text);
std::optional<double> ParseDouble(std::string_view text);

/// Width and height in pixels.
struct Size {
  int width_px = 0;
  int height_px = 0;
};

/// "N" (a square) or "WxH", or no value.
std::optional<Size> ParseSize(std::string_view text);

}  // namespace posenet::app

#endif  // POSENET_COMMON_NUMBERS_H_
