// SPDX-License-Identifier: Apache-2.0
// The commands, each in a file of its own.
#ifndef POSENET_CLI_COMMANDS_H_
#define POSENET_CLI_COMMANDS_H_

#include <string_view>

#include "common/action.h"

namespace posenet::cli {

using app::Action;

/// Each adds one command below `parent`. Parsing a command line with that command sets `action`, which must outlive
/// parsing.
void AddHumanEstimate(CLI::App& parent, Action& action);
void AddHumanEval(CLI::App& parent, Action& action);
void AddCameraEval(CLI::App& parent, Action& action);
void AddCameraInspect(CLI::App& parent, Action& action);
void AddCameraLocalize(CLI::App& parent, Action& action);
void AddCameraScore(CLI::App& parent, Action& action);
void AddCameraSynth(CLI::App& parent, Action& action);
/// Adds the commands below `group` ("camera", "human", or "" for the top level) that are separate programs, such as
/// `posenet camera train`; `arguments` are those of main.
void AddCompanionCommands(CLI::App& parent, std::string_view group, int argument_count, const char* const* arguments,
                          Action& action);
void AddBench(CLI::App& parent, Action& action);
void AddModelList(CLI::App& parent, Action& action);
void AddModelInfo(CLI::App& parent, Action& action);
void AddModelImport(CLI::App& parent, Action& action);
void AddModelExport(CLI::App& parent, Action& action);
void AddModelQuantize(CLI::App& parent, Action& action);
void AddModelVerify(CLI::App& parent, Action& action);

}  // namespace posenet::cli

#endif  // POSENET_CLI_COMMANDS_H_
