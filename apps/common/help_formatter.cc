// SPDX-License-Identifier: Apache-2.0
#include "common/help_formatter.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

#include "base/strings.h"

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

std::string_view FirstSentence(std::string_view text) {
  const std::size_t period = text.find(". ");
  return period == std::string_view::npos ? text : text.substr(0, period + 1);
}

std::string ExitStatusHelp(std::string_view success, std::string_view failure, const SignalMeanings& signals) {
  const std::array<std::pair<std::string_view, std::string_view>, 5> rows = {
      {{"0", success},
       {"1", failure},
       {"2", "the command line is wrong; nothing was done"},
       {"130", signals.interrupted},
       {"143", signals.terminated}}};
  constexpr std::size_t kIndent = 7;
  std::string text = "Exit status:\n";
  for (const auto& [status, meaning] : rows) {
    std::string line = base::StrCat("  ", status);
    line.resize(kIndent, ' ');
    const std::string wrapped = WrapText(meaning, kTerminalColumns - 1 - kIndent);
    text += base::StrCat(line, CLI::detail::find_and_replace(wrapped, "\n", "\n" + std::string(kIndent, ' ')), "\n");
  }
  text.pop_back();
  return text;
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

// CLI11 would add what an option needs and excludes, which the descriptions say.
std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  return option->get_option_text().empty() ? std::string() : " " + option->get_option_text();
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return WrapText(option->get_description(), kTerminalColumns - 1 - kNameColumns);
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  const std::string description = command->get_description();
  std::ostringstream out;
  CLI::detail::format_help(out, command->get_name(),
                           WrapText(FirstSentence(description), kTerminalColumns - 1 - kNameColumns), kNameColumns);
  return std::move(out).str();
}

}  // namespace posenet::app
