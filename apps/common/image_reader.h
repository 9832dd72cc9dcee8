// SPDX-License-Identifier: Apache-2.0
// Reads images in order, each while the one before it is processed.
#ifndef POSENET_COMMON_IMAGE_READER_H_
#define POSENET_COMMON_IMAGE_READER_H_

#include <cstddef>
#include <future>
#include <optional>
#include <span>

#include "common/inputs.h"

namespace posenet::app {

/// Whether a second thread reads the next image meanwhile. Timings are more accurate without.
enum class ReadAhead { kNone, kOne };

/// Holds at most one image that was not requested yet. For use by one thread.
class ImageReader {
 public:
  /// `inputs` must outlive the reader.
  ImageReader(std::span<const Input> inputs, ReadAhead read_ahead);
  ImageReader(const ImageReader&) = delete;
  ImageReader& operator=(const ImageReader&) = delete;

  /// The next image; call it inputs.size() times at most.
  Result<image::Image> Next();

 private:
  void Start();

  std::span<const Input> inputs_;
  std::launch launch_;
  std::size_t started_ = 0;
  std::optional<Result<image::Image>> image_;  // Written by the reading thread until `read_` is ready.
  std::future<void> read_;                     // Last, so that its destructor waits while the other members exist.
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_IMAGE_READER_H_
