// SPDX-License-Identifier: Apache-2.0
// Finding the training photo that looks most like another, by a network's features.
#ifndef POSENET_CAMERA_RETRIEVAL_H_
#define POSENET_CAMERA_RETRIEVAL_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace posenet::camera {

/// Features of photos, scaled to length 1. The nearest by Euclidean distance is then that of the smallest angle.
class FeatureIndex {
 public:
  /// Adds a photo. All have as many features, at least one.
  void Add(std::span<const float> features);
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The number (in the order of Add, from 0) of the photo with the features nearest to `features`; the first of
  /// several. Nothing where there are none.
  [[nodiscard]] std::optional<std::size_t> Nearest(std::span<const float> features) const;

 private:
  std::vector<float> all_;  // [size_, features]
  std::size_t size_ = 0;
};

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_RETRIEVAL_H_
