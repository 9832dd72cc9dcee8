// SPDX-License-Identifier: Apache-2.0
// report: self-contained HTML reports. A page of text, tables, plots and images in one file that loads no resources,
// for light and dark color schemes. All text is escaped.
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

/// Built from top to bottom.
class Page {
 public:
  explicit Page(std::string_view title);

  void Heading(std::string_view text);
  void Paragraph(std::string_view text);
  /// A highlighted paragraph.
  void Warning(std::string_view text);
  /// The first row is the header; rows may differ in length.
  void Table(const std::vector<std::vector<std::string>>& rows);
  /// A table of names and values, without a header.
  void Facts(const std::vector<std::vector<std::string>>& rows);
  /// `svg` is the output of PlotSvg and is not escaped.
  void Figure(std::string_view svg, std::string_view caption);
  /// An encoded JPEG of moderate size, which is embedded.
  struct Image {
    std::vector<std::byte> jpeg;
    std::string caption;
  };
  /// A grid of images with captions.
  void Images(std::span<const Image> images);

  /// The complete document.
  [[nodiscard]] std::string Html() const;

  /// Writes Html() atomically to `folder`/index.html, creating the folder if necessary.
  /// Errors: kIo; as base::WriteFile.
  [[nodiscard]] Result<void> Write(const std::filesystem::path& folder) const;

 private:
  std::string title_;
  std::string body_;
};

}  // namespace posenet::report

#endif  // POSENET_REPORT_PAGE_H_
