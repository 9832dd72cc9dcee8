// SPDX-License-Identifier: Apache-2.0
#include "report/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <regex>
#include <string>

namespace posenet::report {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(TickStep, IsTheLargestRoundStepWithFourIntervals) {
  EXPECT_DOUBLE_EQ(TickStep(1e-6), 2e-7);
  EXPECT_DOUBLE_EQ(TickStep(0.013), 0.002);
  EXPECT_DOUBLE_EQ(TickStep(1.0), 0.2);
  EXPECT_DOUBLE_EQ(TickStep(4.0), 1.0);
  EXPECT_DOUBLE_EQ(TickStep(7.9), 1.0);
  EXPECT_DOUBLE_EQ(TickStep(8.0), 2.0);
  EXPECT_DOUBLE_EQ(TickStep(19.9), 2.0);
  EXPECT_DOUBLE_EQ(TickStep(20.0), 5.0);
  EXPECT_DOUBLE_EQ(TickStep(39.9), 5.0);
  EXPECT_DOUBLE_EQ(TickStep(40.0), 10.0);
  EXPECT_DOUBLE_EQ(TickStep(12345.0), 2000.0);
  EXPECT_DOUBLE_EQ(TickStep(1e9), 2e8);
}

TEST(TickStep, IsOneForAnEmptyAxis) {
  EXPECT_EQ(TickStep(0.0), 1.0);
  EXPECT_EQ(TickStep(NAN), 1.0);
}

TEST(PlotSvg, DrawsSeriesAndALegend) {
  const std::vector<Series> series = {{.name = "<true>", .mark = Mark::kLine, .points = {{0, 0}, {1, 1}}},
                                      {.name = "guess", .mark = Mark::kDots, .points = {{0.5, 0.5}}}};
  const std::string svg = PlotSvg(series, {.x_label = "x & y", .y_label = "share"});
  EXPECT_THAT(svg, AllOf(HasSubstr("&lt;true&gt;"), HasSubstr("guess"), HasSubstr("<circle"), HasSubstr("var(--s1)"),
                         HasSubstr("x &amp; y"), HasSubstr("share"), Not(HasSubstr("<true>"))));
}

TEST(PlotSvg, HasRoomForLongNumbersOfTheYAxis) {
  const auto left_of_plot = [](double high_y) {
    const std::vector<Series> series = {{.name = "rate", .mark = Mark::kLine, .points = {{0, 0}, {1, high_y}}}};
    const std::string svg = PlotSvg(series, {.x_label = "", .y_label = "learning rate"});
    static const std::regex horizontal_line("d=\"M([0-9.]+) [0-9.]+H");
    std::smatch match;
    return std::regex_search(svg, match, horizontal_line) ? std::stod(match[1]) : 0.0;
  };
  // The name of the axis ends at 20, and a digit of the numbers, which end 6 before the plot, is 7 wide.
  EXPECT_GE(left_of_plot(1.0), 20 + 7 * 3 + 6);
  EXPECT_GE(left_of_plot(4e-4), 20 + 7 * 6 + 6);
  EXPECT_GE(left_of_plot(4e-6), 20 + 7 * 8 + 6);
}

TEST(PlotSvg, SkipsNonFinitePoints) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<Series> series = {
      {.name = "a", .mark = Mark::kLine, .points = {{0, 0}, {infinity, 1}, {NAN, NAN}, {1, 1}}},
      {.name = "a", .mark = Mark::kDots, .points = {{NAN, 0}}},
      {.name = "a", .mark = Mark::kLine, .points = {}}};
  for (const Aspect aspect : {Aspect::kFill, Aspect::kEqual}) {
    const std::string svg = PlotSvg(series, {.x_label = "", .y_label = "", .aspect = aspect});
    EXPECT_THAT(svg, AllOf(Not(HasSubstr("nan")), Not(HasSubstr("inf"))));
  }
  const std::vector<Series> point = {{.name = "one", .mark = Mark::kDots, .points = {{3, 3}}}};
  EXPECT_THAT(PlotSvg(point, {.x_label = "", .y_label = "", .aspect = Aspect::kEqual}), HasSubstr("<circle"));
  EXPECT_THAT(PlotSvg({}, {}), HasSubstr("</svg>"));
}

TEST(PlotSvg, SubsamplesLongSeries) {
  Series series = {.name = "long", .mark = Mark::kLine, .points = {}};
  for (int i = 0; i < 100'000; ++i) series.points.push_back({.x = 1.0 * i, .y = 0.0});
  EXPECT_LT(PlotSvg(std::vector{series}, {}).size(), 100'000U);
}

}  // namespace
}  // namespace posenet::report
