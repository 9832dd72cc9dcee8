// SPDX-License-Identifier: Apache-2.0
#include "quantize/quantize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/strings.h"
#include "nn/layer_weights.h"
#include "quantize/weight_rounding.h"

namespace posenet::quantize {
namespace {

enum class Kind { kInt8, kBFloat16 };

constexpr float kLargestWhole = 255.0F;

// Tensors that are made here, kept by name.
class TensorStore {
 public:
  template <typename T>
  nn::TensorView Keep(nn::DType dtype, const std::vector<std::int64_t>& shape, const std::vector<T>& elements) {
    auto bytes = std::make_shared<std::vector<std::byte>>(elements.size() * sizeof(T));
    std::memcpy(bytes->data(), elements.data(), bytes->size());
    tensors_.push_back(bytes);
    return {.dtype = dtype, .shape = shape, .bytes = *bytes};
  }

 private:
  std::vector<std::shared_ptr<const std::vector<std::byte>>> tensors_;
};

// What the result's tensors point into: the float model's, and ours.
struct Storage {
  std::shared_ptr<const void> source;
  TensorStore store;
};

// A value that products read, and these products: they share the units of its channels.
struct Group {
  int value = 0;
  std::vector<std::size_t> layers;
  double multiply_adds = 0.0;
};

// Each input's numbers of one value: [cells, channels].
using Samples = std::vector<Matrix>;

// Cells that lie evenly among those of `numbers`, all of them where they are few.
Matrix SampleOf(std::span<const float> numbers, Eigen::Index channels) {
  constexpr Eigen::Index kMaxCells = 1024;
  const Eigen::Index cells = static_cast<Eigen::Index>(numbers.size()) / channels;
  const Eigen::Index count = std::min(cells, kMaxCells);
  Matrix sample(count, channels);
  for (Eigen::Index i = 0; i < count; ++i) {
    sample.row(i) = Eigen::Map<const Eigen::RowVectorXf>(numbers.data() + i * cells / count * channels, channels);
  }
  return sample;
}

struct ChannelStatistics {
  Eigen::RowVectorXf largest;
  Eigen::RowVectorXd mean;
};

ChannelStatistics StatisticsOf(const Samples& samples) {
  ChannelStatistics result = {.largest = Eigen::RowVectorXf::Zero(samples[0].cols()),
                              .mean = Eigen::RowVectorXd::Zero(samples[0].cols())};
  double cells = 0.0;
  for (const Matrix& sample : samples) {
    result.largest = result.largest.cwiseMax(sample.colwise().maxCoeff());
    result.mean += sample.cast<double>().colwise().sum();
    cells += static_cast<double>(sample.rows());
  }
  result.mean /= cells;
  return result;
}

GramMatrix GramOf(const Samples& samples) {
  GramMatrix gram = GramMatrix::Zero(samples[0].cols(), samples[0].cols());
  double cells = 0.0;
  for (const Matrix& sample : samples) {
    // Sums of one input in floats, of all in doubles.
    const Matrix product = sample.transpose() * sample;
    gram += product.cast<double>();
    cells += static_cast<double>(sample.rows());
  }
  return gram / cells;
}

// What the rounded network's inputs of a product have to do with those of the float network, at the same cells:
// [in, in], the mean of rounded x float^T.
GramMatrix CrossOf(const Samples& rounded, const Samples& floats) {
  GramMatrix cross = GramMatrix::Zero(rounded[0].cols(), rounded[0].cols());
  double cells = 0.0;
  for (std::size_t i = 0; i < rounded.size(); ++i) {
    const Matrix product = rounded[i].transpose() * floats[i];
    cross += product.cast<double>();
    cells += static_cast<double>(rounded[i].rows());
  }
  return cross / cells;
}

// What a channel's range has to be at least for its unit to be a number that can be divided by.
float AtLeast(float largest, float largest_of_all) { return std::max({largest, 1e-3F * largest_of_all, 1e-6F}); }

// The smallest units in which channels of these ranges can be counted. Pictures that were not seen may go beyond the
// ranges of those that were, but not beyond what the activation lets pass.
Eigen::RowVectorXf SmallestUnits(const Eigen::RowVectorXf& largest, nn::Activation activation) {
  constexpr float kMargin = 1.2F;
  const float bound = activation == nn::Activation::kRelu6 ? 6.0F : std::numeric_limits<float>::infinity();
  const float of_all = largest.maxCoeff();
  return largest.unaryExpr(
      [&](float range) { return std::min(bound, kMargin * AtLeast(range, of_all)) / kLargestWhole; });
}

// Units between the smallest ones and one for all channels.
Eigen::RowVectorXf MixedUnits(const Eigen::RowVectorXf& smallest, double share_of_smallest) {
  const double of_all = smallest.maxCoeff();
  return smallest.unaryExpr(
      [&](float unit) { return static_cast<float>(of_all * std::pow(double{unit} / of_all, share_of_smallest)); });
}

// What rounding does to the results of a product, per cell, as if all errors were independent: inputs are wrong by
// units of their channels, weights by units of their columns. The latter counts less, for most of it is made up for.
struct PredictedError {
  Eigen::ArrayXd of_input_units;  // [in]: to be multiplied with the square of each channel's unit.
  Eigen::ArrayXd input_power;     // [in]: to be divided by it...
  double of_column_units = 0.0;   // ...and multiplied with this.

  PredictedError(const Eigen::RowVectorXf& units, const Matrix& weights, const GramMatrix& gram) {
    constexpr double kShareNotMadeUpFor = 0.3;
    const Matrix scaled = units.transpose().asDiagonal() * weights;
    const Eigen::RowVectorXd column_units = scaled.cwiseAbs().colwise().maxCoeff().cast<double>() / 127.0;
    of_input_units = weights.cast<double>().rowwise().squaredNorm().array() / 12.0;
    input_power = gram.diagonal().array();
    of_column_units = kShareNotMadeUpFor * column_units.squaredNorm() / 12.0;
  }

  [[nodiscard]] double Sum(const Eigen::RowVectorXf& units) const {
    const Eigen::ArrayXd squares = units.transpose().cast<double>().array().square();
    return (of_input_units * squares).sum() + of_column_units * (input_power / squares).sum();
  }

  // The units that make the sum least, were the units of columns not to change with them.
  [[nodiscard]] Eigen::RowVectorXf BestUnits(const Eigen::RowVectorXf& smallest) const {
    const Eigen::ArrayXd fourth = of_column_units * input_power / of_input_units.max(1e-30);
    return fourth.sqrt().sqrt().cast<float>().matrix().transpose().cwiseMax(smallest).cwiseMin(smallest.maxCoeff());
  }
};

const nn::Conv2d* RectifiedConv(const nn::Layer& layer) {
  const auto* const conv = std::get_if<nn::Conv2d>(&layer.operation);
  if (conv == nullptr) return nullptr;
  return conv->activation == nn::Activation::kRelu || conv->activation == nn::Activation::kRelu6 ? conv : nullptr;
}

// As nn sees them.
bool IsDepthwise(const nn::Conv2d& conv, int channels) {
  return conv.groups == channels && conv.out_channels == channels;
}

bool IsProduct(const nn::Conv2d& conv, int in_channels) {
  const nn::Window& window = conv.window;
  return conv.groups == 1 && in_channels % 4 == 0 && window.kernel_height == 1 && window.kernel_width == 1 &&
         window.stride_height == 1 && window.stride_width == 1;
}

class Quantizer {
 public:
  Quantizer(const LoadedModel& model, std::span<const CalibrationInput> inputs, const Options& options)
      : source_(model), inputs_(inputs), options_(options), storage_(std::make_shared<Storage>()) {
    storage_->source = model.storage;
  }

  Result<QuantizedModel> Run() {
    POSENET_RETURN_IF_ERROR(CheckInputs());
    POSENET_ASSIGN_OR_RETURN(channels_, nn::InferChannels(source_.spec.network));
    FindGroups();
    if (groups_.empty()) {
      return Fail(ErrorCode::kUnsupported, "model ", Printable(source_.spec.name),
                  " has no layer to quantize; expected pointwise convolutions of rectified values");
    }
    POSENET_RETURN_IF_ERROR(MeasureFloats());

    kinds_.assign(groups_.size(), Kind::kInt8);
    POSENET_RETURN_IF_ERROR(QuantizeGroups());
    if (options_.time_budget > 1.0) {
      POSENET_RETURN_IF_ERROR(SpendBudget());
    }
    if (std::find(kinds_.begin(), kinds_.end(), Kind::kBFloat16) != kinds_.end()) {
      // Once more, so that every layer is rounded for the inputs that it will get.
      POSENET_RETURN_IF_ERROR(QuantizeGroups());
    }
    return Finish();
  }

 private:
  // What a group's layers are replaced by.
  struct Variant {
    nn::Network network;  // Of which the group's operations matter, and the scales of what they read.
    std::vector<std::pair<std::string, nn::TensorView>> tensors;
    std::vector<LayerReport> reports;
  };

  [[nodiscard]] Result<void> CheckInputs() const {
    if (inputs_.empty()) return Fail(ErrorCode::kInvalidArgument, "no calibration inputs; expected at least one");
    const int channels = source_.spec.network.input_channels;
    for (const CalibrationInput& input : inputs_) {
      if (input.shape.channels != channels ||
          static_cast<std::int64_t>(input.values.size()) != input.shape.ElementCount()) {
        return Fail(ErrorCode::kInvalidArgument, "calibration input of ", input.values.size(), " numbers and ",
                    input.shape.channels, " channels; expected ", channels, " channels of every cell");
      }
    }
    for (const auto& [name, tensor] : source_.weights) {
      if (tensor.dtype == nn::DType::kInt8) {
        return Fail(ErrorCode::kUnsupported, "model ", Printable(source_.spec.name), " is quantized already");
      }
    }
    return {};
  }

  [[nodiscard]] const nn::Layer& LayerAt(std::size_t index) const { return source_.spec.network.layers[index]; }
  [[nodiscard]] const nn::Conv2d& ConvAt(std::size_t index) const {
    return std::get<nn::Conv2d>(LayerAt(index).operation);
  }

  void FindGroups() {
    const nn::Network& network = source_.spec.network;
    std::vector<std::vector<std::size_t>> readers(channels_.size());
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      for (const int input : network.layers[i].inputs) readers[static_cast<std::size_t>(input)].push_back(i);
    }
    for (const nn::Output& output : network.outputs) readers[static_cast<std::size_t>(output.value)].clear();
    for (std::size_t value = 1; value < channels_.size(); ++value) {
      if (RectifiedConv(network.layers[value - 1]) == nullptr || readers[value].empty()) continue;
      Group group = {.value = static_cast<int>(value), .layers = {}};
      bool all_can = true;
      for (const std::size_t reader : readers[value]) {
        const auto* const conv = std::get_if<nn::Conv2d>(&network.layers[reader].operation);
        if (conv != nullptr && IsDepthwise(*conv, channels_[value])) continue;
        all_can = all_can && conv != nullptr && IsProduct(*conv, channels_[value]);
        group.layers.push_back(reader);
      }
      if (!all_can) continue;
      if (group.layers.empty()) {
        whole_values_.push_back(group.value);
      } else {
        groups_.push_back(std::move(group));
      }
    }
  }

  // The float network's ranges, means and outputs.
  Result<void> MeasureFloats() {
    POSENET_ASSIGN_OR_RETURN(const auto shapes, nn::InferShapes(source_.spec.network, inputs_[0].shape));
    std::vector<int> values = whole_values_;
    for (Group& group : groups_) {
      values.push_back(group.value);
      for (const std::size_t layer : group.layers) {
        group.multiply_adds +=
            static_cast<double>(shapes[layer + 1].ElementCount()) * channels_[static_cast<std::size_t>(group.value)];
      }
    }
    POSENET_RETURN_IF_ERROR(VisitValues({source_.spec.network, source_.weights}, values, inputs_, options_.thread_count,
                                        [&](std::size_t, int value, std::span<const float> numbers) {
                                          float_samples_[value].push_back(
                                              SampleOf(numbers, channels_[static_cast<std::size_t>(value)]));
                                        }));
    for (const int value : values) float_statistics_[value] = StatisticsOf(float_samples_[value]);
    Advance();
    POSENET_ASSIGN_OR_RETURN(float_outputs_, OutputsOf({source_.spec.network, source_.weights}));
    return {};
  }

  Result<Samples> SamplesOf(const Weighted& weighted, int value) const {
    Samples samples;
    const Eigen::Index channels = channels_[static_cast<std::size_t>(value)];
    POSENET_RETURN_IF_ERROR(VisitValues(
        weighted, std::span(&value, 1), inputs_, options_.thread_count,
        [&](std::size_t, int, std::span<const float> numbers) { samples.push_back(SampleOf(numbers, channels)); }));
    return samples;
  }

  // [input][output], flattened.
  Result<std::vector<std::vector<float>>> OutputsOf(const Weighted& weighted) const {
    std::vector<int> values;
    for (const nn::Output& output : weighted.network.outputs) values.push_back(output.value);
    std::vector<std::vector<float>> outputs;
    POSENET_RETURN_IF_ERROR(VisitValues(weighted, values, inputs_, options_.thread_count,
                                        [&](std::size_t, int, std::span<const float> numbers) {
                                          outputs.emplace_back(numbers.begin(), numbers.end());
                                        }));
    return outputs;
  }

  // Mean square differences of the outputs from the float network's, by output.
  Result<std::vector<double>> ErrorsOf(const Weighted& weighted) const {
    POSENET_ASSIGN_OR_RETURN(const auto outputs, OutputsOf(weighted));
    const std::size_t count = weighted.network.outputs.size();
    std::vector<double> sums(count);
    std::vector<double> numbers(count);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      for (std::size_t j = 0; j < outputs[i].size(); ++j) {
        const double difference = double{outputs[i][j]} - double{float_outputs_[i][j]};
        sums[i % count] += difference * difference;
      }
      numbers[i % count] += static_cast<double>(outputs[i].size());
    }
    for (std::size_t i = 0; i < count; ++i) sums[i] /= numbers[i];
    return sums;
  }

  // All outputs in one number: each relative to what it is when all layers are int8.
  static double Relative(const std::vector<double>& errors, const std::vector<double>& base) {
    double sum = 0.0;
    for (std::size_t i = 0; i < errors.size(); ++i) sum += base[i] > 0.0 ? errors[i] / base[i] : 0.0;
    return sum / static_cast<double>(errors.size());
  }

  void KeepScales(const Eigen::RowVectorXf& units, int value, nn::Network& network,
                  std::vector<std::pair<std::string, nn::TensorView>>& tensors) {
    nn::Layer& writer = network.layers[static_cast<std::size_t>(value) - 1];
    writer.scales = writer.name + ".scales";
    tensors.emplace_back(writer.scales, storage_->store.Keep(nn::DType::kFloat32, {units.size()},
                                                             std::vector<float>(units.begin(), units.end())));
  }

  // Rounds all groups, in order, as `kinds_` says.
  Result<void> QuantizeGroups() {
    network_ = source_.spec.network;
    tensors_ = source_.weights;
    variants_.clear();
    std::vector<std::pair<std::string, nn::TensorView>> scales;
    for (const int value : whole_values_) {
      // Read by depthwise layers alone, which take any units.
      KeepScales(SmallestUnits(float_statistics_[value].largest, ActivationOf(value)), value, network_, scales);
    }
    for (auto& [name, tensor] : scales) tensors_[name] = tensor;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      POSENET_ASSIGN_OR_RETURN(const Samples samples, SamplesOf({network_, tensors_}, groups_[i].value));
      std::array<Variant, 2> both;
      POSENET_ASSIGN_OR_RETURN(both[0], MakeInt8(groups_[i], samples));
      if (options_.time_budget > 1.0) {
        POSENET_ASSIGN_OR_RETURN(both[1], MakeBFloat16(groups_[i], samples));
      }
      Apply(groups_[i], both[kinds_[i] == Kind::kInt8 ? 0 : 1], network_, tensors_);
      variants_.push_back(std::move(both));
      Advance();
    }
    return {};
  }

  static void Apply(const Group& group, const Variant& variant, nn::Network& network, nn::TensorMap& tensors) {
    const auto writer = static_cast<std::size_t>(group.value) - 1;
    network.layers[writer].scales = variant.network.layers[writer].scales;
    for (const std::size_t layer : group.layers) {
      network.layers[layer].operation = variant.network.layers[layer].operation;
    }
    for (const auto& [name, tensor] : variant.tensors) tensors[name] = tensor;
  }

  // The weights as a matrix and the bias, of the float model.
  [[nodiscard]] Result<std::pair<Matrix, std::vector<float>>> FloatsOf(std::size_t layer, int in_channels) const {
    POSENET_ASSIGN_OR_RETURN(const nn::LayerWeights read,
                             nn::ReadConvWeights(ConvAt(layer), in_channels, source_.weights));
    const Matrix weights = Eigen::Map<const Matrix>(read.weights.data(), in_channels, ConvAt(layer).out_channels);
    return std::pair(weights, read.bias);
  }

  Result<Variant> MakeInt8(const Group& group, const Samples& samples) {
    const ChannelStatistics statistics = StatisticsOf(samples);
    const GramMatrix float_gram = GramOf(samples);
    Variant variant = {.network = source_.spec.network, .tensors = {}, .reports = {}};
    const int in_channels = channels_[static_cast<std::size_t>(group.value)];
    POSENET_ASSIGN_OR_RETURN(const Eigen::RowVectorXf units, BestUnits(group, statistics, float_gram));
    KeepScales(units, group.value, variant.network, variant.tensors);

    Samples wholes;
    for (const Matrix& sample : samples) {
      wholes.emplace_back((sample.array().rowwise() / units.array()).round().min(kLargestWhole).max(0.0F).matrix());
    }
    const ChannelStatistics whole_statistics = StatisticsOf(wholes);
    const GramMatrix gram = GramOf(wholes);
    // The float network's inputs in the same units.
    const GramMatrix cross =
        CrossOf(wholes, float_samples_[group.value]) * units.cast<double>().cwiseInverse().asDiagonal();
    for (const std::size_t layer : group.layers) {
      POSENET_ASSIGN_OR_RETURN(const auto floats, FloatsOf(layer, in_channels));
      const Matrix scaled = AdaptWeights(units.transpose().asDiagonal() * floats.first, gram, cross);
      const Int8Weights rounded = RoundToInt8(scaled, gram);
      Matrix kept(scaled.rows(), scaled.cols());
      for (Eigen::Index i = 0; i < kept.size(); ++i) {
        kept.data()[i] = static_cast<float>(rounded.weights[static_cast<std::size_t>(i)]) *
                         rounded.scales[static_cast<std::size_t>(i % kept.cols())];
      }
      const Eigen::RowVectorXd lost = float_statistics_[group.value].mean * floats.first.cast<double>() -
                                      whole_statistics.mean * kept.cast<double>();
      auto& conv = std::get<nn::Conv2d>(variant.network.layers[layer].operation);
      conv.weight_scales = conv.weights + ".scales";
      variant.tensors.emplace_back(
          conv.weights,
          storage_->store.Keep(nn::DType::kInt8, {1, 1, in_channels, conv.out_channels}, rounded.weights));
      variant.tensors.emplace_back(conv.weight_scales,
                                   storage_->store.Keep(nn::DType::kFloat32, {conv.out_channels}, rounded.scales));
      KeepBias(floats.second, lost, conv, variant);
      const double input_error = scaled.cast<double>().squaredNorm() / 12.0;
      variant.reports.push_back({.layer = LayerAt(layer).name,
                                 .kept_as = "int8",
                                 .signal_to_noise_db = Decibels(ResultPower(floats.first, float_gram),
                                                                ResultPower(kept - scaled, gram) + input_error)});
    }
    return variant;
  }

  Result<Variant> MakeBFloat16(const Group& group, const Samples& samples) {
    const ChannelStatistics statistics = StatisticsOf(samples);
    const GramMatrix gram = GramOf(samples);
    const GramMatrix cross = CrossOf(samples, float_samples_[group.value]);
    Variant variant = {.network = source_.spec.network, .tensors = {}, .reports = {}};
    const int in_channels = channels_[static_cast<std::size_t>(group.value)];
    for (const std::size_t layer : group.layers) {
      POSENET_ASSIGN_OR_RETURN(const auto floats, FloatsOf(layer, in_channels));
      const Matrix rounded = RoundToBFloat16(AdaptWeights(floats.first, gram, cross), gram);
      const Eigen::RowVectorXd lost =
          float_statistics_[group.value].mean * floats.first.cast<double>() - statistics.mean * rounded.cast<double>();
      std::vector<std::uint16_t> bits;
      for (Eigen::Index i = 0; i < rounded.size(); ++i) {
        std::uint32_t word = 0;
        std::memcpy(&word, rounded.data() + i, sizeof(word));
        bits.push_back(static_cast<std::uint16_t>(word >> 16));
      }
      auto& conv = std::get<nn::Conv2d>(variant.network.layers[layer].operation);
      variant.tensors.emplace_back(
          conv.weights, storage_->store.Keep(nn::DType::kBFloat16, {1, 1, in_channels, conv.out_channels}, bits));
      KeepBias(floats.second, lost, conv, variant);
      // Inputs are wrong by up to 2^-9 of themselves, evenly.
      const double input_error =
          gram.diagonal().dot(floats.first.cast<double>().rowwise().squaredNorm()) * std::exp2(-18) / 3.0;
      variant.reports.push_back(
          {.layer = LayerAt(layer).name,
           .kept_as = "bfloat16",
           .signal_to_noise_db =
               Decibels(ResultPower(floats.first, gram), ResultPower(rounded - floats.first, gram) + input_error)});
    }
    return variant;
  }

  // The bias, and what the rounded layer's results are short of on average.
  void KeepBias(std::vector<float> bias, const Eigen::RowVectorXd& lost, nn::Conv2d& conv, Variant& variant) {
    for (std::size_t i = 0; i < bias.size(); ++i) {
      bias[i] = static_cast<float>(double{bias[i]} + lost[static_cast<Eigen::Index>(i)]);
    }
    if (conv.bias.empty()) conv.bias = conv.weights + ".bias";
    variant.tensors.emplace_back(conv.bias, storage_->store.Keep(nn::DType::kFloat32, {conv.out_channels}, bias));
  }

  static double Decibels(double power, double error) {
    return error > 0.0 ? 10.0 * std::log10(power / error) : std::numeric_limits<double>::infinity();
  }

  // The units of a product's inputs decide how finely these are rounded and, as the weights take them on, how finely
  // the weights are: the best of what lies between the extremes.
  [[nodiscard]] Result<Eigen::RowVectorXf> BestUnits(const Group& group, const ChannelStatistics& statistics,
                                                     const GramMatrix& gram) const {
    // All columns of the group side by side, each layer's counting the same.
    const int in_channels = channels_[static_cast<std::size_t>(group.value)];
    Matrix weights(in_channels, 0);
    for (const std::size_t layer : group.layers) {
      POSENET_ASSIGN_OR_RETURN(const auto floats, FloatsOf(layer, in_channels));
      const double power = std::max(ResultPower(floats.first, gram), 1e-12);
      Matrix joined(in_channels, weights.cols() + floats.first.cols());
      joined << weights, floats.first / static_cast<float>(std::sqrt(power));
      weights = std::move(joined);
    }
    const Eigen::RowVectorXf smallest = SmallestUnits(statistics.largest, ActivationOf(group.value));
    Eigen::RowVectorXf best = smallest;
    double least = std::numeric_limits<double>::infinity();
    const auto consider = [&](const Eigen::RowVectorXf& units) {
      const PredictedError error(units, weights, gram);
      if (error.Sum(units) < least) {
        least = error.Sum(units);
        best = units;
      }
      return error.BestUnits(smallest);
    };
    constexpr int kSteps = 8;
    for (int step = 0; step <= kSteps; ++step) {
      Eigen::RowVectorXf units = MixedUnits(smallest, static_cast<double>(step) / kSteps);
      for (int i = 0; i < 4; ++i) units = consider(units);
    }
    return best;
  }

  [[nodiscard]] nn::Activation ActivationOf(int value) const {
    return ConvAt(static_cast<std::size_t>(value) - 1).activation;
  }

  // Picks the layers that do better in bfloat16: those whose outputs gain most for the time they take, while there is
  // time left.
  Result<void> SpendBudget() {
    POSENET_ASSIGN_OR_RETURN(const std::vector<double> base, ErrorsOf({network_, tensors_}));
    double all = 0.0;
    for (const Group& group : groups_) all += group.multiply_adds;
    struct Candidate {
      std::size_t group;
      double gain_per_cost;
    };
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      nn::Network network = network_;
      nn::TensorMap tensors = tensors_;
      Apply(groups_[i], variants_[i][1], network, tensors);
      POSENET_ASSIGN_OR_RETURN(const std::vector<double> errors, ErrorsOf({network, tensors}));
      candidates.push_back({i, (1.0 - Relative(errors, base)) / groups_[i].multiply_adds});
      Advance();
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.gain_per_cost > b.gain_per_cost; });
    double left = (options_.time_budget - 1.0) * all;
    for (const Candidate& candidate : candidates) {
      const double cost = groups_[candidate.group].multiply_adds;
      if (candidate.gain_per_cost <= 0.0 || cost > left) continue;
      left -= cost;
      kinds_[candidate.group] = Kind::kBFloat16;
    }
    return {};
  }

  Result<QuantizedModel> Finish() {
    QuantizedModel result;
    POSENET_ASSIGN_OR_RETURN(const std::vector<double> errors, ErrorsOf({network_, tensors_}));
    double all = 0.0;
    for (const Group& group : groups_) all += group.multiply_adds;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const Variant& variant = variants_[i][kinds_[i] == Kind::kInt8 ? 0 : 1];
      for (std::size_t j = 0; j < variant.reports.size(); ++j) {
        LayerReport report = variant.reports[j];
        const double columns = ConvAt(groups_[i].layers[j]).out_channels;
        double all_columns = 0.0;
        for (const std::size_t layer : groups_[i].layers) all_columns += ConvAt(layer).out_channels;
        report.share = groups_[i].multiply_adds / all * columns / all_columns;
        result.layers.push_back(std::move(report));
      }
    }
    for (std::size_t i = 0; i < errors.size(); ++i) {
      result.output_errors.emplace_back(network_.outputs[i].name, std::sqrt(errors[i]));
    }
    result.model.spec = source_.spec;
    result.model.spec.network = network_;
    result.model.weights = tensors_;
    result.model.storage = storage_;
    options_.on_progress(TotalParts(), TotalParts());
    return result;
  }

  // Groups are measured, rounded, weighed and perhaps rounded again.
  [[nodiscard]] std::size_t TotalParts() const { return 1 + 3 * groups_.size(); }
  void Advance() { options_.on_progress(std::min(++parts_done_, TotalParts() - 1), TotalParts()); }

  const LoadedModel& source_;
  std::span<const CalibrationInput> inputs_;
  const Options& options_;
  std::shared_ptr<Storage> storage_;
  std::vector<int> channels_;
  std::vector<int> whole_values_;  // Values that only depthwise layers read.
  std::vector<Group> groups_;
  std::vector<Kind> kinds_;  // Of each group.
  std::map<int, ChannelStatistics> float_statistics_;
  std::map<int, Samples> float_samples_;
  std::vector<std::vector<float>> float_outputs_;
  std::vector<std::array<Variant, 2>> variants_;  // Of each group: int8, bfloat16.
  nn::Network network_;                           // As far as it is rounded.
  nn::TensorMap tensors_;
  std::size_t parts_done_ = 0;
};

}  // namespace

Result<QuantizedModel> QuantizeModel(const LoadedModel& model, std::span<const CalibrationInput> inputs,
                                     const Options& options) {
  return Quantizer(model, inputs, options).Run();
}

}  // namespace posenet::quantize
