// SPDX-License-Identifier: Apache-2.0
#include "cli/peak.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "nn/kernels/kernels.h"

namespace posenet::cli {
namespace {

constexpr int kDepth = 128;

// Operations per second of the fastest round of `product`, one that was not interrupted.
template <typename Product>
double FastestRate(double operations, const Product& product) {
  using Clock = std::chrono::steady_clock;
  constexpr int kRounds = 40;
  constexpr int kProductsPerRound = 100;
  double best = 0.0;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = Clock::now();
    for (int i = 0; i < kProductsPerRound; ++i) product();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (seconds > 0.0) best = std::max(best, kProductsPerRound * operations / seconds);
  }
  return best;
}

double FloatPeak(const nn::Kernels& kernels) {
  const int rows = 2 * kernels.gemm_rows;
  const std::vector<float> a(static_cast<std::size_t>(rows * kDepth), 0.5F);
  const std::vector<float> panel(static_cast<std::size_t>((kDepth + 1) * kernels.gemm_columns), 0.5F);
  std::vector<float> c(static_cast<std::size_t>(rows * kernels.gemm_columns));
  nn::GemmArgs args;
  args.a = a.data();
  args.a_stride = kDepth;
  args.depth = kDepth;
  args.rows = rows;
  args.panels = panel.data();
  args.columns = kernels.gemm_columns;
  args.c = {.values = c.data(), .step = kernels.gemm_columns};
  args.clamp = {-1e30F, 1e30F};
  return FastestRate(2.0 * rows * kDepth * kernels.gemm_columns, [&] { kernels.gemm(args); });
}

double DotPeak(const nn::DotGemm& dot) {
  const int depth = kDepth * dot.group / 2;
  const int rows = 2 * dot.rows;
  const std::vector<std::byte> a(static_cast<std::size_t>(rows) *
                                 static_cast<std::size_t>(depth * nn::BytesOf(dot.a_type)));
  const std::vector<std::byte> panel(dot.PanelBytes(depth));
  std::vector<float> c(static_cast<std::size_t>(rows * dot.columns));
  const nn::DotGemmArgs args = {.a = a.data(),
                                .a_stride = depth,
                                .depth = depth,
                                .rows = rows,
                                .panels = panel.data(),
                                .columns = dot.columns,
                                .c = {.values = c.data(), .step = dot.columns},
                                .clamp = {-1e30F, 1e30F}};
  return FastestRate(2.0 * rows * depth * dot.columns, [&] { dot.run(args); });
}

}  // namespace

double MeasurePeak(nn::ProductKind kind, std::string_view instruction_set) {
  for (const nn::Kernels& kernels : nn::SupportedKernels()) {
    if (!instruction_set.empty() && kernels.instruction_set != instruction_set) continue;
    if (kind == nn::ProductKind::kInt8) return DotPeak(kernels.int8_gemm);
    return kind == nn::ProductKind::kBFloat16 ? DotPeak(kernels.bfloat16_gemm) : FloatPeak(kernels);
  }
  return 0.0;
}

}  // namespace posenet::cli
