// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_ASSIGNMENT_H_
#define POSENET_HUMAN_ASSIGNMENT_H_

#include <cstddef>
#include <span>
#include <vector>

namespace posenet::human {

/// Marks a row without a column.
inline constexpr std::size_t kUnassigned = static_cast<std::size_t>(-1);

/// Solves the linear assignment problem: returns the column of each row, with each column assigned at most once, such
/// that the sum of values[row * columns + column] is maximal. Pairs with values of 0 or less are not assigned. `values`
/// must be finite. Source: Jonker and Volgenant 1987 (shortest augmenting paths), O(rows^2 (rows + columns)).
std::vector<std::size_t> BestAssignment(std::span<const double> values, std::size_t rows, std::size_t columns);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_ASSIGNMENT_H_
