// SPDX-License-Identifier: Apache-2.0
// What all commands do with picture after picture: read them ahead, show how far it is, go on after failures.
#ifndef POSENET_CLI_PICTURE_RUN_H_
#define POSENET_CLI_PICTURE_RUN_H_

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "inputs.h"
#include "picture_reader.h"
#include "progress.h"

namespace posenet::cli {

/// Called with input `index`, and the picture or why it could not be read.
using PictureCallback = std::function<void(std::size_t index, const Result<Image>& image)>;

class PictureRun {
 public:
  /// `inputs` must outlive this.
  explicit PictureRun(std::span<const Input> inputs) : inputs_(inputs), progress_(inputs.size()) {}

  /// Calls `on_picture` for each input, in order. Throws CommandError on interruption.
  void ForEach(ReadAhead read_ahead, const PictureCallback& on_picture);

  /// Prints that input `index` failed, and counts it.
  void Report(std::size_t index, const std::string& message);
  [[nodiscard]] std::size_t failure_count() const { return failure_count_; }

 private:
  std::span<const Input> inputs_;
  ProgressBar progress_;
  std::size_t failure_count_ = 0;
};

}  // namespace posenet::cli

#endif  // POSENET_CLI_PICTURE_RUN_H_
