// SPDX-License-Identifier: Apache-2.0
#include "nn/memory_plan.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "nn/packing/aligned_buffer.h"

namespace posenet::nn {
namespace {

struct Placed {
  std::size_t value;
  std::uint64_t begin;
  std::uint64_t end;
};

std::uint64_t AlignUp(std::uint64_t bytes) { return (bytes + kAlignmentBytes - 1) / kAlignmentBytes * kAlignmentBytes; }

bool Overlap(const Lifetime& a, const Lifetime& b) { return a.first <= b.last && b.first <= a.last; }

// The lowest offset at which `value` overlaps no value that is alive at the same time. `placed` is ordered by begin.
std::uint64_t LowestFreeOffset(std::span<const Lifetime> values, const std::vector<Placed>& placed, std::size_t value) {
  const std::uint64_t bytes = AlignUp(values[value].bytes);
  std::uint64_t offset = 0;
  for (const Placed& other : placed) {
    if (!Overlap(values[value], values[other.value])) continue;
    if (other.begin >= offset + bytes) break;
    offset = std::max(offset, other.end);
  }
  return offset;
}

}  // namespace

MemoryPlan PlanMemory(std::span<const Lifetime> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a].bytes > values[b].bytes; });

  MemoryPlan plan = {.offsets_bytes = std::vector<std::uint64_t>(values.size())};
  std::vector<Placed> placed;
  for (const std::size_t value : order) {
    if (values[value].bytes == 0) continue;
    const std::uint64_t offset = LowestFreeOffset(values, placed, value);
    const Placed entry = {value, offset, offset + AlignUp(values[value].bytes)};
    const auto after = std::upper_bound(placed.begin(), placed.end(), entry,
                                        [](const Placed& a, const Placed& b) { return a.begin < b.begin; });
    placed.insert(after, entry);
    plan.offsets_bytes[value] = offset;
    plan.total_bytes = std::max(plan.total_bytes, entry.end);
  }
  return plan;
}

}  // namespace posenet::nn
