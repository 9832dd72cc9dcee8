// SPDX-License-Identifier: Apache-2.0
#include "human/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace posenet::human {
namespace {

/// The maximum total, by exhaustive search.
double BestTotal(const std::vector<double>& values, std::size_t rows, std::size_t columns, std::size_t row,
                 std::vector<bool>& is_assigned) {
  if (row == rows) return 0.0;
  double best = BestTotal(values, rows, columns, row + 1, is_assigned);
  for (std::size_t column = 0; column < columns; ++column) {
    if (is_assigned[column]) continue;
    is_assigned[column] = true;
    best = std::max(best, values[row * columns + column] + BestTotal(values, rows, columns, row + 1, is_assigned));
    is_assigned[column] = false;
  }
  return best;
}

/// The total of `assignment`, which is checked to be valid.
double TotalOf(const std::vector<std::size_t>& assignment, const std::vector<double>& values, std::size_t rows,
               std::size_t columns) {
  EXPECT_EQ(assignment.size(), rows);
  std::vector<bool> is_assigned(columns, false);
  double total = 0.0;
  for (std::size_t row = 0; row < assignment.size(); ++row) {
    const std::size_t column = assignment[row];
    if (column == kUnassigned) continue;
    EXPECT_LT(column, columns);
    EXPECT_FALSE(is_assigned[column]) << "column " << column << " twice";
    is_assigned[column] = true;
    EXPECT_GT(values[row * columns + column], 0.0);
    total += values[row * columns + column];
  }
  return total;
}

TEST(AssignmentTest, MatchesBruteForce) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> real(-5.0, 10.0);
  for (int round = 0; round < 2000; ++round) {
    const std::size_t rows = random() % 6;
    const std::size_t columns = random() % 7;
    std::vector<double> values(rows * columns);
    // Every other round has few distinct values, for ties.
    for (double& value : values) value = round % 2 == 0 ? real(random) : static_cast<double>(random() % 4) - 1.0;
    std::vector<bool> is_assigned(columns, false);
    const double expected = BestTotal(values, rows, columns, 0, is_assigned);
    ASSERT_NEAR(TotalOf(BestAssignment(values, rows, columns), values, rows, columns), expected, 1e-9) << round;
  }
}

TEST(AssignmentTest, MaximizesTheTotalNotTheFirstPair) {
  // A greedy assignment would pick 10 and 1.
  const std::vector<double> values = {10.0, 9.0, 9.0, 1.0};
  EXPECT_EQ(BestAssignment(values, 2, 2), (std::vector<std::size_t>{1, 0}));
}

TEST(AssignmentTest, LeavesRowsWithoutGainUnassigned) {
  EXPECT_EQ(BestAssignment(std::vector<double>{0.0, -1.0}, 2, 1), (std::vector<std::size_t>(2, kUnassigned)));
  EXPECT_TRUE(BestAssignment({}, 0, 5).empty());
  EXPECT_EQ(BestAssignment({}, 3, 0), (std::vector<std::size_t>(3, kUnassigned)));
}

TEST(AssignmentTest, SolvesLargeProblems) {
  // A permuted diagonal of 5 is optimal, because all other values are at most 4.
  constexpr std::size_t kSize = 200;
  std::mt19937 random(6);
  std::vector<double> values(kSize * kSize);
  for (double& value : values) value = static_cast<double>(random() % 5);
  for (std::size_t i = 0; i < kSize; ++i) values[i * kSize + (i * 7) % kSize] = 5.0;
  const std::vector<std::size_t> assignment = BestAssignment(values, kSize, kSize);
  for (std::size_t i = 0; i < kSize; ++i) EXPECT_EQ(assignment[i], (i * 7) % kSize);
}

}  // namespace
}  // namespace posenet::human
