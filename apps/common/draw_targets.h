// SPDX-License-Identifier: Apache-2.0
// Where drawings go.
#ifndef POSENET_COMMON_DRAW_TARGETS_H_
#define POSENET_COMMON_DRAW_TARGETS_H_

#include <filesystem>
#include <span>
#include <vector>

#include "common/inputs.h"

namespace posenet::app {

/// The file that --draw `draw` means for each input: `draw` itself for one input when it is named like an image,
/// otherwise PNG files in the folder `draw`, named after the inputs, with "-2", "-3" ... where names would meet.
/// Throws CommandError (kUsage) when several images would go to one file, or to a format that is not written.
std::vector<std::filesystem::path> DrawTargets(const std::filesystem::path& draw, std::span<const Input> inputs);

/// Makes sure, before the work, that the first of `targets` can be written, creating its folder. Throws CommandError.
void PrepareDrawing(std::span<const std::filesystem::path> targets);

/// Throws CommandError (kUsage) when two of `outputs` are one file, which the later would silently replace.
void CheckDistinctOutputs(std::span<const std::filesystem::path> outputs);

/// Throws CommandError (kUsage) when an existing file of `outputs` is one of the inputs.
void CheckNoInputIsOverwritten(std::span<const std::filesystem::path> outputs, std::span<const Input> inputs);

}  // namespace posenet::app

#endif  // POSENET_COMMON_DRAW_TARGETS_H_
