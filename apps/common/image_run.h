// SPDX-License-Identifier: Apache-2.0
// What all commands do with image after image: read them ahead, show how far it is, go on after failures.
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

/// Called with input `index`, and the image or why it could not be read.
using ImageCallback = std::function<void(std::size_t index, const Result<image::Image>& image)>;

class ImageRun {
 public:
  /// `inputs` must outlive this.
  explicit ImageRun(std::span<const Input> inputs) : inputs_(inputs), progress_(inputs.size()) {}

  /// Calls `on_image` for each input, in order. Throws CommandError on interruption.
  void ForEach(ReadAhead read_ahead, const ImageCallback& on_image);

  /// Prints that input `index` failed, and counts it.
  void Report(std::size_t index, const std::string& message);
  [[nodiscard]] std::size_t failure_count() const { return failure_count_; }

 private:
  std::span<const Input> inputs_;
  ProgressBar progress_;
  std::size_t failure_count_ = 0;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_IMAGE_RUN_H_
