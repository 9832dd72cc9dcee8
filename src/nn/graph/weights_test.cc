// SPDX-License-Identifier: Apache-2.0
#include "nn/graph/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "nn/graph/bfloat16.h"

namespace posenet::nn {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The elements after one padding byte, so that none is aligned.
template <typename T>
std::vector<std::byte> Unaligned(const std::vector<T>& values) {
  std::vector<std::byte> bytes(1 + values.size() * sizeof(T));
  std::memcpy(bytes.data() + 1, values.data(), values.size() * sizeof(T));
  return bytes;
}

TensorView View(DType dtype, std::vector<std::int64_t> shape, const std::vector<std::byte>& bytes) {
  return {dtype, std::move(shape), std::span(bytes).subspan(1)};
}

TEST(ToFloatTest, ReadsFloat32) {
  const auto bytes = Unaligned<float>({1.5F, -2.0F, 1e-40F});
  const auto values = ToFloat(View(DType::kFloat32, {3, 1}, bytes));
  ASSERT_TRUE(values.has_value()) << values.error().message;
  EXPECT_THAT(*values, ElementsAre(1.5F, -2.0F, 1e-40F));
}

TEST(ToFloatTest, ReadsFloat16) {
  const auto bytes = Unaligned<std::uint16_t>({0x3C00, 0xC000, 0x0001, 0x83FF, 0x7BFF, 0x0400, 0x8000, 0x3555});
  const auto values = ToFloat(View(DType::kFloat16, {8}, bytes));
  ASSERT_TRUE(values.has_value()) << values.error().message;
  EXPECT_THAT(*values, ElementsAre(1.0F, -2.0F, 0x1p-24F, -1023 * 0x1p-24F, 65504.0F, 0x1p-14F, 0.0F, 0x1.554p-2F));
  EXPECT_TRUE(std::signbit((*values)[6]));
}

TEST(ToFloatTest, ReadsBFloat16) {
  const auto bytes = Unaligned<std::uint16_t>({0x3F80, 0xC040});
  const auto values = ToFloat(View(DType::kBFloat16, {2}, bytes));
  ASSERT_TRUE(values.has_value()) << values.error().message;
  EXPECT_THAT(*values, ElementsAre(1.0F, -3.0F));
}

TEST(BFloat16Test, RoundsToNearestEven) {
  // 1 + 2^-7 is the number after 1.
  EXPECT_EQ(ToBFloat16(1.0F), 0x3F80);
  EXPECT_EQ(ToBFloat16(1.0F + 0x1p-8F), 0x3F80);
  EXPECT_EQ(ToBFloat16(1.0F + 0x1.02p-8F), 0x3F81);
  EXPECT_EQ(ToBFloat16(1.0F + 0x1.8p-7F), 0x3F82);
  EXPECT_EQ(ToBFloat16(-3.0F), 0xC040);
  EXPECT_EQ(FromBFloat16(0x3F81), 1.0F + 0x1p-7F);
}

TEST(ToFloatTest, RefusesNonFiniteNumbers) {
  const auto nan32 = Unaligned<float>({0.0F, std::numeric_limits<float>::quiet_NaN()});
  const auto infinity16 = Unaligned<std::uint16_t>({0x7C00, 0x0000});
  const auto nan_b16 = Unaligned<std::uint16_t>({0x0000, 0x7FC0});
  for (const TensorView& view : {View(DType::kFloat32, {2}, nan32), View(DType::kFloat16, {2}, infinity16),
                                 View(DType::kBFloat16, {2}, nan_b16)}) {
    const auto values = ToFloat(view);
    ASSERT_FALSE(values.has_value());
    EXPECT_EQ(values.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(values.error().message, HasSubstr("not finite"));
  }
}

TEST(ToFloatTest, RefusesShapesThatDoNotFitAndIntegers) {
  const auto bytes = Unaligned<float>({1.0F, 2.0F});
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  for (const std::vector<std::int64_t>& shape :
       std::vector<std::vector<std::int64_t>>{{3}, {1}, {}, {0}, {-2}, {-1, -2}, {kHuge, kHuge}, {kHuge, 2}}) {
    const auto values = ToFloat(View(DType::kFloat32, shape, bytes));
    ASSERT_FALSE(values.has_value());
    EXPECT_EQ(values.error().code, ErrorCode::kCorruptData);
  }
  const auto integers = ToFloat(View(DType::kInt32, {2}, bytes));
  ASSERT_FALSE(integers.has_value());
  EXPECT_EQ(integers.error().code, ErrorCode::kUnsupported);
}

TEST(TensorViewTest, CountsElements) {
  const auto count = [](std::vector<std::int64_t> shape) {
    return TensorView{DType::kUint8, std::move(shape), {}}.ElementCount();
  };
  EXPECT_EQ(count({}), 1);
  EXPECT_EQ(count({2, 3, 4}), 24);
  EXPECT_EQ(count({2, 0, std::numeric_limits<std::int64_t>::max()}), 0);
  EXPECT_EQ(count({std::int64_t{1} << 40, std::int64_t{1} << 40}), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(count({0, -1}), -1);
}

TEST(SizeOfTest, BytesOfElements) {
  EXPECT_EQ(SizeOf(DType::kUint8), 1U);
  EXPECT_EQ(SizeOf(DType::kBFloat16), 2U);
  EXPECT_EQ(SizeOf(DType::kFloat32), 4U);
  EXPECT_EQ(SizeOf(DType::kInt64), 8U);
}

}  // namespace
}  // namespace posenet::nn
