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

// The columns of all products side by side, scaled such that each product has the same weight.
Matrix AllColumns(const std::vector<FloatProduct>& products, const GramMatrix& gram) {
  Matrix columns(gram.rows(), 0);
  for (const FloatProduct& product : products) {
    const double power = std::max(ResultPower(product.weights, gram), 1e-12);
    Matrix joined(gram.rows(), columns.cols() + product.weights.cols());
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

Result<RoundedGroup> RoundGroupToInt8(const FloatGroup& floats, const Samples& inputs, TensorStore& store) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<FloatProduct> products, ProductsOf(floats));
  const LayerGroup& group = floats.group;
  const GramMatrix input_gram = GramOf(inputs);
  const ChannelStatistics input = StatisticsOf(inputs);
  const Eigen::RowVectorXf units = BestUnits(SmallestUnits(input.least, input.largest, group.activation),
                                             AllColumns(products, input_gram), input_gram);
  RoundedGroup result;
  const nn::Layer& writer = floats.model.spec.network.layers[static_cast<std::size_t>(group.value) - 1];
  result.scales = AddChannels(writer, ".scales", units, store, result.tensors);
  Eigen::RowVectorXf zeros = Eigen::RowVectorXf::Zero(units.size());
  if (!nn::IsRectifier(group.activation)) {
    zeros = ZeroPoints(input.least, input.largest, units);
    result.zero_points = AddChannels(writer, ".zero_points", zeros, store, result.tensors);
  }

  // Less their zero points.
  Samples integers;
  for (const Matrix& sample : inputs) {
    const auto scaled = sample.array().rowwise() / units.array();
    const auto stored = (scaled.rowwise() + zeros.array()).round().min(kMaxUint8).max(0.0F);
    integers.emplace_back((stored.rowwise() - zeros.array()).matrix());
  }
  const Eigen::RowVectorXd float_mean = StatisticsOf(floats.samples).mean;
  const Eigen::RowVectorXd integer_mean = StatisticsOf(integers).mean;
  const GramMatrix gram = GramOf(integers);
  // The float network's inputs in the same units.
  const GramMatrix cross = CrossOf(integers, floats.samples) * units.cast<double>().cwiseInverse().asDiagonal();
  for (const FloatProduct& product : products) {
    const Matrix scaled = AdaptWeights(units.transpose().asDiagonal() * product.weights, gram, cross);
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
        Decibels(ResultPower(product.weights, input_gram), ResultPower(dequantized - scaled, gram) + input_error));
    result.products.push_back(std::move(conv));
  }
  return result;
}

Result<RoundedGroup> RoundGroupToBFloat16(const FloatGroup& floats, const Samples& inputs, TensorStore& store) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<FloatProduct> products, ProductsOf(floats));
  const Eigen::RowVectorXd float_mean = StatisticsOf(floats.samples).mean;
  const Eigen::RowVectorXd input_mean = StatisticsOf(inputs).mean;
  const GramMatrix gram = GramOf(inputs);
  const GramMatrix cross = CrossOf(inputs, floats.samples);
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
