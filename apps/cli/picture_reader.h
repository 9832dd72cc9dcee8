// SPDX-License-Identifier: Apache-2.0
// Pictures in order, each decoded while the one before it is looked at.
#ifndef POSENET_CLI_PICTURE_READER_H_
#define POSENET_CLI_PICTURE_READER_H_

#include <cstddef>
#include <future>
#include <optional>
#include <span>

#include "inputs.h"

namespace posenet::cli {

/// Whether the next picture is read by a second thread meanwhile. Timings are cleaner without.
enum class ReadAhead { kNone, kOne };

/// Holds at most one picture that was not asked for yet. Used by one thread.
class PictureReader {
 public:
  /// `inputs` must outlive the reader.
  PictureReader(std::span<const Input> inputs, ReadAhead read_ahead);
  PictureReader(const PictureReader&) = delete;
  PictureReader& operator=(const PictureReader&) = delete;

  /// The next picture; call it inputs.size() times at most.
  Result<Image> Next();

 private:
  void Start();

  std::span<const Input> inputs_;
  std::launch launch_;
  std::size_t started_ = 0;
  std::optional<Result<Image>> picture_;  // Written by the reading thread until `read_` is ready.
  std::future<void> read_;                // Last, so that its destructor waits while the others are there.
};

}  // namespace posenet::cli

#endif  // POSENET_CLI_PICTURE_READER_H_
