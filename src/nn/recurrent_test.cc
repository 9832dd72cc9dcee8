// SPDX-License-Identifier: Apache-2.0
// Normalization, dropout, memories and pools whose size is rounded up, against the reference or their definition.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "nn/graph/operation_count.h"
#include "nn/steps/dropout.h"
#include "nn/testing/run_plan.h"

namespace posenet::nn {
namespace {

using ::testing::HasSubstr;

void TestLayer(const Operation& operation, const Shape& shape) {
  TestNetwork net(shape.channels);
  net.AddOutput(net.AddOther({0}, operation));
  ExpectLikeReference(net, shape);
}

TEST(LocalResponseNormTest, LikeReference) {
  for (const int channels : {1, 2, 4, 7, 16, 33, 64}) {
    for (const int size : {1, 3, 5, 101}) {
      for (const float beta : {0.75F, 0.5F, 1.3F}) {
        SCOPED_TRACE(base::StrCat(channels, " channels, size ", size, ", beta ", beta));
        TestLayer(LocalResponseNorm{size, 0.7F, beta, 1.5F}, {2, 3, 5, channels});
      }
    }
  }
}

TEST(LocalResponseNormTest, LikeTorch) {
  // torch.nn.functional.local_response_norm(torch.tensor([[1., 2., 3.]]).unsqueeze(-1), 3, alpha=1.5, beta=0.75, k=2):
  // the sums of squares are 5, 14 and 13, and half of each is added to 2.
  const ReferenceTensor out = ReferenceLocalResponseNorm({3, 1.5F, 0.75F, 2.0F}, {{.channels = 3}, {1.0F, 2.0F, 3.0F}});
  EXPECT_NEAR(out.values[0], 1.0 / std::pow(4.5, 0.75), 1e-6);
  EXPECT_NEAR(out.values[1], 2.0 / std::pow(9.0, 0.75), 1e-6);
  EXPECT_NEAR(out.values[2], 3.0 / std::pow(8.5, 0.75), 1e-6);
}

TEST(DropoutTest, IsTheIdentityUnlessAskedFor) {
  TestLayer(Dropout{0.5F}, {2, 3, 50, 31});
  TestLayer(Dropout{0.0F}, {1, 1, 1, 1});
}

TEST(DropoutTest, DropsTheSameElementsOnAnyThreads) {
  TestNetwork net(7);
  net.AddOutput(net.AddOther({0}, Dropout{0.3F}));
  net.AddOutput(net.AddOther({0}, Dropout{0.3F}));
  const Shape shape = {3, 40, 50, 7};
  const std::vector<float> input = net.RandomValues(shape.ElementCount());
  const auto plan = MakePlan(net, shape);
  const auto context = Context::Create(plan);
  for (const std::uint64_t seed : {0U, 1U}) {
    const auto expected = ReferenceRun(net.network(), net.Tensors(), input, shape, BFloat16Use::kNever, seed);
    (*context)->SampleDropout(seed);
    for (const int threads : {1, 3}) {
      base::ThreadPool pool(threads);
      const auto outputs = RunPlan(*plan, **context, input, pool);
      for (std::size_t i = 0; i < outputs.size(); ++i) ExpectNear(outputs[i], (*expected)[i]);
      EXPECT_NE(outputs[0], outputs[1]) << "two layers dropped the same elements";
      const auto dropped = std::count(outputs[0].begin(), outputs[0].end(), 0.0F);
      // 42,000 draws of 0.3: five standard deviations are 470.
      EXPECT_NEAR(static_cast<double>(dropped), 0.3 * static_cast<double>(input.size()), 470.0);
    }
  }
  (*context)->SampleDropout(std::nullopt);
  base::ThreadPool pool(1);
  EXPECT_EQ(RunPlan(*plan, **context, input, pool)[0], input);
}

TEST(LstmTest, GridsLikeReference) {
  for (const int rows : {1, 2, 6, 30}) {
    for (const Direction direction : {Direction::kForward, Direction::kReverse}) {
      for (const int hidden : {1, 5, 16, 37}) {
        SCOPED_TRACE(base::StrCat(rows, " rows, ", hidden, " hidden, direction ", static_cast<int>(direction)));
        TestNetwork net(5);  // Inputs of 2x3x5 are 30 numbers.
        net.AddOutput(net.AddLstm(0, {hidden, Scan::kRows, direction, rows}, 30 / rows));
        net.AddOutput(net.AddLstm(0, {hidden, Scan::kColumns, direction, rows}, rows));
        ExpectLikeReference(net, {1, 2, 3, 5});
        ExpectLikeReference(net, {4, 3, 2, 5});
      }
    }
  }
}

TEST(LstmTest, BatchLikeReference) {
  for (const int batch : {1, 2, 9}) {
    TestNetwork net(5);
    for (const Direction direction : {Direction::kForward, Direction::kReverse}) {
      net.AddOutput(net.AddLstm(0, {11, Scan::kBatch, direction, 0}, 30));
    }
    ExpectLikeReference(net, {batch, 2, 3, 5});
  }
}

TEST(LstmTest, ReadsRowsAndColumnsOfTheGrid) {
  // Gates that let everything in and keep half of it: the cell sums what it is shown, the newest counting most.
  const std::vector<float> input_weights = {0.0F, 0.0F, 1.0F, 0.0F, 0.0F, 0.0F, 10.0F, 0.0F};
  const std::vector<float> recurrent_weights(4, 0.0F);
  const std::vector<float> bias = {30.0F, 0.0F, 0.0F, 30.0F};
  const ReferenceTensor grid = {{.channels = 4}, {0.1F, 0.01F, 0.2F, 0.02F}};  // Rows (.1, .01) and (.2, .02).
  const auto state = [&](Scan scan, Direction direction) {
    const Lstm lstm = {1, scan, direction, 2};
    return double{ReferenceLstm(lstm, grid, input_weights, recurrent_weights, bias).values[0]};
  };
  const auto after = [](double first, double last) { return std::tanh(0.5 * std::tanh(first) + std::tanh(last)); };
  EXPECT_NEAR(state(Scan::kRows, Direction::kForward), after(0.2, 0.4), 1e-6);
  EXPECT_NEAR(state(Scan::kRows, Direction::kReverse), after(0.4, 0.2), 1e-6);
  EXPECT_NEAR(state(Scan::kColumns, Direction::kForward), after(2.1, 0.21), 1e-6);
  EXPECT_NEAR(state(Scan::kColumns, Direction::kReverse), after(0.21, 2.1), 1e-6);
}

TEST(LstmTest, RefusesWhatDoesNotFit) {
  const auto error_of = [](const Lstm& lstm) {
    const Network network = {5, {{"lstm", {0}, lstm}}, {{"out", 1}}};
    const auto shapes = InferShapes(network, {1, 2, 3, 5});
    return shapes ? std::string() : shapes.error().message;
  };
  EXPECT_EQ(error_of({4, Scan::kRows, Direction::kForward, 6}), "");
  EXPECT_THAT(error_of({0, Scan::kRows, Direction::kForward, 6}), HasSubstr("0 hidden channels"));
  EXPECT_THAT(error_of({4, Scan::kRows, Direction::kForward, 0}), HasSubstr("a grid of 0 rows"));
  EXPECT_THAT(error_of({4, Scan::kColumns, Direction::kForward, 7}), HasSubstr("30 numbers as a grid of 7 rows"));
  EXPECT_THAT(error_of({4, Scan::kBatch, Direction::kForward, 1}), HasSubstr("the batch is the sequence"));

  TestNetwork net(5);
  net.AddOutput(net.AddLstm(0, {4, Scan::kRows, Direction::kForward, 6}, 5));
  const auto packed = PackedNetwork::Create(net.network(), net.Tensors());
  ASSERT_TRUE(packed.has_value());
  EXPECT_TRUE(Plan::Create(*packed, {1, 2, 3, 5}).has_value());
  const auto plan = Plan::Create(*packed, {1, 4, 3, 5});
  ASSERT_FALSE(plan.has_value());
  EXPECT_EQ(plan.error().code, ErrorCode::kCorruptData);
  EXPECT_THAT(plan.error().message, HasSubstr("weights for 5 inputs; expected 10"));
}

TEST(LstmTest, CountsItsProducts) {
  const auto count = [](Scan scan, int rows) {
    const Network network = {5, {{"lstm", {0}, Lstm{4, scan, Direction::kForward, rows}}}, {{"out", 1}}};
    return OperationCounts(network, {7, 2, 3, 5})->front();
  };
  EXPECT_DOUBLE_EQ(count(Scan::kRows, 6), 2.0 * 7 * 6 * 16 * (5 + 4));
  EXPECT_DOUBLE_EQ(count(Scan::kColumns, 6), 2.0 * 7 * 5 * 16 * (6 + 4));
  EXPECT_DOUBLE_EQ(count(Scan::kBatch, 0), 2.0 * 7 * 16 * (30 + 4));
}

TEST(LayerParametersTest, RefusesThoseOutOfRange) {
  const auto refuses = [](const Operation& operation) {
    return !InferChannels({3, {{"layer", {0}, operation}}, {{"out", 1}}}).has_value();
  };
  EXPECT_TRUE(refuses(LocalResponseNorm{.size = 4}));
  EXPECT_TRUE(refuses(LocalResponseNorm{.size = -1}));
  EXPECT_TRUE(refuses(LocalResponseNorm{.k = 0.0F}));
  EXPECT_TRUE(refuses(LocalResponseNorm{.alpha = -1.0F}));
  EXPECT_TRUE(refuses(LocalResponseNorm{.beta = std::numeric_limits<float>::infinity()}));
  EXPECT_TRUE(refuses(Dropout{1.0F}));
  EXPECT_TRUE(refuses(Dropout{-0.1F}));
  EXPECT_TRUE(refuses(Dropout{std::numeric_limits<float>::quiet_NaN()}));
  EXPECT_TRUE(refuses(Conv(SquareWindow(3, 2, 1, {PaddingMode::kRoundUp}), 4)));
  EXPECT_FALSE(refuses(Pool{PoolKind::kMax, SquareWindow(3, 2, 1, {PaddingMode::kRoundUp, 2, 2, 2, 2})}));
  EXPECT_TRUE(refuses(Pool{PoolKind::kMax, SquareWindow(3, 2, 1, {PaddingMode::kRoundUp, 3, 0, 0, 0})}));
}

// torch.nn.MaxPool2d(kernel, stride, padding, ceil_mode=True) along one axis, by ATen's pooling_output_shape; 0 where
// there is no result.
int CeilModeCells(int input, int kernel, int stride, int padding) {
  const double exact = static_cast<double>(input + 2 * padding - kernel) / stride;
  int cells = static_cast<int>(std::ceil(exact)) + 1;
  if ((cells - 1) * stride >= input + padding) --cells;
  return cells;
}

TEST(RoundUpTest, HasTheCellsOfTorchsCeilMode) {
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

TEST(RoundUpTest, PoolsWhatLiesUnderTheWindow) {
  for (const auto& [kernel, stride, padding] : {std::tuple(3, 2, 0), {3, 2, 1}, {2, 3, 0}, {5, 3, 2}, {3, 1, 1}}) {
    for (int size = 2; size <= 12; ++size) {
      const int cells = CeilModeCells(size, kernel, stride, padding);
      if (cells < 1) continue;
      SCOPED_TRACE(base::StrCat(size, " cells, kernel ", kernel, ", stride ", stride, ", padding ", padding));
      const Padding round_up = {PaddingMode::kRoundUp, padding, padding, padding, padding};
      const Window window = SquareWindow(kernel, stride, 1, round_up);
      TestLayer(Pool{PoolKind::kMax, window}, {1, size, size + 1, 3});
      TestLayer(Pool{PoolKind::kAverage, window}, {2, size + 2, size, 3});
      // The largest of growing numbers is the last that the window reaches.
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
