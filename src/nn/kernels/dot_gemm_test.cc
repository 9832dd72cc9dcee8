// SPDX-License-Identifier: Apache-2.0
// Low-precision products on every instruction set of this CPU against plainly computed sums.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "base/strings.h"
#include "nn/graph/bfloat16.h"
#include "nn/kernels/kernels.h"

namespace posenet::nn {
namespace {

std::uint16_t RoundToBFloat16(float value) {
  // Computed from the exponent: the 8 leading bits, rounded to nearest even.
  int exponent = 0;
  const float mantissa = std::frexp(value, &exponent);
  const float rounded = std::ldexp(std::nearbyint(mantissa * 256.0F), exponent - 8);
  return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(rounded) >> 16);
}

struct Problem {
  int rows;
  int depth;
  int columns;
};

// The elements of A in the kernel's format.
std::vector<std::byte> Pack(ElementType type, const std::vector<float>& values) {
  std::vector<std::byte> bytes(values.size() * static_cast<std::size_t>(BytesOf(type)));
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::byte* const out = bytes.data() + i * static_cast<std::size_t>(BytesOf(type));
    if (type == ElementType::kBFloat16) {
      const std::uint16_t element = RoundToBFloat16(values[i]);
      std::memcpy(out, &element, sizeof(element));
    } else if (type == ElementType::kUint8In16) {
      const auto element = static_cast<std::int16_t>(values[i]);
      std::memcpy(out, &element, sizeof(element));
    } else {
      *out = static_cast<std::byte>(values[i]);
    }
  }
  return bytes;
}

std::vector<std::byte> PackPanels(const DotGemm& gemm, const Problem& problem, const std::vector<float>& b,
                                  const std::vector<float>& bias, const std::vector<float>& scales) {
  const int panels = (problem.columns + gemm.columns - 1) / gemm.columns;
  std::vector<std::byte> bytes(gemm.PanelBytes(problem.depth) * static_cast<std::size_t>(panels));
  for (int column = 0; column < problem.columns; ++column) {
    std::byte* const panel =
        bytes.data() + gemm.PanelBytes(problem.depth) * static_cast<std::size_t>(column / gemm.columns);
    const int place = column % gemm.columns;
    const auto put = [&](std::size_t offset, const void* value, std::size_t size) {
      std::memcpy(panel + offset, value, size);
    };
    const auto index = static_cast<std::size_t>(column);
    put(static_cast<std::size_t>(place) * 4, &bias[index], 4);
    put(static_cast<std::size_t>(gemm.columns + place) * 4, &scales[index], 4);
    if (gemm.a_offset != 0) {
      std::int32_t start = 0;
      for (int k = 0; k < problem.depth; ++k) {
        start += gemm.a_offset * static_cast<int>(b[static_cast<std::size_t>(k * problem.columns + column)]);
      }
      put(static_cast<std::size_t>(2 * gemm.columns + place) * 4, &start, 4);
    }
    const std::size_t header = gemm.HeaderBytes();
    for (int k = 0; k < problem.depth; ++k) {
      const float value = b[static_cast<std::size_t>(k * problem.columns + column)];
      const int element = (k / gemm.group * gemm.columns + place) * gemm.group + k % gemm.group;
      const std::size_t offset = header + static_cast<std::size_t>(element * gemm.b_bytes);
      const std::uint16_t as_bfloat16 = RoundToBFloat16(value);
      const auto as_int16 = static_cast<std::int16_t>(value);
      const auto as_int8 = static_cast<std::int8_t>(value);
      if (gemm.a_type == ElementType::kBFloat16) {
        put(offset, &as_bfloat16, 2);
      } else if (gemm.b_bytes == 2) {
        put(offset, &as_int16, 2);
      } else {
        put(offset, &as_int8, 1);
      }
    }
  }
  return bytes;
}

class DotGemmTest : public testing::Test {
 protected:
  std::vector<float> Whole(int count, int low, int high) {
    std::uniform_int_distribution<int> any(low, high);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = static_cast<float>(any(random_));
    return values;
  }

  std::vector<float> Real(int count) {
    std::uniform_real_distribution<float> any(-1, 1);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = FromBFloat16(RoundToBFloat16(any(random_)));
    return values;
  }

  void Test(const DotGemm& gemm, const Problem& problem, const std::vector<float>& a, const std::vector<float>& b,
            double tolerance) {
    SCOPED_TRACE(base::StrCat(problem.rows, "x", problem.depth, "x", problem.columns));
    const std::vector<float> bias = Real(problem.columns);
    const std::vector<float> scales = Real(problem.columns);
    const std::vector<std::byte> rows = Pack(gemm.a_type, a);
    const std::vector<std::byte> panels = PackPanels(gemm, problem, b, bias, scales);
    constexpr float kUntouched = -99.0F;
    const int step = problem.columns + 3;
    std::vector<float> c(static_cast<std::size_t>(problem.rows * step), kUntouched);
    gemm.run({.a = rows.data(),
              .a_stride = problem.depth,
              .depth = problem.depth,
              .rows = problem.rows,
              .panels = panels.data(),
              .columns = problem.columns,
              .c = {.values = c.data(), .step = step},
              .clamp = {-1e30F, 1e30F}});
    for (int row = 0; row < problem.rows; ++row) {
      for (int column = 0; column < step; ++column) {
        const float actual = c[static_cast<std::size_t>(row * step + column)];
        if (column >= problem.columns) {
          ASSERT_EQ(actual, kUntouched) << "row " << row << ", column " << column;
          continue;
        }
        double sum = 0;
        for (int k = 0; k < problem.depth; ++k) {
          sum += double{a[static_cast<std::size_t>(row * problem.depth + k)]} *
                 b[static_cast<std::size_t>(k * problem.columns + column)];
        }
        const double expected = sum * scales[static_cast<std::size_t>(column)] + bias[static_cast<std::size_t>(column)];
        ASSERT_NEAR(actual, expected, tolerance * std::max(1.0, std::abs(expected)))
            << "row " << row << ", column " << column;
      }
    }
  }

  std::mt19937 random_{1};
};

const Problem kProblems[] = {{1, 4, 1}, {3, 8, 17}, {12, 64, 32}, {13, 32, 64}, {25, 516, 115}, {7, 1024, 33}};

TEST_F(DotGemmTest, Int8WithEveryRemainder) {
  for (const Kernels& kernels : SupportedKernels()) {
    SCOPED_TRACE(kernels.instruction_set);
    for (int rows = 1; rows <= 26; ++rows) {
      const Problem problem = {rows, 12, 2 * rows + 7};
      Test(kernels.int8_gemm, problem, Whole(rows * 12, 0, 255), Whole(12 * problem.columns, -128, 127), 1e-6);
    }
    for (const Problem& problem : kProblems) {
      Test(kernels.int8_gemm, problem, Whole(problem.rows * problem.depth, 0, 255),
           Whole(problem.depth * problem.columns, -128, 127), 1e-6);
    }
  }
}

// The largest possible products, whose sums would saturate with older CPUs' instructions for bytes.
TEST_F(DotGemmTest, Int8DoesNotSaturate) {
  for (const Kernels& kernels : SupportedKernels()) {
    SCOPED_TRACE(kernels.instruction_set);
    const Problem problem = {5, 1024, 16};
    Test(kernels.int8_gemm, problem, Whole(5 * 1024, 255, 255), Whole(1024 * 16, 127, 127), 1e-6);
    Test(kernels.int8_gemm, problem, Whole(5 * 1024, 255, 255), Whole(1024 * 16, -128, -128), 1e-6);
  }
}

TEST_F(DotGemmTest, BFloat16WithEveryRemainder) {
  for (const Kernels& kernels : SupportedKernels()) {
    SCOPED_TRACE(kernels.instruction_set);
    for (int rows = 1; rows <= 26; ++rows) {
      const Problem problem = {rows, 12, 2 * rows + 7};
      Test(kernels.bfloat16_gemm, problem, Real(rows * 12), Real(12 * problem.columns), 1e-5);
    }
    for (const Problem& problem : kProblems) {
      Test(kernels.bfloat16_gemm, problem, Real(problem.rows * problem.depth), Real(problem.depth * problem.columns),
           1e-5);
    }
  }
}

// Results of several types, rounded to nearest even and clamped.
TEST_F(DotGemmTest, ResultsOfSeveralTypes) {
  for (const Kernels& kernels : SupportedKernels()) {
    SCOPED_TRACE(kernels.instruction_set);
    const DotGemm& gemm = kernels.int8_gemm;
    const Problem problem = {1, 4, 37};
    std::vector<float> b(4 * 37, 0.0F);
    for (int column = 0; column < 37; ++column) b[static_cast<std::size_t>(column)] = static_cast<float>(column - 5);
    const std::vector<float> scales(37, 0.5F);
    const std::vector<float> bias(37, 0.0F);
    const std::vector<std::byte> rows = Pack(gemm.a_type, {21, 0, 0, 0});
    const std::vector<std::byte> panels = PackPanels(gemm, problem, b, bias, scales);
    const auto run = [&](ElementType type, void* values, Clamp clamp) {
      gemm.run({.a = rows.data(),
                .a_stride = 4,
                .depth = 4,
                .rows = 1,
                .panels = panels.data(),
                .columns = 37,
                .c = {.values = values, .step = 37, .type = type},
                .clamp = clamp});
    };
    std::vector<std::uint8_t> bytes(38, 77);
    std::vector<std::int16_t> words(38, 77);
    std::vector<std::uint16_t> halves(38, 77);
    run(ElementType::kUint8, bytes.data(), {0, 255});
    run(ElementType::kUint8In16, words.data(), {0, 255});
    run(ElementType::kBFloat16, halves.data(), {-1000, 1000});
    for (int column = 0; column < 37; ++column) {
      const auto i = static_cast<std::size_t>(column);
      const float exact = static_cast<float>(column - 5) * 10.5F;
      const float bounded = std::min(std::max(exact, 0.0F), 255.0F);
      EXPECT_EQ(static_cast<float>(bytes[i]), std::nearbyint(bounded));
      EXPECT_EQ(static_cast<float>(words[i]), std::nearbyint(bounded));
      EXPECT_EQ(halves[i], RoundToBFloat16(exact));
    }
    EXPECT_EQ(bytes[37], 77);
    EXPECT_EQ(words[37], 77);
    EXPECT_EQ(halves[37], 77);
  }
}

}  // namespace
}  // namespace posenet::nn
