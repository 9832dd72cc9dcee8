// SPDX-License-Identifier: Apache-2.0
#include "report/plot.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>

#include "base/strings.h"
#include "report/escape.h"

namespace posenet::report {
namespace {

constexpr double kWidth = 736.0;
constexpr double kHeight = 420.0;
constexpr double kMinLeft = 62.0;
constexpr double kLetterPx = 7.0;  // An estimate of the average width of a letter.
constexpr double kRight = 16.0;
constexpr double kTop = 28.0;
constexpr double kBottom = 44.0;
constexpr std::size_t kColors = 6;  // In the style of the page.
constexpr std::size_t kMaxPoints = 2000;

// The visible range of coordinates, and its mapping to pixels.
struct View {
  double left = kMinLeft;  // Of the plot: to its left are the labels of the y axis.
  double low_x = std::numeric_limits<double>::infinity();
  double high_x = -std::numeric_limits<double>::infinity();
  double low_y = std::numeric_limits<double>::infinity();
  double high_y = -std::numeric_limits<double>::infinity();

  [[nodiscard]] double Width() const { return kWidth - left - kRight; }
  [[nodiscard]] double X(double x) const { return left + (x - low_x) / (high_x - low_x) * Width(); }
  [[nodiscard]] double Y(double y) const {
    return kHeight - kBottom - (y - low_y) / (high_y - low_y) * (kHeight - kTop - kBottom);
  }
};

bool IsFinite(const PlotPoint& point) { return std::isfinite(point.x) && std::isfinite(point.y); }

void Widen(double& low, double& high, double share) {
  const double margin = high > low ? share * (high - low) : 0.5;
  low -= margin;
  high += margin;
}

// The number of decimals that distinguish ticks.
int TickDecimals(double step) { return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9); }

// Space for the name of the y axis and the numbers of its ticks, the longest of which are at the ends.
double LeftMargin(double low_y, double high_y) {
  const int decimals = TickDecimals(TickStep(high_y - low_y));
  const std::size_t letters = std::max(Number(low_y, decimals).size(), Number(high_y, decimals).size());
  constexpr double kNamePx = 28.0;
  return std::max(kMinLeft, kNamePx + kLetterPx * static_cast<double>(letters));
}

View ViewOf(std::span<const Series> series, Aspect aspect) {
  View view;
  for (const Series& one : series) {
    for (const PlotPoint& point : one.points) {
      if (!IsFinite(point)) continue;
      view.low_x = std::min(view.low_x, point.x);
      view.high_x = std::max(view.high_x, point.x);
      view.low_y = std::min(view.low_y, point.y);
      view.high_y = std::max(view.high_y, point.y);
    }
  }
  if (!(view.low_x <= view.high_x)) return {.low_x = 0.0, .high_x = 1.0, .low_y = 0.0, .high_y = 1.0};
  constexpr double kMargin = 0.03;
  Widen(view.low_x, view.high_x, kMargin);
  Widen(view.low_y, view.high_y, kMargin);
  view.left = LeftMargin(view.low_y, view.high_y);
  if (aspect == Aspect::kFill) return view;
  const double units_per_px =
      std::max((view.high_x - view.low_x) / view.Width(), (view.high_y - view.low_y) / (kHeight - kTop - kBottom));
  const double half_x = units_per_px * view.Width() / 2.0;
  const double half_y = units_per_px * (kHeight - kTop - kBottom) / 2.0;
  const double middle_x = (view.low_x + view.high_x) / 2.0;
  const double middle_y = (view.low_y + view.high_y) / 2.0;
  return {.left = view.left,
          .low_x = middle_x - half_x,
          .high_x = middle_x + half_x,
          .low_y = middle_y - half_y,
          .high_y = middle_y + half_y};
}

std::string Text(double x, double y, std::string_view anchor, std::string_view text) {
  return base::StrCat("<text x=\"", Number(x), "\" y=\"", Number(y), "\" text-anchor=\"", anchor, "\">", Escape(text),
                      "</text>\n");
}

std::string XTicks(const View& view) {
  std::string svg;
  const double step = TickStep(view.high_x - view.low_x);
  const double first = std::ceil(view.low_x / step);
  for (double i = first; i * step <= view.high_x; ++i) {
    const double x = view.X(i * step);
    svg += base::StrCat("<path class=\"axis\" d=\"M", Number(x), " ", Number(kTop), "V", Number(kHeight - kBottom),
                        "\"/>\n", Text(x, kHeight - kBottom + 16.0, "middle", Number(i * step, TickDecimals(step))));
  }
  return svg;
}

std::string YTicks(const View& view) {
  std::string svg;
  const double step = TickStep(view.high_y - view.low_y);
  const double first = std::ceil(view.low_y / step);
  for (double i = first; i * step <= view.high_y; ++i) {
    const double y = view.Y(i * step);
    svg += base::StrCat("<path class=\"axis\" d=\"M", Number(view.left), " ", Number(y), "H", Number(kWidth - kRight),
                        "\"/>\n", Text(view.left - 6.0, y + 4.0, "end", Number(i * step, TickDecimals(step))));
  }
  return svg;
}

std::vector<std::string_view> NamesOf(std::span<const Series> series) {
  std::vector<std::string_view> names;
  for (const Series& one : series) {
    if (std::ranges::find(names, one.name) == names.end()) names.emplace_back(one.name);
  }
  return names;
}

std::string ColorOf(const std::vector<std::string_view>& names, std::string_view name) {
  const auto index = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
  return base::StrCat("var(--s", index % kColors, ")");
}

std::string DrawLine(const View& view, const Series& series, const std::string& color) {
  const std::size_t stride = series.points.size() / kMaxPoints + 1;
  std::string path;
  bool is_down = false;
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    const PlotPoint& point = series.points[i];
    if (!IsFinite(point)) {
      is_down = false;
      continue;
    }
    if (i % stride != 0 && i + 1 != series.points.size()) continue;
    path += base::StrCat(is_down ? "L" : "M", Number(view.X(point.x)), " ", Number(view.Y(point.y)));
    is_down = true;
  }
  return base::StrCat("<path class=\"line\" style=\"stroke:", color, "\" d=\"", path, "\"/>\n");
}

std::string DrawDots(const View& view, const Series& series, const std::string& color) {
  const std::size_t stride = series.points.size() / kMaxPoints + 1;
  std::string svg = base::StrCat("<g style=\"fill:", color, "\">\n");
  for (std::size_t i = 0; i < series.points.size(); i += stride) {
    const PlotPoint& point = series.points[i];
    if (!IsFinite(point)) continue;
    svg +=
        base::StrCat("<circle r=\"2.2\" cx=\"", Number(view.X(point.x)), "\" cy=\"", Number(view.Y(point.y)), "\"/>\n");
  }
  return svg + "</g>\n";
}

std::string Legend(const View& view, const std::vector<std::string_view>& names) {
  if (names.size() < 2) return "";
  std::string svg;
  double x = view.left;
  for (const std::string_view name : names) {
    svg += base::StrCat("<rect x=\"", Number(x),
                        "\" y=\"8\" width=\"10\" height=\"10\" style=\"fill:", ColorOf(names, name), "\"/>\n",
                        Text(x + 15.0, 17.0, "start", name));
    x += 34.0 + kLetterPx * static_cast<double>(name.size());
  }
  return svg;
}

}  // namespace

double TickStep(double span) {
  if (!(span > 0.0) || !std::isfinite(span)) return 1.0;
  const double power = std::pow(10.0, std::floor(std::log10(span / 4.0)));
  for (const double factor : {5.0, 2.0}) {
    if (span / (factor * power) >= 4.0) return factor * power;
  }
  return power;
}

std::string PlotSvg(std::span<const Series> series, const PlotOptions& options) {
  const View view = ViewOf(series, options.aspect);
  const std::vector<std::string_view> names = NamesOf(series);
  std::string svg = base::StrCat("<svg viewBox=\"0 0 ", Number(kWidth), " ", Number(kHeight), "\" role=\"img\">\n",
                                 XTicks(view), YTicks(view), Legend(view, names));
  for (const Series& one : series) {
    const std::string color = ColorOf(names, one.name);
    svg += one.mark == Mark::kLine ? DrawLine(view, one, color) : DrawDots(view, one, color);
  }
  svg += Text(view.left + view.Width() / 2.0, kHeight - 8.0, "middle", options.x_label);
  svg += base::StrCat("<text transform=\"translate(14 ", Number((kTop + kHeight - kBottom) / 2.0),
                      ") rotate(-90)\" text-anchor=\"middle\">", Escape(options.y_label), "</text>\n</svg>\n");
  return svg;
}

}  // namespace posenet::report
