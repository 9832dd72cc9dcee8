// SPDX-License-Identifier: Apache-2.0
// What the CPU offers and how much of it one call may use.
#ifndef POSENET_RUNTIME_H_
#define POSENET_RUNTIME_H_

#include <string>
#include <vector>

namespace posenet {

/// The largest thread count that options accept; more threads than this cannot share one image usefully.
inline constexpr int kMaxThreads = 1024;

/// Instruction sets that this library has kernels for and this CPU can run, the best one first, such as "AVX3_ZEN4",
/// "AVX2", "NEON" or "EMU128" (portable code).
std::vector<std::string> SupportedInstructionSets();

}  // namespace posenet

#endif  // POSENET_RUNTIME_H_
