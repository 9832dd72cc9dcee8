// SPDX-License-Identifier: Apache-2.0
#include "import/names.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii.h"
#include "base/strings.h"

namespace posenet::importer {
namespace {

constexpr std::size_t kMaxNameBytes = 120;

std::vector<std::string_view> Split(std::string_view name) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t slash = name.find('/');
    if (const std::string_view word = name.substr(0, slash); !word.empty()) words.push_back(word);
    if (slash == std::string_view::npos) return words;
    name.remove_prefix(slash + 1);
  }
}

// The scope of a whole network, such as MobilenetV1 or resnet_v1_50.
bool IsNetworkScope(std::string_view word) {
  static constexpr std::array<std::string_view, 4> kScopes = {"mobilenet", "resnet_v", "statefulpartitionedcall",
                                                              "model"};
  const std::string lower = base::AsciiToLower(word);
  return std::any_of(kScopes.begin(), kScopes.end(),
                     [&lower](std::string_view scope) { return lower.rfind(scope, 0) == 0; });
}

// An operation in a layer, perhaps with a number that TensorFlow appends ("BiasAdd_1").
bool IsOperation(std::string_view word) {
  static constexpr std::array<std::string_view, 16> kOperations = {
      "BatchNorm", "batchnorm", "FusedBatchNorm",   "FusedBatchNormV3",      "BiasAdd", "Relu",    "Relu6",  "Conv2D",
      "conv",      "Sigmoid",   "separable_conv2d", "DepthwiseConv2dNative", "MatMul",  "weights", "biases", "add"};
  const std::size_t underscore = word.rfind('_');
  const bool numbered = underscore != std::string_view::npos && underscore + 1 < word.size() &&
                        word.find_first_not_of("0123456789", underscore + 1) == std::string_view::npos;
  const std::string_view stem = numbered ? word.substr(0, underscore) : word;
  return std::find(kOperations.begin(), kOperations.end(), stem) != kOperations.end();
}

// The number of words before the first operation, at least 1. TF-slim's Conv2d_1_depthwise/depthwise is one layer.
std::size_t LayerLength(const std::vector<std::string_view>& words) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool repeats = words[i] == "depthwise" && words[i - 1].ends_with("_depthwise");
    if (IsOperation(words[i]) || repeats) return i;
  }
  return words.size();
}

// The words of `source_name` without its network scopes. Converters that fuse nodes join their names by ';': the
// first one is used.
std::vector<std::string_view> WordsWithinNetwork(std::string_view source_name) {
  std::vector<std::string_view> words = Split(source_name.substr(0, source_name.find(';')));
  const auto first = std::find_if_not(words.begin(), words.end(), IsNetworkScope);
  if (first != words.end()) words.erase(words.begin(), first);
  return words;
}

std::string Join(const std::vector<std::string_view>& words) {
  std::string name;
  for (const std::string_view word : words) {
    if (!name.empty()) name += '/';
    name += word;
  }
  name = base::Printable(name, kMaxNameBytes);
  return name.empty() ? "layer" : name;
}

}  // namespace

std::string WeightedLayerName(std::string_view source_name) {
  std::vector<std::string_view> words = WordsWithinNetwork(source_name);
  words.resize(LayerLength(words));
  return Join(words);
}

std::string PlainLayerName(std::string_view source_name) { return Join(WordsWithinNetwork(source_name)); }

}  // namespace posenet::importer
