// SPDX-License-Identifier: Apache-2.0
// Plots as SVG, in the colors of the page that contains them.
#ifndef POSENET_REPORT_PLOT_H_
#define POSENET_REPORT_PLOT_H_

#include <span>
#include <string>
#include <vector>

namespace posenet::report {

struct PlotPoint {
  double x = 0.0;
  double y = 0.0;
};

enum class Mark { kLine, kDots };

/// A line or a set of dots.
struct Series {
  std::string name;  ///< In the legend; series of the same name share an entry and a color.
  Mark mark = Mark::kLine;
  std::vector<PlotPoint> points;  ///< Non-finite points are skipped and interrupt a line.
};

/// The scale of the axes.
enum class Aspect {
  kFill,   ///< Each axis is scaled to fill the plot: curves.
  kEqual,  ///< One unit has the same length in x and y: maps.
};

struct PlotOptions {
  std::string x_label;
  std::string y_label;
  Aspect aspect = Aspect::kFill;
};

/// An <svg> element with axes, ticks at round numbers and, if there are several names, a legend. Series of more than
/// 2000 points are subsampled evenly. y points up.
std::string PlotSvg(std::span<const Series> series, const PlotOptions& options);

/// The distance between ticks on an axis of length `span`: 1, 2 or 5 times a power of ten, the largest for which the
/// axis has at least four intervals (and fewer than ten). 1 if `span` is not positive and finite.
double TickStep(double span);

}  // namespace posenet::report

#endif  // POSENET_REPORT_PLOT_H_
