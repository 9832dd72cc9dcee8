// SPDX-License-Identifier: Apache-2.0
// Options that take a real number.
#ifndef POSENET_TRAINER_REAL_OPTION_H_
#define POSENET_TRAINER_REAL_OPTION_H_

#include <functional>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace posenet::trainer {

/// Adds an option that passes a number from `min` to `max` to `assign`.
CLI::Option* AddRealOption(CLI::App& app, const std::string& name, double min, double max,
                           const std::string& description, std::function<void(double)> assign);

/// Adds an option for a number from `min` to `max`. `target`, a float, a double or an optional of them, holds the
/// default and must outlive parsing.
template <typename Target>
CLI::Option* AddReal(CLI::App& app, const std::string& name, Target& target, double min, double max,
                     const std::string& description) {
  return AddRealOption(app, name, min, max, description,
                       [&target](double value) { target = static_cast<Target>(value); });
}

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_REAL_OPTION_H_
