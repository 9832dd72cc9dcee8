// SPDX-License-Identifier: Apache-2.0
// Plots as SVG, in the colours of the page that they stand in.
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

/// Points that belong together.
struct Series {
  std::string name;  ///< For the legend; series of the same name share an entry and a colour.
  Mark mark = Mark::kLine;
  std::vector<PlotPoint> points;  ///< Those that are not finite are left out and interrupt a line.
};

/// One unit is as long in x as in y: maps; or each axis fills the plot: curves.
enum class Aspect { kFill, kEqual };

struct PlotOptions {
  std::string x_label;
  std::string y_label;
  Aspect aspect = Aspect::kFill;
};

/// An <svg> element with axes, their ticks at round numbers, and a legend when there are several names. Points beyond
/// some thousand a series are thinned out. Numbers on the axes are those of the points; y grows upwards.
std::string PlotSvg(std::span<const Series> series, const PlotOptions& options);

/// The distance of the ticks for an axis of length `span`, one of 1, 2, 5 times a power of ten, so that there are four
/// to nine. 1 where `span` is not above 0.
double TickStep(double span);

}  // namespace posenet::report

#endif  // POSENET_REPORT_PLOT_H_
