// SPDX-License-Identifier: Apache-2.0
#include "trainer/real_option.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <utility>

#include "base/strings.h"
#include "common/numbers.h"

namespace posenet::trainer {

CLI::Option* AddRealOption(CLI::App& app, const std::string& name, double min, double max,
                           const std::string& description, std::function<void(double)> assign) {
  const auto parse = [name, min, max, assign = std::move(assign)](const CLI::results_t& texts) {
    const std::optional<double> value = app::ParseDouble(texts.front());
    if (!value || *value < min || *value > max) {
      throw CLI::ValidationError(name, base::StrCat("expected a number from ", min, " to ", max, ", got '",
                                                    base::Printable(texts.front()), "'"));
    }
    assign(*value);
    return true;
  };
  return app.add_option(name, parse, description)->option_text("X");
}

}  // namespace posenet::trainer
