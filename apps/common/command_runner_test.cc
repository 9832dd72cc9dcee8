// SPDX-License-Identifier: Apache-2.0
#include "common/command_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "common/command_error.h"

namespace posenet::app {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  ExitCode exit_code = ExitCode::kSuccess;
  std::string error;
  std::vector<std::string> inputs;
};

// Runs a program with the commands `group read INPUT... [--level N]` and `write`.
Outcome RunTestProgram(
    std::vector<const char*> arguments, const Action& run = [] { return ExitCode::kSuccess; }) {
  CLI::App app("Test.");
  Action action;
  Outcome outcome;
  PrepareApp(app);
  CLI::App& group = *app.add_subcommand("group", "Group.");
  CLI::App& read = *group.add_subcommand("read", "Read.");
  std::string level;
  read.add_option("INPUT", outcome.inputs, "")->required();
  read.add_option("--level", level, "");
  read.callback([&] { action = run; });
  app.add_subcommand("write", "Write.")->callback([&] { action = run; });
  arguments.insert(arguments.begin(), "posenet");
  ::testing::internal::CaptureStderr();
  outcome.exit_code = RunApp(app, action, static_cast<int>(arguments.size()), arguments.data());
  outcome.error = ::testing::internal::GetCapturedStderr();
  return outcome;
}

TEST(RunApp, TakesNamesOfCommandsAsInputs) {
  const Outcome outcome = RunTestProgram({"group", "read", "write", "group", "read"});
  EXPECT_EQ(outcome.exit_code, ExitCode::kSuccess) << outcome.error;
  EXPECT_THAT(outcome.inputs, ::testing::ElementsAre("write", "group", "read"));
}

TEST(RunApp, TakesInputsThatBeginWithADashAfterTwoDashes) {
  EXPECT_THAT(RunTestProgram({"group", "read", "--", "-a.jpg", "--level"}).inputs,
              ::testing::ElementsAre("-a.jpg", "--level"));
}

TEST(RunApp, NamesWhatIsUnexpected) {
  const std::vector<std::pair<std::vector<const char*>, std::string>> cases = {
      {{}, "expected a command: group or write (see 'posenet --help')"},
      {{"group"}, "expected a command: read (see 'posenet group --help')"},
      {{"dance"}, "unknown command 'dance': expected group or write (see 'posenet --help')"},
      {{"group", "dance"}, "unknown command 'dance': expected read (see 'posenet group --help')"},
      {{"write", "a"}, "unexpected argument 'a' (see 'posenet write --help')"},
      {{"write", "--json", "VALUE"}, "unknown option '--json' (see 'posenet write --help')"},
      {{"group", "read", "a", "--deep=3"}, "unknown option '--deep' (see 'posenet group read --help')"},
      {{"group", "read", "-a.jpg"}, "unknown option '-a.jpg' (see 'posenet group read --help')"},
      {{"group", "read"}, "INPUT is required (see 'posenet group read --help')"},
      {{"group", "read", "a", "--level", "1", "--level", "2"}, "--level: expected exactly one value"},
  };
  for (const auto& [arguments, message] : cases) {
    const Outcome outcome = RunTestProgram(arguments);
    EXPECT_EQ(outcome.exit_code, ExitCode::kUsage);
    EXPECT_THAT(outcome.error, HasSubstr("posenet: " + message));
  }
}

TEST(RunApp, ReturnsTheStatusOfErrors) {
  const Outcome failure =
      RunTestProgram({"write"}, []() -> ExitCode { throw CommandError(ExitCode::kFailure, "a.jpg: is empty"); });
  EXPECT_EQ(failure.exit_code, ExitCode::kFailure);
  EXPECT_EQ(failure.error, "posenet: a.jpg: is empty\n");
  const Outcome usage = RunTestProgram({"write"}, []() -> ExitCode { throw UsageError("no such file"); });
  EXPECT_EQ(usage.exit_code, ExitCode::kUsage);
  EXPECT_EQ(usage.error, "posenet: no such file (see 'posenet write --help')\n");
  const Outcome closed = RunTestProgram(
      {"write"}, []() -> ExitCode { throw CommandError(ExitCode::kOutputClosed, "standard output: closed"); });
  EXPECT_EQ(closed.exit_code, ExitCode::kOutputClosed);
  EXPECT_EQ(closed.error, "");
}

TEST(RunApp, HidesCredentials) {
  EXPECT_EQ(RunTestProgram({"write", "rtsp://user:secret@host/"}).error,
            "posenet: unexpected argument 'rtsp://***@host/' (see 'posenet write --help')\n");
}

}  // namespace
}  // namespace posenet::app
