// SPDX-License-Identifier: Apache-2.0
#include "quantize/samples.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/thread_pool.h"
#include "nn/plan.h"
#include "quantize/calibration.h"

namespace posenet::quantize {
namespace {

// Adds a^T b to `sum`. To the engine, b is the weights of a fully connected layer and each column of a one of its
// inputs.
Result<void> AddTransposedProduct(const Matrix& a, const Matrix& b, base::ThreadPool& pool, GramMatrix& sum) {
  const auto rows = static_cast<int>(a.rows());
  const auto a_columns = static_cast<int>(a.cols());
  const auto b_columns = static_cast<int>(b.cols());
  nn::Network network;
  network.input_channels = rows;
  nn::FullyConnected product;
  product.out_channels = b_columns;
  product.weights = "b";
  network.layers = {{.name = "product", .inputs = {0}, .operation = product}};
  network.outputs = {{"product", 1}};
  const nn::TensorMap tensors = {{"b",
                                  {.dtype = nn::DType::kFloat32,
                                   .shape = {rows, b_columns},
                                   .bytes = std::as_bytes(std::span(b.data(), static_cast<std::size_t>(b.size())))}}};
  POSENET_ASSIGN_OR_RETURN(auto packed,
                           nn::PackedNetwork::Create(network, tensors, {.instruction_set = CommonInstructionSet()}));
  POSENET_ASSIGN_OR_RETURN(
      auto plan, nn::Plan::Create(std::move(packed), {.batch = a_columns, .height = 1, .width = 1, .channels = rows}));
  POSENET_ASSIGN_OR_RETURN(const auto context, nn::Context::Create(plan, pool.thread_count()));
  Eigen::Map<Matrix>(context->input().data(), a_columns, rows) = a.transpose();
  plan->Run(*context, pool);
  sum += Eigen::Map<const Matrix>(context->output(0).data(), a_columns, b_columns).cast<double>();
  return {};
}

}  // namespace

Matrix SampleOf(std::span<const float> numbers, Eigen::Index channels, std::size_t input_count) {
  constexpr Eigen::Index kMaxCells = 1024;
  constexpr Eigen::Index kMaxCellsOfAll = 40 * kMaxCells;  // Otherwise memory would not suffice for many inputs.
  const Eigen::Index max_cells = std::min(kMaxCells, kMaxCellsOfAll / static_cast<Eigen::Index>(input_count));
  const Eigen::Index cells = static_cast<Eigen::Index>(numbers.size()) / channels;
  const Eigen::Index count = std::min(cells, std::max<Eigen::Index>(max_cells, 1));
  Matrix sample(count, channels);
  for (Eigen::Index i = 0; i < count; ++i) {
    sample.row(i) = Eigen::Map<const Eigen::RowVectorXf>(numbers.data() + i * cells / count * channels, channels);
  }
  return sample;
}

ChannelStatistics StatisticsOf(const Samples& samples) {
  const Eigen::Index channels = samples[0].cols();
  ChannelStatistics result = {.least = Eigen::RowVectorXf::Zero(channels),
                              .largest = Eigen::RowVectorXf::Zero(channels),
                              .mean = Eigen::RowVectorXd::Zero(channels),
                              .mean_square = Eigen::RowVectorXd::Zero(channels)};
  double cells = 0.0;
  for (const Matrix& sample : samples) {
    // Cell by cell, because those are adjacent in memory.
    for (Eigen::Index cell = 0; cell < sample.rows(); ++cell) {
      const auto numbers = sample.row(cell);
      result.least = result.least.cwiseMin(numbers);
      result.largest = result.largest.cwiseMax(numbers);
      result.mean += numbers.cast<double>();
      result.mean_square += numbers.cast<double>().cwiseAbs2();
    }
    cells += static_cast<double>(sample.rows());
  }
  result.mean /= cells;
  result.mean_square /= cells;
  return result;
}

Result<GramMatrix> CrossOf(const Samples& a, const Samples& b, int thread_count) {
  GramMatrix cross = GramMatrix::Zero(a[0].cols(), b[0].cols());
  base::ThreadPool pool(thread_count);
  double cells = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    // Sums over one input are in float, over all inputs in double.
    POSENET_RETURN_IF_ERROR(AddTransposedProduct(a[i], b[i], pool, cross));
    cells += static_cast<double>(a[i].rows());
  }
  return GramMatrix(cross / cells);
}

}  // namespace posenet::quantize
