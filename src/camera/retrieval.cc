// SPDX-License-Identifier: Apache-2.0
#include "camera/retrieval.h"

#include <array>
#include <cmath>

namespace posenet::camera {
namespace {

// a . b, in sixteen independent sums that compilers vectorize: thousands of photos are compared with thousands.
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
  // The zero vector stays: its product with all others is 0.
  const float factor = squares > 0.0 ? static_cast<float>(1.0 / std::sqrt(squares)) : 0.0F;
  for (const float feature : features) all_.push_back(factor * feature);
  ++size_;
}

std::optional<std::size_t> FeatureIndex::Nearest(std::span<const float> features) const {
  std::optional<std::size_t> nearest;
  double largest = 0.0;
  // `features` need not have length 1: a common factor does not change the order.
  for (std::size_t i = 0; i < size_; ++i) {
    const double product = DotProduct(std::span(all_).subspan(i * features.size(), features.size()), features);
    if (nearest && !(product > largest)) continue;
    nearest = i;
    largest = product;
  }
  return nearest;
}

}  // namespace posenet::camera
