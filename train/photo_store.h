// SPDX-License-Identifier: Apache-2.0
// The photos of a scene at the size that training works with, read once.
#ifndef POSENET_TRAIN_PHOTO_STORE_H_
#define POSENET_TRAIN_PHOTO_STORE_H_

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "image/image.h"

namespace posenet::train {

/// How a photo becomes a working image.
struct WorkingSize {
  /// Of the input: the largest centred part of this shape is resized to it...
  int width_px = 0;
  int height_px = 0;
  /// ...or, where this is not 0, the whole photo is resized until its shortest side has so many pixels.
  int shortest_side_px = 0;
};

/// Memory that working images may take before the rest is read anew each time: a whole scene of 7-Scenes fits.
inline constexpr std::size_t kMaxPhotoBytes = std::size_t{2} << 30;

/// All members may be called from several threads at a time.
class PhotoStore {
 public:
  PhotoStore(std::vector<std::filesystem::path> photos, const WorkingSize& size);

  /// Reads every photo once, on `thread_count` threads, so that a damaged one is found before training starts and not
  /// in its third hour. Calls `progress` with the number of photos read, which may throw to stop.
  /// Throws TrainError naming the file.
  void ReadAll(int thread_count, const std::function<void(std::size_t)>& progress);

  /// The working image of photo `index`. Throws TrainError naming the file.
  std::shared_ptr<const image::Image> Get(std::size_t index);

  [[nodiscard]] std::size_t size() const { return photos_.size(); }

 private:
  [[nodiscard]] image::Image Read(std::size_t index) const;

  std::vector<std::filesystem::path> photos_;
  WorkingSize size_;
  std::vector<std::shared_ptr<const image::Image>> images_;  // Null where memory did not suffice.
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_PHOTO_STORE_H_
