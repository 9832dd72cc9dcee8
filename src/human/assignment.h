// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_ASSIGNMENT_H_
#define POSENET_HUMAN_ASSIGNMENT_H_

#include <cstddef>
#include <span>
#include <vector>

namespace posenet::human {

/// No partner.
inline constexpr std::size_t kUnassigned = static_cast<std::size_t>(-1);

/// For each row its column, each column at most once, so that the sum of `values[row * columns + column]` over all
/// pairs is the largest possible; pairs of a value not above 0 are not made. Finite values, `rows * columns` of them.
/// The Hungarian method with shortest augmenting paths (Jonker and Volgenant 1987): O(rows^2 (rows + columns)).
std::vector<std::size_t> BestAssignment(std::span<const double> values, std::size_t rows, std::size_t columns);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_ASSIGNMENT_H_
