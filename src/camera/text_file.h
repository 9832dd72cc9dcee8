// SPDX-License-Identifier: Apache-2.0
// Private to camera: text files by line, with errors that name the line.
#ifndef POSENET_CAMERA_TEXT_FILE_H_
#define POSENET_CAMERA_TEXT_FILE_H_

#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace posenet::camera {

/// One line, without its end and surrounding white space.
struct TextLine {
  std::size_t number = 0;  ///< From 1.
  std::string_view text;
};

/// A text file in memory. Lines may end in LF or CR LF.
class TextFile {
 public:
  /// Errors: those of ReadFile; kResourceExhausted above 1 GiB.
  static Result<TextFile> Read(const std::filesystem::path& path);

  /// All lines, empty ones too; they live as long as this.
  [[nodiscard]] const std::vector<TextLine>& lines() const { return lines_; }
  /// Lines that are neither empty nor start with '#'.
  [[nodiscard]] std::vector<TextLine> ContentLines() const;

  /// "file:12", or the file alone for line 0.
  [[nodiscard]] std::string Place(std::size_t line_number) const;
  /// kCorruptData: "file:12: parts".
  template <typename... Parts>
  [[nodiscard]] tl::unexpected<Error> Corrupt(const TextLine& line, const Parts&... parts) const {
    return base::Fail(ErrorCode::kCorruptData, Place(line.number), ": ", parts...);
  }

 private:
  TextFile(std::filesystem::path path, std::vector<std::byte> content);

  std::filesystem::path path_;
  std::vector<std::byte> content_;
  std::vector<TextLine> lines_;
};

/// `text` without surrounding white space.
std::string_view Trimmed(std::string_view text);

/// The parts of `text` between white space; none is empty.
std::vector<std::string_view> Fields(std::string_view text);

/// The whole of `text` as a finite number. Errors: kCorruptData "expected a finite number, got 'nan'".
Result<double> ParseNumber(std::string_view text);

/// The whole of `text` as a non-negative integer. Errors: kCorruptData.
Result<std::size_t> ParseCount(std::string_view text);

/// Parses the first numbers.size() of `fields`, which has at least that many. Errors: kCorruptData for the first that
/// is not a number.
Result<void> ParseNumbers(std::span<const std::string_view> fields, std::span<double> numbers);

/// Whether `text` is a number, finite or not.
bool LooksLikeNumber(std::string_view text);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_TEXT_FILE_H_
