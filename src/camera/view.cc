// SPDX-License-Identifier: Apache-2.0
#include "camera/view.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace posenet::camera {
namespace {

struct Grid {
  int columns = 1;
  int rows = 1;
};

// The grid nearest to `count` cells, as nearly square as whole numbers allow, over an area of these sides.
Grid GridOver(double width, double height, int count) {
  if (width <= 0.0 && height <= 0.0) return {};
  if (width <= 0.0) return {.columns = 1, .rows = count};
  if (height <= 0.0) return {.columns = count, .rows = 1};
  const double ideal = std::clamp(std::sqrt(count * width / height), 1.0, static_cast<double>(count));
  const auto grid_of = [count](double columns) {
    const int whole = static_cast<int>(columns);
    return Grid{.columns = whole, .rows = std::max(1, static_cast<int>(std::lround(count / columns)))};
  };
  const Grid fewer = grid_of(std::floor(ideal));
  const Grid more = grid_of(std::ceil(ideal));
  const auto excess = [count](const Grid& grid) { return std::abs(grid.columns * grid.rows - count); };
  return excess(more) < excess(fewer) ? more : fewer;
}

// Position `index` of `count` in [0, length]: a single one is in the middle, several go from end to end.
double Spread(int index, int count, double length) { return count == 1 ? 0.5 * length : index * length / (count - 1); }

}  // namespace

image::ViewRectangle CentralView(image::Size photo, image::Size input, double crop_share) {
  const double width = photo.width_px;
  const double height = photo.height_px;
  const double input_aspect = static_cast<double>(input.width_px) / input.height_px;
  image::ViewRectangle view = {.left_px = 0.0, .top_px = 0.0, .width_px = width, .height_px = height};
  if (width > input_aspect * height) {
    view.width_px = input_aspect * height;
  } else {
    view.height_px = std::min(height, width / input_aspect);
  }
  view.width_px *= crop_share;
  view.height_px *= crop_share;
  view.left_px = 0.5 * (width - view.width_px);
  view.top_px = 0.5 * (height - view.height_px);
  return view;
}

std::vector<image::ViewRectangle> DenseViews(image::Size photo, image::Size input, double crop_share, int count) {
  const image::ViewRectangle central = CentralView(photo, input, crop_share);
  const double slack_x = photo.width_px - central.width_px;
  const double slack_y = photo.height_px - central.height_px;
  const Grid grid = GridOver(slack_x, slack_y, count);
  std::vector<image::ViewRectangle> views;
  for (int row = 0; row < grid.rows; ++row) {
    for (int column = 0; column < grid.columns; ++column) {
      image::ViewRectangle view = central;
      view.left_px = Spread(column, grid.columns, slack_x);
      view.top_px = Spread(row, grid.rows, slack_y);
      views.push_back(view);
    }
  }
  return views;
}

}  // namespace posenet::camera
