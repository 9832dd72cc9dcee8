// SPDX-License-Identifier: Apache-2.0
#include "nn/packing/quantized_conv.h"

#include <gtest/gtest.h>

#include <limits>

namespace posenet::nn {
namespace {

TEST(QuantizedValueTest, RoundsHalvesAwayFromZeroAndClamps) {
  const Quantization quantization = {.scale = 0.5F, .zero_point = 10};
  EXPECT_EQ(QuantizedValue(0.0F, quantization), 10);
  EXPECT_EQ(QuantizedValue(0.25F, quantization), 11);
  EXPECT_EQ(QuantizedValue(-0.25F, quantization), 9);
  EXPECT_EQ(QuantizedValue(0.2499F, quantization), 10);
  EXPECT_EQ(QuantizedValue(1e30F, quantization), 255);
  EXPECT_EQ(QuantizedValue(-1e30F, quantization), 0);
  EXPECT_EQ(QuantizedValue(std::numeric_limits<float>::quiet_NaN(), quantization), 0);
  EXPECT_EQ(QuantizedValue(std::numeric_limits<float>::infinity(), quantization), 255);
  for (int value = 0; value < 256; ++value) {
    EXPECT_EQ(QuantizedValue(DequantizedValue(value, quantization), quantization), value);
  }
}

TEST(QuantizedValueTest, ConvertsBetweenQuantizations) {
  EXPECT_EQ(ConvertQuantized(77, {0.1F, 3}, {0.1F, 3}), 77);
  EXPECT_EQ(ConvertQuantized(77, {0.5F, 7}, {0.25F, 0}), 140);
  EXPECT_EQ(ConvertQuantized(0, {0.5F, 7}, {0.25F, 0}), 0);
  EXPECT_EQ(ConvertQuantized(255, {0.5F, 7}, {0.25F, 0}), 255);
}

}  // namespace
}  // namespace posenet::nn
