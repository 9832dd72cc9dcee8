// SPDX-License-Identifier: Apache-2.0
// Some commands are carried out by other programs, so that the libraries that these need are not loaded at every start
// of a command that mostly runs networks, and need not be there: libtorch alone is 200 MB.
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

// A command that another program carries out, with the same arguments.
struct Companion {
  std::string_view group;  // The command above it, or nothing.
  const char* name;
  const char* description;
  const char* program;
  const char* advice;  // What to do where the program is not there.
};

constexpr const char* kTrainerAdvice =
    "training needs the program posenet-train, which this build does not have as libtorch was not there: install "
    "libtorch-dev and libopenblas0-pthread (Debian's names), configure and build again; all other commands work "
    "without";

constexpr std::array kCompanions = {
    Companion{"camera", "train",
              "Learns a place from photos with poses. A scene goes in, a model file comes out that localizes photos of "
              "the place. Needs libtorch.",
              "posenet-train", kTrainerAdvice},
    Companion{"camera", "pretrain",
              "Trains a backbone to tell classes of photos apart, for camera train to start from. Needs libtorch.",
              "posenet-train", kTrainerAdvice},
    Companion{"human", "video",
              "Finds people in videos, from files, webcams and streams, and tells who is who: JSON lines, CSV, a video "
              "with skeletons. Needs FFmpeg.",
              "posenet-video",
              "videos need the program posenet-video, which this build does not have as FFmpeg was not there: install "
              "libavdevice-dev (Debian's name), configure and build again; all other commands work without"},
    Companion{"", "serve", "Answers images over HTTP and WebSocket, with a page to try it.", "posenet-serve",
              "serving needs the program posenet-serve, which is neither beside this one nor in libexec/posenet: build "
              "and install all programs; all other commands work without"},
};

// Beside this program, where a build has it, or in the libexec folder of an installation.
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

app::ExitCode RunCompanion(const Companion& companion, int argument_count, const char* const* arguments) {
  const fs::path program = FindCompanion(companion.program);
  if (program.empty()) throw app::CommandError(app::ExitCode::kFailure, companion.advice);
  // Of programs with OpenMP, threads that wait for work sleep instead of turning in circles: the trainer needs the
  // cores to prepare the next photos.
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
    // The other program parses the rest, --help included.
    app.set_help_flag();
    app.prefix_command();
    app.callback([&companion, argument_count, arguments, &action] {
      action = [&companion, argument_count, arguments] { return RunCompanion(companion, argument_count, arguments); };
    });
  }
}

}  // namespace posenet::cli
