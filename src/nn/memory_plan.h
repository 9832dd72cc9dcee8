// SPDX-License-Identifier: Apache-2.0
// The layout of values in one block of memory: values that are alive at the same time do not overlap.
#ifndef POSENET_NN_MEMORY_PLAN_H_
#define POSENET_NN_MEMORY_PLAN_H_

#include <cstdint>
#include <span>
#include <vector>

namespace posenet::nn {

/// A value: written at step `first`, read for the last time at step `last` (inclusive).
struct Lifetime {
  int first = 0;
  int last = 0;
  std::uint64_t bytes = 0;  // 0 for a value that needs no memory.
};

struct MemoryPlan {
  std::vector<std::uint64_t> offsets_bytes;  // Of each value, a multiple of kAlignmentBytes.
  std::uint64_t total_bytes = 0;
};

/// Places the largest values first, each at the lowest offset that is free for its whole lifetime.
MemoryPlan PlanMemory(std::span<const Lifetime> values);

}  // namespace posenet::nn

#endif  // POSENET_NN_MEMORY_PLAN_H_
