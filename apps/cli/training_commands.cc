// SPDX-License-Identifier: Apache-2.0
// posenet camera train and pretrain are carried out by another program, posenet-train: it needs libtorch, 200 MB of
// shared libraries that would be loaded at every start and that who only runs models does not have.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "command_error.h"
#include "commands.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrainDescription =
    "Learns a place from photos with poses. A scene goes in, a model file comes out that localizes photos of the "
    "place. "
    "Needs libtorch.";
constexpr const char* kPretrainDescription =
    "Trains a backbone to tell classes of photos apart, for camera train to start from. Needs libtorch.";

// Beside this program, where a build has it, or in the libexec folder of an installation.
fs::path FindTrainer() {
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const fs::path bin = executable.parent_path();
  for (const fs::path& candidate :
       {bin / "posenet-train", bin.parent_path() / "libexec" / "posenet" / "posenet-train"}) {
    if (fs::exists(candidate, error)) return candidate;
  }
  return {};
}

ExitCode RunTrainer(int argument_count, const char* const* arguments) {
  const fs::path trainer = FindTrainer();
  if (trainer.empty()) {
    throw CommandError(ExitCode::kFailure,
                       "training needs the program posenet-train, which this build does not have as libtorch was not "
                       "there: install libtorch-dev and libopenblas0-pthread (Debian's names), configure and build "
                       "again; all other commands work without");
  }
  // Threads that wait for work sleep instead of turning in circles: the cores are needed to prepare the next photos.
  ::setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  std::vector<char*> copied;
  copied.reserve(static_cast<std::size_t>(argument_count) + 1);
  for (int i = 0; i < argument_count; ++i) copied.push_back(const_cast<char*>(arguments[i]));
  copied.push_back(nullptr);
  ::execv(trainer.c_str(), copied.data());
  throw CommandError(ExitCode::kFailure, StrCat("cannot run ", trainer.native(), ": ", std::strerror(errno)));
}

}  // namespace

void AddTrainingCommands(CLI::App& parent, int argument_count, const char* const* arguments, Action& action) {
  for (const auto& [name, description] :
       {std::pair("train", kTrainDescription), std::pair("pretrain", kPretrainDescription)}) {
    CLI::App& app = *parent.add_subcommand(name, description)->group(kCommandGroup);
    // The other program parses the rest, --help included.
    app.set_help_flag();
    app.prefix_command();
    app.callback([argument_count, arguments, &action] {
      action = [argument_count, arguments] { return RunTrainer(argument_count, arguments); };
    });
  }
}

}  // namespace posenet::cli
