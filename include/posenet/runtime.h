// SPDX-License-Identifier: Apache-2.0
// Properties and limits of the runtime.
#ifndef POSENET_RUNTIME_H_
#define POSENET_RUNTIME_H_

#include <string>
#include <vector>

namespace posenet {

/// Largest thread count of any options.
inline constexpr int kMaxThreads = 1024;

/// The instruction sets that both this CPU and the kernels of this library support, best first; such as "AVX3_ZEN4",
/// "AVX2", "NEON" or "EMU128" (portable code). Never empty. Thread-safe.
std::vector<std::string> SupportedInstructionSets();

}  // namespace posenet

#endif  // POSENET_RUNTIME_H_
