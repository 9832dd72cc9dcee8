// SPDX-License-Identifier: Apache-2.0
// Pools whose output size is rounded up. Other pools are in layers_test.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "nn/testing/run_plan.h"

namespace posenet::nn {
namespace {

// torch.nn.MaxPool2d(kernel, stride, padding, ceil_mode=True) along one axis, by ATen's pooling_output_shape; 0 or less
// if no window fits.
int CeilModeCells(int input, int kernel, int stride, int padding) {
  const double exact = static_cast<double>(input + 2 * padding - kernel) / stride;
  int cells = static_cast<int>(std::ceil(exact)) + 1;
  if ((cells - 1) * stride >= input + padding) --cells;
  return cells;
}

TEST(RoundUpTest, OutputSizeIsThatOfTorchsCeilMode) {
  for (int kernel = 1; kernel <= 5; ++kernel) {
    for (int stride = 1; stride <= 6; ++stride) {
      for (int padding = 0; padding <= kernel / 2; ++padding) {
        for (int input = 1; input <= 40; ++input) {
          const Padding round_up = {PaddingMode::kRoundUp, padding, padding, padding, padding};
          const Network network = {
              1, {{"pool", {0}, Pool{PoolKind::kMax, SquareWindow(kernel, stride, 1, round_up)}}}, {{"out", 1}}};
          const auto shapes = InferShapes(network, {1, input, 60, 1});
          const int expected = CeilModeCells(input, kernel, stride, padding);
          SCOPED_TRACE(base::StrCat(input, " cells, kernel ", kernel, ", stride ", stride, ", padding ", padding));
          ASSERT_EQ(shapes.has_value(), expected > 0);
          if (expected > 0) {
            ASSERT_EQ(shapes->back().height, expected);
          }
        }
      }
    }
  }
}

TEST(RoundUpTest, PoolsTheCellsUnderTheWindow) {
  for (const auto& [kernel, stride, padding] : {std::tuple(3, 2, 0), {3, 2, 1}, {2, 3, 0}, {5, 3, 2}, {3, 1, 1}}) {
    for (int size = 2; size <= 12; ++size) {
      const int cells = CeilModeCells(size, kernel, stride, padding);
      if (cells < 1) continue;
      SCOPED_TRACE(base::StrCat(size, " cells, kernel ", kernel, ", stride ", stride, ", padding ", padding));
      const Padding round_up = {PaddingMode::kRoundUp, padding, padding, padding, padding};
      const Window window = SquareWindow(kernel, stride, 1, round_up);
      TestLayer(Pool{PoolKind::kMax, window}, {1, size, size + 1, 3});
      TestLayer(Pool{PoolKind::kAverage, window}, {2, size + 2, size, 3});
      // The maximum of increasing numbers is the last one that the window covers.
      ReferenceTensor column = {{.height = size, .width = 1}, {}};
      for (int i = 0; i < size; ++i) column.values.push_back(static_cast<float>(i));
      Window tall = window;
      tall.kernel_width = tall.stride_width = 1;
      tall.padding.left = tall.padding.right = 0;
      const ReferenceTensor pooled = ReferencePool({PoolKind::kMax, tall}, column);
      ASSERT_EQ(pooled.shape.height, cells);
      for (int i = 0; i < cells; ++i) {
        EXPECT_EQ(pooled.values[static_cast<std::size_t>(i)],
                  static_cast<float>(std::min(i * stride - padding + kernel, size) - 1));
      }
    }
  }
}

}  // namespace
}  // namespace posenet::nn
