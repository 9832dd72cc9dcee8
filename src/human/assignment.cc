// SPDX-License-Identifier: Apache-2.0
#include "human/assignment.h"

#include <algorithm>
#include <limits>

namespace posenet::human {
namespace {

/// Minimizes the costs -max(value, 0). One spare column of cost 0 per row makes the problem always feasible; a row with
/// a spare column is unassigned.
class Matching {
 public:
  Matching(std::span<const double> values, std::size_t rows, std::size_t columns)
      : values_(values),
        columns_(columns),
        all_columns_(columns + rows),
        row_prices_(rows, 0.0),
        column_prices_(all_columns_, 0.0),
        row_of_(all_columns_, kUnassigned),
        distance_(all_columns_),
        previous_(all_columns_),
        is_reached_(all_columns_) {}

  /// Assigns a column to `row` along the shortest augmenting path. The prices (dual variables) keep all reduced costs
  /// nonnegative.
  void Insert(std::size_t row) {
    std::fill(distance_.begin(), distance_.end(), std::numeric_limits<double>::infinity());
    std::fill(is_reached_.begin(), is_reached_.end(), false);
    std::size_t current_row = row;
    std::size_t column = kUnassigned;  // The column of current_row; none for the new row.
    double path_cost = 0.0;
    std::vector<std::size_t> path_columns;
    do {
      Relax(current_row, column, path_cost);
      column = Nearest();
      path_cost = distance_[column];
      is_reached_[column] = true;
      path_columns.push_back(column);
      current_row = row_of_[column];
    } while (current_row != kUnassigned);
    row_prices_[row] += path_cost;
    for (const std::size_t reached : path_columns) {
      column_prices_[reached] -= path_cost - distance_[reached];
      if (row_of_[reached] != kUnassigned) row_prices_[row_of_[reached]] += path_cost - distance_[reached];
    }
    Exchange(column, row);
  }

  [[nodiscard]] std::vector<std::size_t> ColumnOfEachRow() const {
    std::vector<std::size_t> column_of(row_prices_.size(), kUnassigned);
    for (std::size_t column = 0; column < columns_; ++column) {
      const std::size_t row = row_of_[column];
      if (row != kUnassigned && Value(row, column) > 0.0) column_of[row] = column;
    }
    return column_of;
  }

 private:
  [[nodiscard]] double Value(std::size_t row, std::size_t column) const { return values_[row * columns_ + column]; }
  [[nodiscard]] double Cost(std::size_t row, std::size_t column) const {
    return column < columns_ ? -std::max(Value(row, column), 0.0) : 0.0;
  }

  void Relax(std::size_t row, std::size_t from_column, double path_cost) {
    for (std::size_t column = 0; column < all_columns_; ++column) {
      if (is_reached_[column]) continue;
      const double through = path_cost + Cost(row, column) - row_prices_[row] - column_prices_[column];
      if (through >= distance_[column]) continue;
      distance_[column] = through;
      previous_[column] = from_column;
    }
  }

  [[nodiscard]] std::size_t Nearest() const {
    std::size_t nearest = kUnassigned;
    for (std::size_t column = 0; column < all_columns_; ++column) {
      if (!is_reached_[column] && (nearest == kUnassigned || distance_[column] < distance_[nearest])) nearest = column;
    }
    return nearest;
  }

  /// Augments along the path to `column`, which starts at `row`.
  void Exchange(std::size_t column, std::size_t row) {
    while (previous_[column] != kUnassigned) {
      row_of_[column] = row_of_[previous_[column]];
      column = previous_[column];
    }
    row_of_[column] = row;
  }

  std::span<const double> values_;
  std::size_t columns_;
  std::size_t all_columns_;
  std::vector<double> row_prices_;
  std::vector<double> column_prices_;
  std::vector<std::size_t> row_of_;
  std::vector<double> distance_;
  std::vector<std::size_t> previous_;  // The previous column on the path; kUnassigned for the first.
  std::vector<bool> is_reached_;
};

}  // namespace

std::vector<std::size_t> BestAssignment(std::span<const double> values, std::size_t rows, std::size_t columns) {
  Matching matching(values, rows, columns);
  for (std::size_t row = 0; row < rows; ++row) matching.Insert(row);
  return matching.ColumnOfEachRow();
}

}  // namespace posenet::human
