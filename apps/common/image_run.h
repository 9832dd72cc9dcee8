// SPDX-License-Identifier: Apache-2.0
// The loop over images that several commands share: reads ahead, shows progress, continues after failures, and stops
// on request.
#ifndef POSENET_COMMON_IMAGE_RUN_H_
#define POSENET_COMMON_IMAGE_RUN_H_

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "common/image_reader.h"
#include "common/inputs.h"
#include "common/progress.h"

namespace posenet::app {

/// Called with the index of an input, and its image or the reason why it could not be read.
using ImageCallback = std::function<void(std::size_t index, const Result<image::Image>& image)>;

class ImageRun {
 public:
  /// `inputs` must outlive this.
  explicit ImageRun(std::span<const Input> inputs) : inputs_(inputs), progress_(inputs.size()) {}

  /// Calls `on_image` for each input, in order, until all are done or a signal asks to stop. Throws an Interruption if
  /// none was done by then.
  void ForEach(ReadAhead read_ahead, const ImageCallback& on_image);

  /// Throws an Interruption that says how many images are done, if a signal stopped ForEach. Commit outputs first, so
  /// that finished work is kept.
  void ThrowIfStopped() const;

  /// Prints that input `index` failed, and counts it.
  void Report(std::size_t index, const std::string& message);
  [[nodiscard]] std::size_t failure_count() const { return failure_count_; }

 private:
  std::span<const Input> inputs_;
  ProgressBar progress_;
  std::size_t done_count_ = 0;
  std::size_t failure_count_ = 0;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_IMAGE_RUN_H_
