// SPDX-License-Identifier: Apache-2.0
// The model file that a command writes.
#ifndef POSENET_TRAINER_OUTPUT_FILE_H_
#define POSENET_TRAINER_OUTPUT_FILE_H_

#include <string>

namespace posenet::trainer {

/// Checks, before any long work, that `output` ends with .safetensors and its folder exists. Throws CommandError
/// (kUsage).
void CheckOutput(const std::string& output);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_OUTPUT_FILE_H_
