// SPDX-License-Identifier: Apache-2.0
#include "common/image_reader.h"

#include <utility>

namespace posenet::app {

ImageReader::ImageReader(std::span<const Input> inputs, ReadAhead read_ahead)
    // With both policies, the image is read on request if the system refuses a thread.
    : inputs_(inputs),
      launch_(read_ahead == ReadAhead::kOne ? std::launch::async | std::launch::deferred : std::launch::deferred) {
  Start();
}

Result<image::Image> ImageReader::Next() {
  read_.get();
  Result<image::Image> image = *std::move(image_);
  Start();
  return image;
}

void ImageReader::Start() {
  if (started_ == inputs_.size()) return;
  // A new thread per image costs about 20 microseconds, a thousandth of decoding it.
  read_ = std::async(launch_, [this, &input = inputs_[started_]] { image_ = ReadImage(input); });
  ++started_;
}

}  // namespace posenet::app
