// SPDX-License-Identifier: Apache-2.0
// How matrix products are divided among threads, and into blocks that stay in a cache.
#ifndef POSENET_NN_STEPS_PRODUCT_SPLIT_H_
#define POSENET_NN_STEPS_PRODUCT_SPLIT_H_

#include <algorithm>
#include <cstdint>

namespace posenet::nn {

/// Tasks per thread: several, so that a thread that was interrupted or started late does not hold up the others for
/// long.
inline constexpr int kTasksPerThread = 4;

/// Bytes of A that are multiplied with all panels of B before the next block: half of a second-level cache of 512 KiB,
/// which the panels pass through.
inline constexpr std::int64_t kBlockBytes = 256 * 1024;

inline int CeilDivide(std::int64_t a, std::int64_t b) { return static_cast<int>((a + b - 1) / b); }

/// The rows and panels of a product, divided into tasks: task t computes block t / panel_tasks of the rows with block
/// t % panel_tasks of the panels.
struct ProductSplit {
  int rows_per_task = 0;
  int row_tasks = 0;
  int panels_per_task = 0;
  int panel_tasks = 0;

  [[nodiscard]] int task_count() const { return row_tasks * panel_tasks; }
};

/// Splits into blocks of at most `max_rows` rows, a multiple of `tile_rows`, and splits the panels as well if there are
/// too few blocks for `thread_count` threads.
inline ProductSplit SplitProduct(int rows, int panel_count, int max_rows, int tile_rows, int thread_count) {
  ProductSplit split;
  split.row_tasks = CeilDivide(rows, max_rows);
  split.rows_per_task = CeilDivide(CeilDivide(rows, split.row_tasks), tile_rows) * tile_rows;
  split.row_tasks = CeilDivide(rows, split.rows_per_task);
  const int wanted_tasks = thread_count == 1 ? 1 : thread_count * kTasksPerThread;
  const int wanted_panel_tasks = std::min(CeilDivide(wanted_tasks, split.row_tasks), panel_count);
  split.panels_per_task = CeilDivide(panel_count, wanted_panel_tasks);
  split.panel_tasks = CeilDivide(panel_count, split.panels_per_task);
  return split;
}

/// The largest multiple of `tile_rows` of rows of `row_bytes` each that fit into `bytes`; at least one `tile_rows`.
inline int RowsOfBlock(std::int64_t bytes, std::int64_t row_bytes, int tile_rows) {
  const std::int64_t tiles = std::max<std::int64_t>(bytes / row_bytes / tile_rows, 1);
  return static_cast<int>(tiles) * tile_rows;
}

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_PRODUCT_SPLIT_H_
