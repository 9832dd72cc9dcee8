// SPDX-License-Identifier: Apache-2.0
// The images of a scene at the size that training uses, read once.
#ifndef POSENET_TRAIN_IMAGE_STORE_H_
#define POSENET_TRAIN_IMAGE_STORE_H_

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "image/image.h"

namespace posenet::train {

/// The size that images are resized to.
struct WorkingSize {
  /// The largest central part of this shape is resized to it...
  int width_px = 0;
  int height_px = 0;
  /// ...unless this is not 0: then the whole image is resized until its shorter side has this many pixels.
  int shorter_side_px = 0;
};

/// Memory for resized images. Those that do not fit are read from disk each time; a whole scene of 7-Scenes fits.
inline constexpr std::size_t kMaxImageBytes = std::size_t{2} << 30;

/// Thread-safe, once ReadAll has returned.
class ImageStore {
 public:
  ImageStore(std::vector<std::filesystem::path> paths, const WorkingSize& size);

  /// Reads every image once, on `thread_count` threads, so that a damaged one is found before training starts and not
  /// hours later. Calls `progress`, one call at a time, with the number of images read; it may throw to stop. Throws
  /// TrainError naming the file.
  void ReadAll(int thread_count, const std::function<void(std::size_t)>& progress);

  /// The resized image `index`. Throws TrainError naming the file.
  std::shared_ptr<const image::Image> Get(std::size_t index);

  [[nodiscard]] std::size_t size() const { return paths_.size(); }

 private:
  [[nodiscard]] image::Image Read(std::size_t index) const;

  std::vector<std::filesystem::path> paths_;
  WorkingSize size_;
  std::vector<std::shared_ptr<const image::Image>> images_;  // Null for those that did not fit into memory.
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_IMAGE_STORE_H_
