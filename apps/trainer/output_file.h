// SPDX-License-Identifier: Apache-2.0
// Where models go.
#ifndef POSENET_TRAINER_OUTPUT_FILE_H_
#define POSENET_TRAINER_OUTPUT_FILE_H_

#include <string>

namespace posenet::trainer {

/// Checks, before anything long begins, that `output` ends with .safetensors and its folder is there. Throws
/// CommandError (kUsage).
void CheckOutput(const std::string& output);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_OUTPUT_FILE_H_
