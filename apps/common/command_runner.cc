// SPDX-License-Identifier: Apache-2.0
#include "common/command_runner.h"

#include <CLI/CLI.hpp>
#include <exception>
#include <memory>
#include <new>
#include <string>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "posenet/version.h"

namespace posenet::app {
namespace {

// The command that the parsed command line names, such as "posenet human eval".
std::string SelectedCommand(const CLI::App& app) {
  std::string name = app.get_name();
  const CLI::App* level = &app;
  while (!level->get_subcommands().empty()) {
    level = level->get_subcommands().front();
    name += " " + level->get_name();
  }
  return name;
}

ExitCode PrintUsageError(const CLI::App& app, const std::string& message) {
  PrintError(base::StrCat(base::Printable(message, 400), " (see '", SelectedCommand(app), " --help')"));
  return ExitCode::kUsage;
}

// CLI11's message for `error`, in one style with ours.
std::string Reword(const CLI::ParseError& error) {
  std::string message = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return "unexpected argument:" + message.substr(message.find(':') + 1);
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return message.substr(0, message.find(':')) + ": expected exactly one value";
  }
  return message;
}

ExitCode ParseAndRun(CLI::App& app, const Action& action, int argument_count, const char* const* arguments) {
  try {
    app.parse(argument_count, arguments);
    if (!action) {
      return PrintUsageError(app, app.get_subcommands().empty()
                                      ? "expected a command: human, camera, serve, bench or model"
                                      : "expected a command");
    }
    return action();
  } catch (const CLI::CallForHelp&) {
    WriteStandardOutput(app.help());
    return ExitCode::kSuccess;
  } catch (const CLI::CallForVersion& version) {
    WriteStandardOutput(base::StrCat(version.what(), "\n"));
    return ExitCode::kSuccess;
  } catch (const CLI::ParseError& error) {
    return PrintUsageError(app, Reword(error));
  }
}

}  // namespace

void PrepareApp(CLI::App& app) {
  app.name("posenet");
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "Explain this command.");
  app.set_version_flag("--version", "posenet " POSENET_VERSION_STRING, "Print the version.");
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
    PrintError(error.what());
    return error.exit_code();
  }
}

}  // namespace posenet::app
