// SPDX-License-Identifier: Apache-2.0
// Options whose values are checked while the command line is parsed, with messages that state what was expected.
#ifndef POSENET_COMMON_OPTION_CHECKS_H_
#define POSENET_COMMON_OPTION_CHECKS_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/numbers.h"
#include "posenet/human.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace posenet::app {

/// Each adds one option to `app` and returns it. `target` holds the default and must outlive parsing.

/// A whole number from `min` to `max`.
CLI::Option* AddInt(CLI::App& app, const std::string& name, int& target, int min, int max,
                    const std::string& description);

/// The same, for a number without a default.
CLI::Option* AddInt(CLI::App& app, const std::string& name, std::optional<int>& target, int min, int max,
                    const std::string& description);

/// The same, for an option that may be given several times. The first value replaces the default.
CLI::Option* AddInts(CLI::App& app, const std::string& name, std::vector<int>& target, int min, int max,
                     const std::string& description);

/// A number from 0 to 1.
CLI::Option* AddScore(CLI::App& app, const std::string& name, float& target, const std::string& description);
CLI::Option* AddScore(CLI::App& app, const std::string& name, std::optional<float>& target,
                      const std::string& description);

/// A finite number above 0.
CLI::Option* AddPositive(CLI::App& app, const std::string& name, std::optional<float>& target,
                         const std::string& description);
CLI::Option* AddPositive(CLI::App& app, const std::string& name, float& target, const std::string& description);

/// A time in seconds, 0 or more.
CLI::Option* AddSeconds(CLI::App& app, const std::string& name, std::optional<double>& target,
                        const std::string& description);

/// How an image is fitted to an input of another shape: pad, stretch or crop.
CLI::Option* AddFit(CLI::App& app, const std::string& name, std::optional<ImageFit>& target,
                    const std::string& description);

/// How an image is resized: bilinear, nearest or antialiased.
CLI::Option* AddResampling(CLI::App& app, const std::string& name, std::optional<Resampling>& target,
                           const std::string& description);

/// The network's input size, N or WxH.
CLI::Option* AddSize(CLI::App& app, const std::string& name, PoseEstimatorOptions& target,
                     const std::string& description);

/// The same, for a size without a default.
CLI::Option* AddSize(CLI::App& app, const std::string& name, std::optional<Size>& target,
                     const std::string& description);

/// Pixels of the network's input per cell of its output: 8, 16 or 32.
CLI::Option* AddOutputStride(CLI::App& app, const std::string& name, int& target, const std::string& description);

/// The numeric precision of a network: auto, fp32, bf16 or int8.
CLI::Option* AddPrecision(CLI::App& app, const std::string& name, std::optional<Precision>& target,
                          const std::string& description);

/// One of the instruction sets that this CPU has, in upper or lower case.
CLI::Option* AddInstructionSet(CLI::App& app, const std::string& name, std::string& target,
                               const std::string& description);

/// One of the names in `choices` ("a|b|c"); `assign` returns whether its argument is one of them.
CLI::Option* AddName(CLI::App& app, const std::string& name, const std::string& choices, const std::string& description,
                     std::function<bool(const std::string&)> assign);

/// The name of a file or folder; neither empty nor "-". `label` is its placeholder in the help.
CLI::Option* AddPath(CLI::App& app, const std::string& name, std::string& target, const std::string& label,
                     const std::string& description);

/// The name of an output file, which must end in `extension`, such as ".onnx".
CLI::Option* AddOutputFile(CLI::App& app, const std::string& name, std::string& target, std::string_view extension,
                           const std::string& description);

/// For the callback of `app`: throws CommandError (kUsage) if one of `options` is given without any of `needed`, and
/// therefore has no effect.
void CheckOptionsNeed(const CLI::App& app, const std::vector<std::string>& options,
                      const std::vector<std::string>& needed);

/// For the callback of `app`: throws CommandError (kUsage) if one of `options` is given together with `other`, and
/// therefore has no effect.
void CheckOptionsExclude(const CLI::App& app, const std::vector<std::string>& options, const std::string& other);

}  // namespace posenet::app

#endif  // POSENET_COMMON_OPTION_CHECKS_H_
