// SPDX-License-Identifier: Apache-2.0
// The inner loops, one set for each instruction set. They know strides and counts, not layers, and never read or write
// an element beyond those that they are given. All counts are at least 1 unless noted otherwise; strides and steps are
// in elements.
#ifndef POSENET_NN_KERNELS_KERNELS_H_
#define POSENET_NN_KERNELS_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "nn/graph/element_type.h"

namespace posenet::nn {

/// The range to which results are clamped: every activation but the sigmoid.
struct Clamp {
  float low;
  float high;
};

/// Where results are stored. Elements of other types than float are rounded to nearest even; results that are stored as
/// integers are clamped to the range of their type first.
struct OutputView {
  void* values = nullptr;
  std::ptrdiff_t step = 0;  // From a row, or a position, to the next.
  ElementType type = ElementType::kFloat32;

  [[nodiscard]] void* At(std::ptrdiff_t row, std::ptrdiff_t column) const {
    return static_cast<std::byte*>(values) + (row * step + column) * BytesOf(type);
  }
  /// The part of the view from `row` and `column` on.
  [[nodiscard]] OutputView From(std::ptrdiff_t row, std::ptrdiff_t column) const {
    return {.values = At(row, column), .step = step, .type = type};
  }
};

/// C = clamp(A * B + bias). Row r of A is `stretch_count` stretches of `depth` consecutive floats: its stretch s is at
/// stretches[s * stretch_stride + r] + stretch_offset, or, if `stretches` is null (one stretch only), at
/// a + r * a_stride.
struct GemmArgs {
  const float* a = nullptr;
  std::ptrdiff_t a_stride = 0;
  const float* const* stretches = nullptr;
  std::ptrdiff_t stretch_stride = 0;
  std::ptrdiff_t stretch_offset = 0;
  int stretch_count = 1;
  int depth = 0;
  int rows = 0;
  /// B in panels of gemm_columns columns: the bias of its columns, then its rows one after the other, all padded with
  /// zeros to gemm_columns.
  const float* panels = nullptr;
  int columns = 0;
  OutputView c;
  Clamp clamp = {};
};

/// C = clamp(scale * (A * B) + bias), with A and B in low precision and sums of 32 bits. Rows of A are `depth`
/// elements, a multiple of the instruction set's `group`, and may be read up to the next multiple of 4 bytes.
struct DotGemmArgs {
  const void* a = nullptr;
  std::ptrdiff_t a_stride = 0;
  int depth = 0;
  int rows = 0;
  /// B in panels of DotGemm::columns columns and PanelBytes(depth) bytes: bias and scale of its columns as floats, then
  /// B in groups of rows, [depth / group][columns][group], all padded with zeros to `columns`.
  const std::byte* panels = nullptr;
  int columns = 0;
  OutputView c;
  Clamp clamp = {};
};

/// How an instruction set multiplies in low precision.
struct DotGemm {
  ElementType a_type = ElementType::kFloat32;
  int b_bytes = 0;  // Of an element of B.
  int group = 0;    // Rows of B whose elements are interleaved.
  /// Subtracted from each element of A before it is multiplied. If it is not 0, panels have a 32-bit integer for each
  /// column after the scales that compensates for it: a_offset * (the sum of the column of B).
  int a_offset = 0;
  /// Whether the CPU has instructions for it; otherwise it is correct, but no faster than floats.
  bool is_native = false;
  int columns = 0;  // In a panel.
  int rows = 0;     // Of C that are computed at a time.
  void (*run)(const DotGemmArgs& args) = nullptr;

  /// Bytes of a panel for `depth` rows of B.
  [[nodiscard]] std::size_t PanelBytes(int depth) const {
    const std::size_t row_bytes = static_cast<std::size_t>(depth) * static_cast<std::size_t>(b_bytes);
    return HeaderBytes() + static_cast<std::size_t>(columns) * row_bytes;
  }
  /// Of these, the bytes before B.
  [[nodiscard]] std::size_t HeaderBytes() const {
    const int numbers = 2 + (a_offset != 0 ? 1 : 0);
    return static_cast<std::size_t>(columns * numbers) * sizeof(float);
  }
};

/// A window slid along one row over positions that all cover the same taps: those that lie on the input.
struct WindowArgs {
  const void* input = nullptr;         // First tap of the first position, first channel.
  std::ptrdiff_t tap_row_step = 0;     // From a tap to the one below it.
  std::ptrdiff_t tap_column_step = 0;  // From a tap to the one right of it.
  std::ptrdiff_t input_step = 0;       // From a position's taps to the next position's.
  int tap_rows = 0;                    // May be 0: no tap lies on the input.
  int tap_columns = 0;                 // May be 0.
  OutputView output;
  int positions = 0;
  int channels = 0;
};

/// A depthwise convolution with weights [tap][channel], computed in float.
struct DepthwiseArgs {
  WindowArgs window;
  ElementType input_type = ElementType::kFloat32;
  const float* weights = nullptr;  // Of the first covered tap.
  std::ptrdiff_t weights_row_step = 0;
  const float* bias = nullptr;
  Clamp clamp = {};
};

/// Transforms a tile d of 4x4 cells, row by row, for Winograd's products: output[cell] = B^T d B.
struct WinogradInputArgs {
  const float* cells[16] = {};
  int channels = 0;
  float* output = nullptr;
  std::ptrdiff_t output_step = 0;  // From a cell to the next.
};

/// Transforms Winograd's products m to 2x2 results: clamp(A^T m A).
struct WinogradOutputArgs {
  const float* input = nullptr;
  std::ptrdiff_t input_step = 0;  // From a cell to the next.
  int channels = 0;
  float* results[4] = {};  // Row by row; null for results beyond the image.
  Clamp clamp = {};
};

/// output[i] = input[i] / (k + scale * s)^beta, where s is the sum of squares of those of input[i - reach] to
/// input[i + reach] that exist. `output` must not be `input`.
struct NormArgs {
  const float* input = nullptr;
  float* output = nullptr;
  int channels = 0;
  float* scratch = nullptr;  // channels + 2 * reach, of which the first and last `reach` are zeros.
  int reach = 0;             // May be 0.
  float scale = 0.0F;
  float beta = 0.0F;
  float k = 0.0F;
};

/// One row of an image, enlarged to `factor` times its columns after `row` and the row above or below it were
/// blended: bilinear interpolation with half-pixel centers.
struct UpsampleRowArgs {
  const float* row = nullptr;       // `columns` cells.
  const float* neighbor = nullptr;  // The same; may be `row`.
  float neighbor_weight = 0.0F;     // From 0 to 1; that of `row` is the rest.
  int columns = 0;
  int channels = 0;
  int factor = 0;
  float* blended = nullptr;  // Scratch of columns * channels.
  float* output = nullptr;   // factor * columns cells.
};

/// Rows of floats, rounded to kUint8, kUint8In16 or kBFloat16: output[i] = input[i] * factors[i] + zero_points[i], or
/// input[i] if `factors` is null.
struct RoundArgs {
  const float* input = nullptr;
  std::ptrdiff_t input_step = 0;  // From a row to the next.
  int rows = 0;
  int columns = 0;
  const float* factors = nullptr;
  const float* zero_points = nullptr;
  OutputView output;
};

/// One time step of an LSTM: (i, f, g, o) = input_gates + recurrent_gates, `hidden` numbers each;
/// cell = sigmoid(f) * cell + sigmoid(i) * tanh(g), state = sigmoid(o) * tanh(cell).
struct LstmStepArgs {
  const float* input_gates = nullptr;
  const float* recurrent_gates = nullptr;
  int hidden = 0;
  float* cell = nullptr;
  float* state = nullptr;
};

/// The kernels of one instruction set.
struct Kernels {
  std::string_view instruction_set;
  /// Columns in a panel of B.
  int gemm_columns;
  /// Rows of C that are computed at a time; work is best divided into multiples of it.
  int gemm_rows;
  void (*gemm)(const GemmArgs& args);
  DotGemm bfloat16_gemm;
  /// A is unsigned, B signed.
  DotGemm int8_gemm;
  void (*depthwise)(const DepthwiseArgs& args);
  /// Pools of floats. Windows have at least one tap.
  void (*max_pool)(const WindowArgs& args);
  void (*average_pool)(const WindowArgs& args);
  /// sums[c] += the sum over `rows` rows of input, rows `stride` apart, `channels` long.
  void (*sum_rows)(const float* input, std::ptrdiff_t stride, int rows, int channels, float* sums);
  /// output[i] = clamp(a[i] + b[i]). `output` may be a or b.
  void (*add)(const float* a, const float* b, float* output, std::ptrdiff_t count, Clamp clamp);
  /// output[i] = clamp(input[i] * scale). `output` may be `input`.
  void (*scale)(const float* input, float* output, std::ptrdiff_t count, float scale, Clamp clamp);
  void (*round)(const RoundArgs& args);
  /// output[i] = 1 / (1 + exp(-input[i])). `output` may be `input`.
  void (*sigmoid)(const float* input, float* output, std::ptrdiff_t count);
  void (*winograd_input)(const WinogradInputArgs& args);
  void (*winograd_output)(const WinogradOutputArgs& args);
  void (*local_response_norm)(const NormArgs& args);
  void (*upsample_row)(const UpsampleRowArgs& args);
  void (*lstm_step)(const LstmStepArgs& args);
};

/// The kernels of every instruction set that this build has kernels for and this CPU supports, best first; never empty.
std::span<const Kernels> SupportedKernels();

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_KERNELS_H_
