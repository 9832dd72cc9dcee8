// SPDX-License-Identifier: Apache-2.0
#include "quantize/rounded_group.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/strings.h"
#include "nn/graph/bfloat16.h"
#include "nn/packing/layer_weights.h"
#include "quantize/channel_units.h"
#include "quantize/weight_rounding.h"

namespace posenet::quantize {
namespace {

// A product of the float model.
struct FloatProduct {
  nn::Conv2d conv;
  Matrix weights;  // [in, out]
  std::vector<float> bias;
};

Result<std::vector<FloatProduct>> ProductsOf(const FloatGroup& floats) {
  std::vector<FloatProduct> products;
  for (const std::size_t layer : floats.group.layers) {
    const auto& conv = std::get<nn::Conv2d>(floats.model.spec.network.layers[layer].operation);
    POSENET_ASSIGN_OR_RETURN(nn::LayerWeights read,
                             nn::ReadConvWeights(conv, floats.group.channels, floats.model.weights));
    products.push_back(
        {.conv = conv,
         .weights = Eigen::Map<const Matrix>(read.weights.data(), floats.group.channels, conv.out_channels),
         .bias = std::move(read.bias)});
  }
  return products;
}

// The columns of all products side by side, scaled such that each product has the same weight if inputs are
// independent.
Matrix AllColumns(const std::vector<FloatProduct>& products, const Eigen::RowVectorXd& input_power) {
  const Eigen::Index rows = input_power.size();
  Matrix columns(rows, 0);
  for (const FloatProduct& product : products) {
    const Eigen::VectorXd weight_power = product.weights.cast<double>().rowwise().squaredNorm();
    const double power = std::max(input_power.dot(weight_power), 1e-12);
    Matrix joined(rows, columns.cols() + product.weights.cols());
    joined << columns, product.weights / static_cast<float>(std::sqrt(power));
    columns = std::move(joined);
  }
  return columns;
}

double Decibels(double power, double error) {
  return error > 0.0 ? 10.0 * std::log10(power / error) : std::numeric_limits<double>::infinity();
}

// Stores the bias plus `lost`, the mean of the results that rounding lost.
void AddBias(std::vector<float> bias, const Eigen::RowVectorXd& lost, nn::Conv2d& conv, TensorStore& store,
             NamedTensors& tensors) {
  for (std::size_t i = 0; i < bias.size(); ++i) {
    bias[i] = static_cast<float>(double{bias[i]} + lost[static_cast<Eigen::Index>(i)]);
  }
  if (conv.bias.empty()) conv.bias = conv.weights + ".bias";
  tensors.emplace_back(conv.bias, store.Add(nn::DType::kFloat32, {conv.out_channels}, bias));
}

// Samples in `units`, rounded to what fits into a uint8, less the zero points.
Samples RoundToIntegers(Samples samples, const Eigen::RowVectorXf& units, const Eigen::RowVectorXf& zeros) {
  for (Matrix& sample : samples) {
    for (Eigen::Index cell = 0; cell < sample.rows(); ++cell) {
      const auto stored = (sample.row(cell).cwiseQuotient(units) + zeros).array().rint().min(kMaxUint8).max(0.0F);
      sample.row(cell) = stored.matrix() - zeros;
    }
  }
  return samples;
}

// The numbers that int8 weights stand for.
Matrix Dequantized(const Int8Weights& rounded, Eigen::Index rows) {
  const auto columns = static_cast<Eigen::Index>(rounded.scales.size());
  Matrix result(rows, columns);
  for (Eigen::Index i = 0; i < result.size(); ++i) {
    result.data()[i] = static_cast<float>(rounded.weights[static_cast<std::size_t>(i)]) *
                       rounded.scales[static_cast<std::size_t>(i % columns)];
  }
  return result;
}

}  // namespace

std::string AddChannels(const nn::Layer& writer, std::string_view suffix, const Eigen::RowVectorXf& numbers,
                        TensorStore& store, NamedTensors& tensors) {
  std::string name = base::StrCat(writer.name, suffix);
  tensors.emplace_back(
      name, store.Add(nn::DType::kFloat32, {numbers.size()}, std::vector<float>(numbers.begin(), numbers.end())));
  return name;
}

Result<RoundedGroup> RoundGroupToInt8(const FloatGroup& floats, Samples inputs, int thread_count, TensorStore& store) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<FloatProduct> products, ProductsOf(floats));
  const LayerGroup& group = floats.group;
  const ChannelStatistics input = StatisticsOf(inputs);
  const Eigen::RowVectorXf units = BestUnits(SmallestUnits(input.least, input.largest, group.activation),
                                             AllColumns(products, input.mean_square), input.mean_square);
  RoundedGroup result;
  const nn::Layer& writer = floats.model.spec.network.layers[static_cast<std::size_t>(group.value) - 1];
  result.scales = AddChannels(writer, ".scales", units, store, result.tensors);
  Eigen::RowVectorXf zeros = Eigen::RowVectorXf::Zero(units.size());
  if (!nn::IsRectifier(group.activation)) {
    zeros = ZeroPoints(input.least, input.largest, units);
    result.zero_points = AddChannels(writer, ".zero_points", zeros, store, result.tensors);
  }

  const Samples integers = RoundToIntegers(std::move(inputs), units, zeros);
  const Eigen::RowVectorXd float_mean = StatisticsOf(floats.samples).mean;
  const Eigen::RowVectorXd integer_mean = StatisticsOf(integers).mean;
  POSENET_ASSIGN_OR_RETURN(const GramMatrix gram, GramOf(integers, thread_count));
  POSENET_ASSIGN_OR_RETURN(GramMatrix cross, CrossOf(integers, floats.samples, thread_count));
  cross *= units.cast<double>().cwiseInverse().asDiagonal();  // The float network's inputs in the same units.
  for (const FloatProduct& product : products) {
    const Matrix in_units = units.transpose().asDiagonal() * product.weights;
    const Matrix scaled = AdaptWeights(in_units, gram, cross);
    const Int8Weights rounded = RoundToInt8(scaled, gram);
    const Matrix dequantized = Dequantized(rounded, scaled.rows());
    nn::Conv2d conv = product.conv;
    conv.weight_scales = conv.weights + ".scales";
    result.tensors.emplace_back(
        conv.weights, store.Add(nn::DType::kInt8, {1, 1, group.channels, conv.out_channels}, rounded.weights));
    result.tensors.emplace_back(conv.weight_scales,
                                store.Add(nn::DType::kFloat32, {conv.out_channels}, rounded.scales));
    AddBias(product.bias, float_mean * product.weights.cast<double>() - integer_mean * dequantized.cast<double>(), conv,
            store, result.tensors);
    // The errors of inputs are uniformly distributed up to half a unit.
    const double input_error = scaled.cast<double>().squaredNorm() / 12.0;
    result.signal_to_noise_db.push_back(
        Decibels(ResultPower(in_units, gram), ResultPower(dequantized - scaled, gram) + input_error));
    result.products.push_back(std::move(conv));
  }
  return result;
}

Result<RoundedGroup> RoundGroupToBFloat16(const FloatGroup& floats, const Samples& inputs, int thread_count,
                                          TensorStore& store) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<FloatProduct> products, ProductsOf(floats));
  const Eigen::RowVectorXd float_mean = StatisticsOf(floats.samples).mean;
  const Eigen::RowVectorXd input_mean = StatisticsOf(inputs).mean;
  POSENET_ASSIGN_OR_RETURN(const GramMatrix gram, GramOf(inputs, thread_count));
  POSENET_ASSIGN_OR_RETURN(const GramMatrix cross, CrossOf(inputs, floats.samples, thread_count));
  RoundedGroup result;
  for (const FloatProduct& product : products) {
    const Matrix rounded = RoundToBFloat16(AdaptWeights(product.weights, gram, cross), gram);
    std::vector<std::uint16_t> bits(static_cast<std::size_t>(rounded.size()));
    std::transform(rounded.data(), rounded.data() + rounded.size(), bits.begin(), nn::ToBFloat16);
    nn::Conv2d conv = product.conv;
    result.tensors.emplace_back(
        conv.weights, store.Add(nn::DType::kBFloat16, {1, 1, floats.group.channels, conv.out_channels}, bits));
    AddBias(product.bias, float_mean * product.weights.cast<double>() - input_mean * rounded.cast<double>(), conv,
            store, result.tensors);
    // The relative errors of inputs are uniformly distributed up to 2^-9.
    const double input_error =
        gram.diagonal().dot(product.weights.cast<double>().rowwise().squaredNorm()) * std::exp2(-18) / 3.0;
    result.signal_to_noise_db.push_back(
        Decibels(ResultPower(product.weights, gram), ResultPower(rounded - product.weights, gram) + input_error));
    result.products.push_back(std::move(conv));
  }
  return result;
}

}  // namespace posenet::quantize
