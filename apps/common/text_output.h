// SPDX-License-Identifier: Apache-2.0
// Where answers go: standard output, or a file that appears when it is complete.
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

  /// Opens `path` now, so that what cannot be written is known before the work. Throws CommandError.
  static TextOutput File(const std::filesystem::path& path);

  /// Writes all of `text`. Throws CommandError: a full disk, a closed pipe.
  void Write(std::string_view text);

  /// Completes a file; without it the file does not appear. Throws CommandError.
  void Commit();

 private:
  explicit TextOutput(std::optional<base::AtomicFile> file) : file_(std::move(file)) {}

  std::optional<base::AtomicFile> file_;  // Nothing for standard output.
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_TEXT_OUTPUT_H_
