// SPDX-License-Identifier: Apache-2.0
// Where drawings, and other files of which there is one for each input, are written.
#ifndef POSENET_COMMON_DRAW_TARGETS_H_
#define POSENET_COMMON_DRAW_TARGETS_H_

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "common/inputs.h"

namespace posenet::app {

/// The file that --draw `draw` means for each input: `draw` itself if there is one input and the name is that of an
/// image, otherwise PNG files in the folder `draw`, named after the inputs, with "-2", "-3" ... if names collide.
/// Throws CommandError (kUsage) if several images would be written to one file, or the format is not supported.
std::vector<std::filesystem::path> DrawTargets(const std::filesystem::path& draw, std::span<const Input> inputs);

/// Where each input's file belongs below a folder of outputs: its relative path with `suffix` in place of its
/// extension, with "-2", "-3" ... before `suffix` if names collide. Empty for an input that is an error.
std::vector<std::filesystem::path> NamesBelowFolder(std::span<const Input> inputs, std::string_view suffix);

/// Creates the folder of the first of `targets` and checks that the file can be written. Throws CommandError.
void PrepareDrawing(std::span<const std::filesystem::path> targets);

/// Throws CommandError (kUsage) if two of `outputs` are the same file, which the later would silently replace.
void CheckDistinctOutputs(std::span<const std::filesystem::path> outputs);

/// Throws CommandError (kUsage) if an existing file of `outputs` is one of the inputs.
void CheckNoInputIsOverwritten(std::span<const std::filesystem::path> outputs, std::span<const Input> inputs);

}  // namespace posenet::app

#endif  // POSENET_COMMON_DRAW_TARGETS_H_
