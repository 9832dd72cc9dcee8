// SPDX-License-Identifier: Apache-2.0
// Commands that are separate programs, so that their libraries are neither required nor loaded by the other commands:
// libtorch alone is 200 MB.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/strings.h"
#include "cli/commands.h"
#include "common/command_error.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

// A command that another program executes, with the same arguments.
struct Companion {
  std::string_view group;  // The command above it, or empty.
  const char* name;
  const char* description;
  const char* program;
  const char* needs;  // Without it, the program is not part of the build; empty if it always is.
};

constexpr const char* kTrainerNeeds = "libtorch (Debian: libtorch-dev and libopenblas0-pthread)";

constexpr std::array kCompanions = {
    Companion{"camera", "train", "Train a model of a scene from photos with camera poses. Needs libtorch.",
              "posenet-train", kTrainerNeeds},
    Companion{"camera", "pretrain", "Pretrain a backbone on image classification, for camera train. Needs libtorch.",
              "posenet-train", kTrainerNeeds},
    Companion{"human", "video",
              "Estimate and track the poses of people in videos, webcams and network streams. Needs FFmpeg.",
              "posenet-video", "FFmpeg (Debian: libavdevice-dev)"},
    Companion{"", "serve", "Serve poses over HTTP and WebSocket, with a web page to try it.", "posenet-serve", ""},
};

// Beside this program, as in a build folder, or in the libexec folder of an installation.
fs::path FindCompanion(const char* program) {
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const fs::path bin = executable.parent_path();
  for (const fs::path& candidate : {bin / program, bin.parent_path() / "libexec" / "posenet" / program}) {
    if (fs::exists(candidate, error)) return candidate;
  }
  return {};
}

// The message if the program does not exist.
std::string MissingProgram(const Companion& companion) {
  std::string text =
      base::StrCat(companion.program, " is neither beside this program nor in libexec/posenet; build it: ",
                   "cmake --build build/release --target posenet_programs");
  if (*companion.needs != '\0') text += base::StrCat(" (needs ", companion.needs, " when configuring)");
  return text;
}

app::ExitCode RunCompanion(const Companion& companion, int argument_count, const char* const* arguments) {
  const fs::path program = FindCompanion(companion.program);
  if (program.empty()) throw app::CommandError(app::ExitCode::kFailure, MissingProgram(companion));
  // OpenMP threads that wait for work sleep instead of spinning: the trainer needs the cores to prepare photos.
  ::setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  std::vector<char*> copied;
  copied.reserve(static_cast<std::size_t>(argument_count) + 1);
  for (int i = 0; i < argument_count; ++i) copied.push_back(const_cast<char*>(arguments[i]));
  copied.push_back(nullptr);
  ::execv(program.c_str(), copied.data());
  throw app::CommandError(app::ExitCode::kFailure,
                          base::StrCat("cannot run ", program.native(), ": ", std::strerror(errno)));
}

}  // namespace

void AddCompanionCommands(CLI::App& parent, std::string_view group, int argument_count, const char* const* arguments,
                          app::Action& action) {
  for (const Companion& companion : kCompanions) {
    if (companion.group != group) continue;
    CLI::App& app = *parent.add_subcommand(companion.name, companion.description)->group(app::kCommandGroup);
    // The other program parses the rest, including --help.
    app.set_help_flag();
    app.prefix_command();
    app.callback([&companion, argument_count, arguments, &action] {
      action = [&companion, argument_count, arguments] { return RunCompanion(companion, argument_count, arguments); };
    });
  }
}

}  // namespace posenet::cli
