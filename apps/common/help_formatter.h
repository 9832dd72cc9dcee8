// SPDX-License-Identifier: Apache-2.0
// Help texts that fit a terminal of 80 columns.
#ifndef POSENET_COMMON_HELP_FORMATTER_H_
#define POSENET_COMMON_HELP_FORMATTER_H_

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace posenet::app {

/// `text` with spaces turned into newlines such that no line is longer than `width`, except for longer words.
std::string WrapText(std::string_view text, std::size_t width);

/// `text` up to and including the first period that ends a sentence; all of it if there is none.
std::string_view FirstSentence(std::string_view text);

/// What the exit statuses of signals mean for a command.
struct SignalMeanings {
  std::string_view interrupted = "interrupted (Ctrl-C)";  ///< Of 130.
  std::string_view terminated = "terminated (SIGTERM)";   ///< Of 143.
};

/// The "Exit status" section of a command's help: `success` and `failure` say what 0 and 1 mean for it.
std::string ExitStatusHelp(std::string_view success, std::string_view failure, const SignalMeanings& signals = {});

/// CLI11's layout, wrapped; lists of commands show the first sentence of each description.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_HELP_FORMATTER_H_
