// SPDX-License-Identifier: Apache-2.0
// Help texts that fit a terminal of 80 columns.
#ifndef POSENET_COMMON_HELP_FORMATTER_H_
#define POSENET_COMMON_HELP_FORMATTER_H_

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace posenet::app {

/// `text` with spaces turned into line ends so that no line is longer than `width`, but for longer words.
std::string WrapText(std::string_view text, std::size_t width);

/// CLI11's layout, wrapped; lists of commands show the first sentence of each.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_HELP_FORMATTER_H_
