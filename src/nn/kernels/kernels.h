// SPDX-License-Identifier: Apache-2.0
// The inner loops, one set of them for each instruction set. They know strides and counts, not layers; what they read
// and write they touch exactly, never an element beside it. All counts are at least 1 unless said otherwise; strides
// and steps are in floats.
#ifndef POSENET_NN_KERNELS_KERNELS_H_
#define POSENET_NN_KERNELS_KERNELS_H_

#include <cstddef>
#include <span>
#include <string_view>

namespace posenet::nn {

/// Range to which results are clamped: every activation but the sigmoid is one.
struct Clamp {
  float low;
  float high;
};

/// C = clamp(A * B + bias). Row r of A is `stretch_count` stretches of `depth` consecutive floats: stretch s of it is
/// at stretches[s * stretch_stride + r] + stretch_offset, or, when `stretches` is null (one stretch only), at a + r *
/// a_stride.
struct GemmArgs {
  const float* a = nullptr;
  std::ptrdiff_t a_stride = 0;
  const float* const* stretches = nullptr;
  std::ptrdiff_t stretch_stride = 0;
  std::ptrdiff_t stretch_offset = 0;
  int stretch_count = 1;
  int depth = 0;
  int rows = 0;
  /// Panels of gemm_columns columns of B, each the bias of its columns and then its rows one after the other, all
  /// padded by zeros to gemm_columns.
  const float* panels = nullptr;
  int columns = 0;
  float* c = nullptr;
  std::ptrdiff_t c_stride = 0;
  Clamp clamp = {};
};

/// A window slid along one row, where all its positions cover the same taps: those that lie on the input.
struct WindowArgs {
  const float* input = nullptr;        // First tap of the first position, first channel.
  std::ptrdiff_t tap_row_step = 0;     // From a tap to the one below it.
  std::ptrdiff_t tap_column_step = 0;  // From a tap to the one right of it.
  std::ptrdiff_t input_step = 0;       // From a position's taps to the next position's.
  int tap_rows = 0;                    // May be 0: no tap lies on the input.
  int tap_columns = 0;                 // May be 0.
  float* output = nullptr;
  std::ptrdiff_t output_step = 0;  // From a position's result to the next.
  int positions = 0;
  int channels = 0;
};

/// A depthwise convolution: weights of the taps that are covered, [tap][channel].
struct DepthwiseArgs {
  WindowArgs window;
  const float* weights = nullptr;  // Of the first tap that is covered.
  std::ptrdiff_t weights_row_step = 0;
  const float* bias = nullptr;
  Clamp clamp = {};
};

struct Kernels {
  std::string_view instruction_set;
  /// Columns in a panel of B.
  int gemm_columns;
  /// Rows of C that are computed at a time; work is best split in multiples of it.
  int gemm_rows;
  void (*gemm)(const GemmArgs& args);
  void (*depthwise)(const DepthwiseArgs& args);
  /// Windows have at least one tap.
  void (*max_pool)(const WindowArgs& args);
  void (*average_pool)(const WindowArgs& args);
  /// sums[c] += the sum over `rows` rows of input, rows `stride` apart, `channels` long.
  void (*sum_rows)(const float* input, std::ptrdiff_t stride, int rows, int channels, float* sums);
  /// output[i] = clamp(a[i] + b[i]). `output` may be a or b.
  void (*add)(const float* a, const float* b, float* output, std::ptrdiff_t count, Clamp clamp);
  /// output[i] = clamp(input[i] * scale). `output` may be `input`.
  void (*scale)(const float* input, float* output, std::ptrdiff_t count, float scale, Clamp clamp);
  /// output[i] = 1 / (1 + exp(-input[i])). `output` may be `input`.
  void (*sigmoid)(const float* input, float* output, std::ptrdiff_t count);
};

/// The kernels of every instruction set that this build has and this CPU supports, best first; never empty.
std::span<const Kernels> SupportedKernels();

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_KERNELS_H_
