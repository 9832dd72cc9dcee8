// SPDX-License-Identifier: Apache-2.0
// Scales and int8 weights that packing must refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nn/testing/run_plan.h"

namespace posenet::nn {
namespace {

using ::testing::HasSubstr;

class BadScalesTest : public testing::Test {
 protected:
  void ExpectCorrupt(const std::string& message) {
    const auto packed = PackedNetwork::Create(net_.network(), tensors_);
    ASSERT_FALSE(packed.has_value());
    EXPECT_EQ(packed.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(packed.error().message, HasSubstr(message));
  }

  void SetUp() override {
    const int input = net_.AddConv(0, Conv(SquareWindow(3), 4, 4, Activation::kRelu6));
    net_.AddScales(input, 6.0F);
    product_ = net_.AddConv(input, Conv(SquareWindow(1), 8));
    net_.MakeInt8(product_);
    net_.AddOutput(product_);
    tensors_ = net_.Tensors();
  }

  TestNetwork net_{4};
  int product_ = 0;
  TensorMap tensors_;
};

TEST_F(BadScalesTest, NotPositive) {
  const std::vector<float> bad = {0.01F, 0.0F, 0.01F, 0.01F};
  tensors_[net_.network().layers[0].scales].bytes = std::as_bytes(std::span(bad));
  ExpectCorrupt("is not positive");
}

TEST_F(BadScalesTest, BeyondTheActivation) {
  const std::vector<float> bad = {0.01F, 0.1F, 0.01F, 0.01F};
  tensors_[net_.network().layers[0].scales].bytes = std::as_bytes(std::span(bad));
  ExpectCorrupt("255 times which exceeds 6");
}

TEST_F(BadScalesTest, MissingForTheInput) {
  net_.network().layers[0].scales.clear();
  ExpectCorrupt("the layer's input has no scales");
}

TEST_F(BadScalesTest, MissingForTheWeights) {
  std::get<Conv2d>(net_.network().layers[1].operation).weight_scales.clear();
  ExpectCorrupt("has no weight_scales");
}

TEST_F(BadScalesTest, TooFewWeights) {
  auto& weights = tensors_[std::get<Conv2d>(net_.network().layers[1].operation).weights];
  weights.bytes = weights.bytes.first(5);
  ExpectCorrupt("has 5 bytes; expected 32");
}

}  // namespace
}  // namespace posenet::nn
