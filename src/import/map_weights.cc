// SPDX-License-Identifier: Apache-2.0
#include "import/map_weights.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "model/network_weights.h"

namespace posenet::importer {
namespace {

using Uses = std::map<std::string, model::WeightUse>;
using Floats = std::vector<float>;

constexpr std::array<const char*, 4> kNormParts = {".weight", ".bias", ".running_mean", ".running_var"};

std::string ExtentsText(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t extent : shape) text += base::StrCat(text.size() > 1 ? ", " : "", extent);
  return text + "]";
}

// The names of the network's weights under `naming`, in the order of its layers.
std::vector<std::string> NeededBy(const nn::Network& network, const Uses& uses, SourceNaming naming) {
  std::vector<std::string> names;
  if (HasOwnLayouts(naming)) {
    for (const auto& [name, use] : uses) names.push_back(OwnTensorOf(naming, name));
    return names;
  }
  for (const nn::Layer& layer : network.layers) {
    if (!std::holds_alternative<nn::Conv2d>(layer.operation)) continue;
    const SourceConv conv = SourceOf(naming, layer.name);
    names.push_back(conv.weights);
    if (!conv.bias.empty()) names.push_back(conv.bias);
    if (conv.norm.empty()) continue;
    for (const char* part : kNormParts) names.push_back(conv.norm + part);
  }
  return names;
}

// The naming under which no tensor is missing. Errors: kUnsupported for the one with the fewest missing tensors.
Result<SourceNaming> ChooseNaming(const nn::TensorMap& source, std::span<const SourceNaming> namings,
                                  const nn::Network& network, const Uses& uses) {
  SourceNaming best = namings.front();
  std::vector<std::string> best_missing;
  std::size_t best_needed = 0;
  for (const SourceNaming naming : namings) {
    std::vector<std::string> missing = NeededBy(network, uses, naming);
    const std::size_t needed = missing.size();
    std::erase_if(missing, [&](const std::string& name) { return source.contains(name); });
    if (missing.empty()) return naming;
    if (best_needed != 0 && missing.size() * best_needed >= best_missing.size() * needed) continue;
    best = naming;
    best_missing = std::move(missing);
    best_needed = needed;
  }
  return base::Fail(ErrorCode::kUnsupported, "lacks ", best_missing.size(), " of the ", best_needed, " tensors of ",
                    DescriptionOf(best), ", the first of them ", best_missing.front());
}

class WeightMapper {
 public:
  WeightMapper(const nn::TensorMap& source, SourceNaming naming)
      : source_(source), naming_(naming), numbers_(std::make_shared<std::map<std::string, Floats>>()) {}

  // Copies the tensors unchanged.
  Result<void> Copy(const Uses& uses);
  Result<void> MapConv(const nn::Layer& layer, const nn::Conv2d& conv, const Uses& uses);
  LoadedWeights Take() &&;

 private:
  // The elements of an existing tensor of `shape`, perhaps with leading extents of 1.
  Result<Floats> Read(const std::string& name, const std::vector<std::int64_t>& shape) const;
  Result<void> Fold(const std::string& norm, std::span<double> factors, Floats& bias) const;
  void Add(const std::string& name, std::vector<std::int64_t> shape, Floats numbers);

  const nn::TensorMap& source_;
  SourceNaming naming_;
  std::shared_ptr<std::map<std::string, Floats>> numbers_;
  LoadedWeights mapped_;
};

Result<Floats> WeightMapper::Read(const std::string& name, const std::vector<std::int64_t>& shape) const {
  const nn::TensorView& tensor = source_.find(name)->second;
  const auto has_shape = [&] {
    if (tensor.shape.size() < shape.size()) return false;
    const auto first = tensor.shape.end() - static_cast<std::ptrdiff_t>(shape.size());
    return std::equal(shape.begin(), shape.end(), first) &&
           std::all_of(tensor.shape.begin(), first, [](std::int64_t extent) { return extent == 1; });
  };
  if (!has_shape()) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(name), ": has shape ",
                      ExtentsText(tensor.shape), "; expected ", ExtentsText(shape));
  }
  auto numbers = nn::ToFloat(tensor);
  if (!numbers) return base::FailIn(numbers.error(), "tensor ", base::Printable(name));
  return numbers;
}

void WeightMapper::Add(const std::string& name, std::vector<std::int64_t> shape, Floats numbers) {
  const Floats& kept = (*numbers_)[name] = std::move(numbers);
  mapped_.tensors[name] = {
      .dtype = nn::DType::kFloat32, .shape = std::move(shape), .bytes = std::as_bytes(std::span(kept))};
}

Result<void> WeightMapper::Copy(const Uses& uses) {
  for (const auto& [name, use] : uses) {
    POSENET_ASSIGN_OR_RETURN(Floats numbers, Read(OwnTensorOf(naming_, name), use.shape));
    Add(name, use.shape, std::move(numbers));
  }
  return {};
}

Result<void> WeightMapper::Fold(const std::string& norm, std::span<double> factors, Floats& bias) const {
  const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(factors.size())};
  std::array<Floats, kNormParts.size()> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    POSENET_ASSIGN_OR_RETURN(parts[i], Read(norm + kNormParts[i], shape));
  }
  const auto& [gamma, beta, mean, variance] = parts;
  for (std::size_t c = 0; c < factors.size(); ++c) {
    if (variance[c] < 0.0F) {
      return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(norm + kNormParts.back()),
                        ": a variance of ", variance[c]);
    }
    factors[c] = static_cast<double>(gamma[c]) / std::sqrt(static_cast<double>(variance[c]) + NormEpsilonOf(naming_));
    bias[c] = static_cast<float>(static_cast<double>(beta[c]) - static_cast<double>(mean[c]) * factors[c]);
  }
  return {};
}

// Transposes [out, in, rows, columns] to [rows, columns, in, out], scaled by channel.
Floats ToOutputLast(const Floats& weights, const std::vector<std::int64_t>& shape, const SourceInput* input,
                    std::span<const double> factors) {
  const auto in_count = static_cast<std::size_t>(shape[2]);
  const auto out_count = static_cast<std::size_t>(shape[3]);
  const auto cells = static_cast<std::size_t>(shape[0] * shape[1]);
  Floats moved(weights.size());
  for (std::size_t out = 0; out < out_count; ++out) {
    for (std::size_t in = 0; in < in_count; ++in) {
      const std::size_t from_channel = input == nullptr ? in : static_cast<std::size_t>(input->channel[in]);
      const double factor = factors[out] * (input == nullptr ? 1.0 : input->factor[in]);
      const float* from = &weights[(out * in_count + from_channel) * cells];
      for (std::size_t cell = 0; cell < cells; ++cell) {
        moved[(cell * in_count + in) * out_count + out] = static_cast<float>(static_cast<double>(from[cell]) * factor);
      }
    }
  }
  return moved;
}

bool AreFinite(const Floats& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](float number) { return std::isfinite(number); });
}

Result<void> WeightMapper::MapConv(const nn::Layer& layer, const nn::Conv2d& conv, const Uses& uses) {
  const SourceConv source = SourceOf(naming_, layer.name);
  const std::vector<std::int64_t>& shape = uses.at(conv.weights).shape;
  const auto out_count = static_cast<std::size_t>(shape[3]);
  POSENET_ASSIGN_OR_RETURN(Floats weights, Read(source.weights, {shape[3], shape[2], shape[0], shape[1]}));
  std::vector<double> factors(out_count, 1.0);
  Floats bias(out_count, 0.0F);
  if (!source.norm.empty()) {
    POSENET_RETURN_IF_ERROR(Fold(source.norm, factors, bias));
  } else {
    POSENET_ASSIGN_OR_RETURN(bias, Read(source.bias, {shape[3]}));
  }
  const SourceInput input = SourceInputOf(naming_);
  const bool reads_image = layer.inputs.front() == 0 && shape[2] == static_cast<std::int64_t>(input.channel.size());
  weights = ToOutputLast(weights, shape, reads_image ? &input : nullptr, factors);
  if (!AreFinite(weights) || !AreFinite(bias)) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(source.weights),
                      ": is not finite once its batch normalization is folded");
  }
  Add(conv.weights, shape, std::move(weights));
  if (!conv.bias.empty()) Add(conv.bias, {shape[3]}, std::move(bias));
  return {};
}

LoadedWeights WeightMapper::Take() && {
  mapped_.storage = std::move(numbers_);
  mapped_.source = DescriptionOf(naming_);
  return std::move(mapped_);
}

}  // namespace

Result<LoadedWeights> MapWeights(const nn::TensorMap& source, std::span<const SourceNaming> namings,
                                 const nn::Network& network) {
  POSENET_ASSIGN_OR_RETURN(const Uses uses, model::WeightsOf(network));
  POSENET_ASSIGN_OR_RETURN(const SourceNaming naming, ChooseNaming(source, namings, network, uses));
  WeightMapper mapper(source, naming);
  if (HasOwnLayouts(naming)) {
    POSENET_RETURN_IF_ERROR(mapper.Copy(uses));
  } else {
    for (const nn::Layer& layer : network.layers) {
      const auto* conv = std::get_if<nn::Conv2d>(&layer.operation);
      if (conv == nullptr) continue;
      POSENET_RETURN_IF_ERROR(mapper.MapConv(layer, *conv, uses));
    }
  }
  return std::move(mapper).Take();
}

}  // namespace posenet::importer
