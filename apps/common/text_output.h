// SPDX-License-Identifier: Apache-2.0
// Standard output, or a file that appears when it is complete.
#ifndef POSENET_COMMON_TEXT_OUTPUT_H_
#define POSENET_COMMON_TEXT_OUTPUT_H_

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/file.h"

namespace posenet::app {

class TextOutput {
 public:
  static TextOutput StandardOutput() { return TextOutput(std::nullopt); }

  /// Opens `path` at once, so that an error is reported before the work. Throws CommandError.
  static TextOutput File(const std::filesystem::path& path);

  /// Writes all of `text`. Throws CommandError, for example if the disk is full or a pipe is closed.
  void Write(std::string_view text);

  /// Completes a file; without it the file does not appear. Throws CommandError.
  void Commit();

 private:
  explicit TextOutput(std::optional<base::AtomicFile> file) : file_(std::move(file)) {}

  std::optional<base::AtomicFile> file_;  // No value for standard output.
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_TEXT_OUTPUT_H_
