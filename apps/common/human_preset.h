// SPDX-License-Identifier: Apache-2.0
// Sets of defaults for everything that runs a human pose model. This is the one place that says what a command needs in
// order to reproduce TensorFlow.js: model and precision here, the rest in the library's TfjsPreset().
#ifndef POSENET_COMMON_HUMAN_PRESET_H_
#define POSENET_COMMON_HUMAN_PRESET_H_

#include <optional>
#include <string>
#include <string_view>

#include "posenet/human.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace posenet::app {

struct HumanOptions;

enum class Preset {
  kTfjs,  ///< The results of TensorFlow.js PoseNet: its graph, preprocessing, decoder, thresholds and fp32.
};

/// The value of --preset for `preset`, and the preset for that value.
std::string_view PresetName(Preset preset);
std::optional<Preset> PresetOf(std::string_view name);

/// The name of the model that runs if --model is not given.
std::string_view DefaultModel(std::optional<Preset> preset);

/// Adds --preset; `target` must outlive parsing.
CLI::Option* AddPreset(CLI::App& app, std::optional<Preset>& target);

/// `options` with the model, the precision and, if there is a preset, everything else that is not given filled in.
/// Values that TensorFlow.js has as well (model, size, output stride, thresholds, one person) override a preset. Throws
/// CommandError (kUsage) if --decoder, --precision, --fit or --resample contradicts it.
HumanOptions WithDefaults(HumanOptions options);

/// For a command that has --precision only: the same check, and the preset's precision.
Precision PrecisionFor(std::optional<Preset> preset, std::optional<Precision> given);

}  // namespace posenet::app

#endif  // POSENET_COMMON_HUMAN_PRESET_H_
