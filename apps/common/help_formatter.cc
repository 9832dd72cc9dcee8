// SPDX-License-Identifier: Apache-2.0
#include "common/help_formatter.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace posenet::app {
namespace {

constexpr std::size_t kTerminalColumns = 80;
constexpr std::size_t kNameColumns = 27;

}  // namespace

std::string WrapText(std::string_view text, std::size_t width) {
  std::string wrapped;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (column > 0 && column + 1 + word.size() > width) {
      wrapped += '\n';
      column = 0;
    } else if (column > 0) {
      wrapped += ' ';
      ++column;
    }
    wrapped += word;
    column += word.size();
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return wrapped;
}

HelpFormatter::HelpFormatter() {
  column_width(kNameColumns);
  label("Positionals", "Arguments");
  label("OPTIONS", "options");
  label("SUBCOMMAND", "COMMAND");
  label("SUBCOMMANDS", "COMMAND");
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  // CLI11 puts two empty lines between groups.
  return CLI::detail::find_and_replace(Formatter::make_help(app, std::move(name), mode), "\n\n\n", "\n\n");
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
  return WrapText(app->get_description(), kTerminalColumns - 1) + "\n\n";
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return WrapText(option->get_description(), kTerminalColumns - 1 - kNameColumns);
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  const std::string description = command->get_description();
  const std::string first_sentence = description.substr(0, description.find(". ") + 1);
  std::ostringstream out;
  CLI::detail::format_help(out, command->get_name(), WrapText(first_sentence, kTerminalColumns - 1 - kNameColumns),
                           kNameColumns);
  return std::move(out).str();
}

}  // namespace posenet::app
