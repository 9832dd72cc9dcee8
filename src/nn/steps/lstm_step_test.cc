// SPDX-License-Identifier: Apache-2.0
// LSTMs against the reference and their definition.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "nn/graph/operation_count.h"
#include "nn/testing/run_plan.h"

namespace posenet::nn {
namespace {

using ::testing::HasSubstr;

TEST(LstmTest, GridsMatchesReference) {
  for (const int rows : {1, 2, 6, 30}) {
    for (const ScanDirection direction : {ScanDirection::kForward, ScanDirection::kReverse}) {
      for (const int hidden : {1, 5, 16, 37}) {
        SCOPED_TRACE(base::StrCat(rows, " rows, ", hidden, " hidden, direction ", static_cast<int>(direction)));
        TestNetwork net(5);  // Inputs of 2x3x5 are 30 numbers.
        net.AddOutput(net.AddLstm(0, {hidden, Scan::kRows, direction, rows}, 30 / rows));
        net.AddOutput(net.AddLstm(0, {hidden, Scan::kColumns, direction, rows}, rows));
        ExpectMatchesReference(net, {1, 2, 3, 5});
        ExpectMatchesReference(net, {4, 3, 2, 5});
      }
    }
  }
}

TEST(LstmTest, BatchMatchesReference) {
  for (const int batch : {1, 2, 9}) {
    TestNetwork net(5);
    for (const ScanDirection direction : {ScanDirection::kForward, ScanDirection::kReverse}) {
      net.AddOutput(net.AddLstm(0, {11, Scan::kBatch, direction, 0}, 30));
    }
    ExpectMatchesReference(net, {batch, 2, 3, 5});
  }
}

TEST(LstmTest, ReadsRowsAndColumnsOfTheGrid) {
  // The input gate is open and the forget gate half open: the cell sums its inputs, the latest with the largest weight.
  const std::vector<float> input_weights = {0.0F, 0.0F, 1.0F, 0.0F, 0.0F, 0.0F, 10.0F, 0.0F};
  const std::vector<float> recurrent_weights(4, 0.0F);
  const std::vector<float> bias = {30.0F, 0.0F, 0.0F, 30.0F};
  const ReferenceTensor grid = {{.channels = 4}, {0.1F, 0.01F, 0.2F, 0.02F}};  // Rows (.1, .01) and (.2, .02).
  const auto state = [&](Scan scan, ScanDirection direction) {
    const Lstm lstm = {1, scan, direction, 2};
    return double{ReferenceLstm(lstm, grid, input_weights, recurrent_weights, bias).values[0]};
  };
  const auto after = [](double first, double last) { return std::tanh(0.5 * std::tanh(first) + std::tanh(last)); };
  EXPECT_NEAR(state(Scan::kRows, ScanDirection::kForward), after(0.2, 0.4), 1e-6);
  EXPECT_NEAR(state(Scan::kRows, ScanDirection::kReverse), after(0.4, 0.2), 1e-6);
  EXPECT_NEAR(state(Scan::kColumns, ScanDirection::kForward), after(2.1, 0.21), 1e-6);
  EXPECT_NEAR(state(Scan::kColumns, ScanDirection::kReverse), after(0.21, 2.1), 1e-6);
}

TEST(LstmTest, RefusesGridsAndWeightsThatDoNotFit) {
  const auto error_of = [](const Lstm& lstm) {
    const Network network = {5, {{"lstm", {0}, lstm}}, {{"out", 1}}};
    const auto shapes = InferShapes(network, {1, 2, 3, 5});
    return shapes ? std::string() : shapes.error().message;
  };
  EXPECT_EQ(error_of({4, Scan::kRows, ScanDirection::kForward, 6}), "");
  EXPECT_THAT(error_of({0, Scan::kRows, ScanDirection::kForward, 6}), HasSubstr("0 hidden channels"));
  EXPECT_THAT(error_of({4, Scan::kRows, ScanDirection::kForward, 0}), HasSubstr("a grid of 0 rows"));
  EXPECT_THAT(error_of({4, Scan::kColumns, ScanDirection::kForward, 7}), HasSubstr("30 numbers as a grid of 7 rows"));
  EXPECT_THAT(error_of({4, Scan::kBatch, ScanDirection::kForward, 1}), HasSubstr("the batch is the sequence"));

  TestNetwork net(5);
  net.AddOutput(net.AddLstm(0, {4, Scan::kRows, ScanDirection::kForward, 6}, 5));
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
    const Network network = {5, {{"lstm", {0}, Lstm{4, scan, ScanDirection::kForward, rows}}}, {{"out", 1}}};
    return OperationCounts(network, {7, 2, 3, 5})->front();
  };
  EXPECT_DOUBLE_EQ(count(Scan::kRows, 6), 2.0 * 7 * 6 * 16 * (5 + 4));
  EXPECT_DOUBLE_EQ(count(Scan::kColumns, 6), 2.0 * 7 * 5 * 16 * (6 + 4));
  EXPECT_DOUBLE_EQ(count(Scan::kBatch, 0), 2.0 * 7 * 16 * (30 + 4));
}

}  // namespace
}  // namespace posenet::nn
