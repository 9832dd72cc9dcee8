// SPDX-License-Identifier: Apache-2.0
#include "camera/retrieval.h"

#include <array>
#include <cmath>

namespace posenet::camera {
namespace {

/// a . b, in sixteen sums at once, which compilers make vectors of: thousands of photos are compared with thousands.
double DotProduct(std::span<const float> a, std::span<const float> b) {
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> sums = {};
  const std::size_t whole = a.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  double sum = 0.0;
  for (const float lane : sums) sum += lane;
  for (std::size_t i = whole; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}

}  // namespace

void FeatureIndex::Add(std::span<const float> features) {
  double squares = 0.0;
  for (const float feature : features) squares += double{feature} * feature;
  // Photos without any features are as far from all others as from each other.
  const float factor = squares > 0.0 ? static_cast<float>(1.0 / std::sqrt(squares)) : 0.0F;
  for (const float feature : features) all_.push_back(factor * feature);
  ++size_;
}

std::optional<std::size_t> FeatureIndex::Nearest(std::span<const float> features) const {
  std::optional<std::size_t> nearest;
  double largest = 0.0;
  // The length of `features` is the same for all: it does not matter which is nearest.
  for (std::size_t i = 0; i < size_; ++i) {
    const double product = DotProduct(std::span(all_).subspan(i * features.size(), features.size()), features);
    if (nearest && !(product > largest)) continue;
    nearest = i;
    largest = product;
  }
  return nearest;
}

}  // namespace posenet::camera
