// SPDX-License-Identifier: Apache-2.0
// Image retrieval by the features of a network.
#ifndef POSENET_CAMERA_RETRIEVAL_H_
#define POSENET_CAMERA_RETRIEVAL_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace posenet::camera {

/// An index of photos by their features, compared by the angle between them.
class FeatureIndex {
 public:
  /// Adds a photo. All photos have the same number of features, at least one.
  void Add(std::span<const float> features);
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The photo, counted from 0 in the order of Add, whose features have the smallest angle to `features`; the first of
  /// several. Nothing for an empty index.
  [[nodiscard]] std::optional<std::size_t> Nearest(std::span<const float> features) const;

 private:
  std::vector<float> all_;  // [size_, features], of length 1 each.
  std::size_t size_ = 0;
};

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_RETRIEVAL_H_
