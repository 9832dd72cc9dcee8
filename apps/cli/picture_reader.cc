// SPDX-License-Identifier: Apache-2.0
#include "picture_reader.h"

#include <utility>

namespace posenet::cli {

PictureReader::PictureReader(std::span<const Input> inputs, ReadAhead read_ahead)
    // With both policies, a system that gives no thread has the picture read when it is asked for.
    : inputs_(inputs),
      launch_(read_ahead == ReadAhead::kOne ? std::launch::async | std::launch::deferred : std::launch::deferred) {
  Start();
}

Result<Image> PictureReader::Next() {
  read_.get();
  Result<Image> picture = *std::move(picture_);
  Start();
  return picture;
}

void PictureReader::Start() {
  if (started_ == inputs_.size()) return;
  // A new thread a picture costs some 20 microseconds, a thousandth of decoding it.
  read_ = std::async(launch_, [this, &input = inputs_[started_]] { picture_ = ReadPicture(input); });
  ++started_;
}

}  // namespace posenet::cli
