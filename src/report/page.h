// SPDX-License-Identifier: Apache-2.0
// report, the room's door: a page of text, tables, plots and photos in one file that loads nothing, for light and dark
// screens. Texts may hold anything; they are escaped here.
#ifndef POSENET_REPORT_PAGE_H_
#define POSENET_REPORT_PAGE_H_

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "posenet/result.h"

namespace posenet::report {

/// Put together from top to bottom.
class Page {
 public:
  explicit Page(std::string_view title);

  void Heading(std::string_view text);
  void Paragraph(std::string_view text);
  /// Something to heed, set apart.
  void Warning(std::string_view text);
  /// The first row is the head; rows may differ in length.
  void Table(const std::vector<std::vector<std::string>>& rows);
  /// Names and what they stand for.
  void Facts(const std::vector<std::vector<std::string>>& rows);
  /// `svg` as PlotSvg makes it; it is not escaped.
  void Figure(std::string_view svg, std::string_view caption);
  /// Photos side by side, each an encoded JPEG of moderate size.
  struct Photo {
    std::vector<std::byte> jpeg;
    std::string caption;
  };
  void Photos(std::span<const Photo> photos);

  /// The whole document.
  [[nodiscard]] std::string Html() const;

  /// Writes Html() to `folder`/index.html, which appears when it is complete; creates the folder if it is not there.
  /// Errors: those of WriteFile.
  [[nodiscard]] Result<void> Write(const std::filesystem::path& folder) const;

 private:
  std::string title_;
  std::string body_;
};

}  // namespace posenet::report

#endif  // POSENET_REPORT_PAGE_H_
