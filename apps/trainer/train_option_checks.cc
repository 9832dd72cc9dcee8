// SPDX-License-Identifier: Apache-2.0
#include "trainer/train_option_checks.h"

#include <CLI/CLI.hpp>
#include <string>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/numbers.h"

namespace posenet::trainer {
namespace {

// The value of an option, or an empty text if it is not given.
std::string ValueOf(const CLI::App& app, const std::string& name) {
  const CLI::Option* const option = app.get_option(name);
  return option->count() == 0 ? std::string() : option->results().front();
}

void CheckNeeds(const CLI::App& app, const std::string& name, bool has_effect, const std::string& needed) {
  if (has_effect || app.get_option(name)->count() == 0) return;
  throw app::UsageError(base::StrCat(name, " has no effect without ", needed));
}

}  // namespace

void CheckTrainOptions(const CLI::App& app) {
  CheckNeeds(app, "--beta", ValueOf(app, "--loss") == "beta", "--loss beta");
  CheckNeeds(app, "--auxiliary", ValueOf(app, "--backbone").starts_with("googlenet"),
             "--backbone googlenet or googlenet-bn");
  const std::string validation = ValueOf(app, "--validation");
  if (!validation.empty() && app::ParseDouble(validation) == 0.0 && app.get_option("--patience")->count() > 0) {
    throw app::UsageError("--patience has no effect with --validation 0");
  }
}

}  // namespace posenet::trainer
