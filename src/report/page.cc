// SPDX-License-Identifier: Apache-2.0
#include "report/page.h"

#include <system_error>

#include "base/error.h"
#include "base/file.h"
#include "report/escape.h"

namespace posenet::report {
namespace {

// Okabe and Ito's palette, which people with color blindness can distinguish.
constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1b1f; --faint: #6b6b76; --line: #d9d9e0; --alert: #fff3d6;
  --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #cc79a7; --s4: #b8860b; --s5: #56b4e9; }
@media (prefers-color-scheme: dark) { :root { --paper: #17171b; --ink: #ececf1; --faint: #9a9aa6; --line: #3a3a44;
  --alert: #4a3a10; --s0: #56b4e9; --s1: #f0883e; --s2: #2fc99b; --s3: #e6a0c8; --s4: #f0e442; --s5: #7aa8ff; } }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; max-width: 62rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--faint); font-weight: 600; }
.facts td { white-space: normal; }
.warning { background: var(--alert); padding: .5rem .8rem; border-radius: .4rem; overflow-wrap: anywhere; }
figure { margin: 1rem 0; } figcaption { color: var(--faint); font-size: .9rem; overflow-wrap: anywhere; }
svg { width: 100%; height: auto; max-width: 46rem; }
svg text { fill: var(--faint); font: 12px system-ui, sans-serif; } svg .axis { stroke: var(--line); fill: none; }
svg .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .8rem; }
.images figure { margin: 0; } .images img { width: 100%; border-radius: .3rem; }
)";

std::string Row(const std::vector<std::string>& cells, std::string_view tag) {
  std::string row = "<tr>";
  for (const std::string& cell : cells) row += base::StrCat("<", tag, ">", Escape(cell), "</", tag, ">");
  return row + "</tr>\n";
}

}  // namespace

Page::Page(std::string_view title) : title_(Escape(title)) {}

void Page::Heading(std::string_view text) { body_ += base::StrCat("<h2>", Escape(text), "</h2>\n"); }

void Page::Paragraph(std::string_view text) { body_ += base::StrCat("<p>", Escape(text), "</p>\n"); }

void Page::Warning(std::string_view text) { body_ += base::StrCat("<p class=\"warning\">", Escape(text), "</p>\n"); }

void Page::Table(const std::vector<std::vector<std::string>>& rows) {
  body_ += "<table>\n";
  for (std::size_t i = 0; i < rows.size(); ++i) body_ += Row(rows[i], i == 0 ? "th" : "td");
  body_ += "</table>\n";
}

void Page::Facts(const std::vector<std::vector<std::string>>& rows) {
  body_ += "<table class=\"facts\">\n";
  for (const auto& row : rows) body_ += Row(row, "td");
  body_ += "</table>\n";
}

void Page::Figure(std::string_view svg, std::string_view caption) {
  body_ += base::StrCat("<figure>\n", svg, "<figcaption>", Escape(caption), "</figcaption></figure>\n");
}

void Page::Images(std::span<const Image> images) {
  body_ += "<div class=\"images\">\n";
  for (const Image& image : images) {
    const std::string caption = Escape(image.caption);
    body_ += base::StrCat("<figure><img alt=\"", caption, "\" src=\"data:image/jpeg;base64,", Base64(image.jpeg),
                          "\"><figcaption>", caption, "</figcaption></figure>\n");
  }
  body_ += "</div>\n";
}

std::string Page::Html() const {
  // The policy enforces that the page loads nothing and runs nothing.
  return base::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
      "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
      title_, "</title>\n<style>", kStyle, "</style>\n</head>\n<body>\n<h1>", title_, "</h1>\n", body_,
      "</body>\n</html>\n");
}

Result<void> Page::Write(const std::filesystem::path& folder) const {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return base::Fail(ErrorCode::kIo, base::Printable(folder.native(), 400),
                      ": cannot create the folder: ", error.message());
  }
  return base::WriteFile(folder / "index.html", Html());
}

}  // namespace posenet::report
