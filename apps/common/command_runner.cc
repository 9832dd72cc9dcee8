// SPDX-License-Identifier: Apache-2.0
#include "common/command_runner.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "base/redact.h"
#include "base/strings.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "posenet/version.h"

namespace posenet::app {
namespace {

// Longest text of a message; paths may be long.
constexpr std::size_t kMaxMessageBytes = 600;

// The commands of the parsed command line from the program down, such as posenet, human, eval.
std::vector<const CLI::App*> SelectedCommands(const CLI::App& app) {
  std::vector<const CLI::App*> commands = {&app};
  while (!commands.back()->get_subcommands().empty()) commands.push_back(commands.back()->get_subcommands().front());
  return commands;
}

ExitCode PrintUsageError(const CLI::App& app, const std::string& message) {
  std::string command;
  for (const CLI::App* level : SelectedCommands(app)) command += (command.empty() ? "" : " ") + level->get_name();
  PrintError(base::StrCat(base::Printable(base::WithoutCredentials(message), kMaxMessageBytes), " (see '", command,
                          " --help')"));
  return ExitCode::kUsage;
}

// "human, camera, serve, bench or model".
std::string CommandNames(const CLI::App& app) {
  const std::vector<const CLI::App*> commands = app.get_subcommands([](const CLI::App*) { return true; });
  std::string names;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (i > 0) names += i + 1 == commands.size() ? " or " : ", ";
    names += commands[i]->get_name();
  }
  return names;
}

std::string DescribeUnexpected(const CLI::App& app) {
  const CLI::App& selected = *SelectedCommands(app).back();
  std::vector<std::string> unexpected = app.remaining(/*recurse=*/true);
  std::erase(unexpected, "--");
  // CLI11 knows why it threw: there is at least one. What follows an unknown option may be its value.
  const std::string first = unexpected.empty() ? "" : unexpected.front();
  if (!first.starts_with('-') || first == "-") {
    const bool is_group = !selected.get_subcommands([](const CLI::App*) { return true; }).empty();
    return is_group ? base::StrCat("unknown command '", first, "': expected ", CommandNames(selected))
                    : base::StrCat("unexpected argument '", first, "'");
  }
  std::error_code ignored;
  const std::string message = base::StrCat("unknown option '", first.substr(0, first.find('=')), "'");
  return std::filesystem::exists(first, ignored) ? base::StrCat(message, "; for the file of that name, write ./", first)
                                                 : message;
}

// CLI11's message for `error` in the style of ours.
std::string Reword(const CLI::App& app, const CLI::ParseError& error) {
  std::string message = error.what();
  const auto with = [&message](std::string_view old_text, std::string_view new_text) {
    std::string reworded = message;
    const std::size_t at = reworded.find(old_text);
    return at == std::string::npos ? reworded : reworded.replace(at, old_text.size(), new_text);
  };
  // What is required may be missing because it was mistaken for an option.
  const bool is_incomplete = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
      (is_incomplete && !app.remaining(/*recurse=*/true).empty())) {
    return DescribeUnexpected(app);
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return message.substr(0, message.find(':')) + ": expected exactly one value";
  }
  if (dynamic_cast<const CLI::RequiresError*>(&error) != nullptr) return with(" requires ", " has no effect without ");
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr)
    return with(" excludes ", " cannot be combined with ");
  return message;
}

ExitCode ParseAndRun(CLI::App& app, const Action& action, int argument_count, const char* const* arguments) {
  try {
    app.parse(argument_count, arguments);
    if (!action) {
      return PrintUsageError(app, "expected a command: " + CommandNames(*SelectedCommands(app).back()));
    }
    return action();
  } catch (const CLI::CallForHelp&) {
    WriteStandardOutput(app.help());
    return ExitCode::kSuccess;
  } catch (const CLI::CallForVersion& version) {
    WriteStandardOutput(base::StrCat(version.what(), "\n"));
    return ExitCode::kSuccess;
  } catch (const CLI::ParseError& error) {
    return PrintUsageError(app, Reword(app, error));
  }
}

}  // namespace

void PrepareApp(CLI::App& app) {
  app.name("posenet");
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "Show this help.");
  app.set_version_flag("--version", "posenet " POSENET_VERSION_STRING, "Print the version.");
  // Otherwise CLI11 takes an input that is named like another command for that command.
  app.require_subcommand(0, 1);
}

int RunProgram(ExitCode (*run)(int argument_count, const char* const* arguments), int argument_count,
               const char* const* arguments) {
  try {
    InstallSignalHandlers();
    return static_cast<int>(run(argument_count, arguments));
  } catch (const std::bad_alloc&) {
    PrintError("out of memory");
  } catch (const std::exception& error) {
    PrintError(error.what());
  }
  return static_cast<int>(ExitCode::kFailure);
}

ExitCode RunApp(CLI::App& app, const Action& action, int argument_count, const char* const* arguments) {
  try {
    return ParseAndRun(app, action, argument_count, arguments);
  } catch (const CommandError& error) {
    if (error.exit_code() == ExitCode::kUsage) return PrintUsageError(app, error.what());
    // Closing the pipe is no error, as in `posenet ... | head`.
    if (error.exit_code() != ExitCode::kOutputClosed) PrintError(error.what());
    return error.exit_code();
  }
}

}  // namespace posenet::app
