// SPDX-License-Identifier: Apache-2.0
// The fixture of the command's tests.
#ifndef POSENET_TESTS_CLI_CLI_FIXTURE_H_
#define POSENET_TESTS_CLI_CLI_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/testing/temporary_folder.h"
#include "run_command.h"
#include "test_files.h"

namespace posenet::cli {

/// A temporary folder with a model that detects people everywhere.
class CliTest : public ::testing::Test {
 protected:
  CliTest() : model_(WriteTinyModel(At("tiny.safetensors"), Sees::kPeople)) {}

  [[nodiscard]] std::string At(const std::filesystem::path& name) const { return (folder_.path() / name).native(); }

  std::string Image(const std::string& name, int width_px = 64, int height_px = 48) const {
    return WriteImage(At(name), width_px, height_px);
  }
  std::string File(const std::string& name, const std::string& content) const { return folder_.Write(name, content); }

  /// `posenet human estimate --model TINY --size 65 --threads 1 arguments...`
  [[nodiscard]] CommandResult Estimate(std::vector<std::string> arguments, const CommandOptions& options = {}) const {
    const std::vector<std::string> before = {"human", "estimate", "--model", model_, "--size", "65", "--threads", "1"};
    arguments.insert(arguments.begin(), before.begin(), before.end());
    return RunCommand(arguments, options);
  }

  /// Names of the files in the folder, without the model.
  [[nodiscard]] std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      if (entry.path() != model_) names.push_back(entry.path().filename().native());
    }
    return names;
  }

  base::TemporaryFolder folder_;
  std::string model_;
};

/// The lines of `text`, each parsed as JSON.
inline std::vector<nlohmann::json> JsonLines(const std::string& text) {
  std::vector<nlohmann::json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

/// One line of text that starts with "posenet: ".
MATCHER(IsOneMessage, "is one line that starts with \"posenet: \"") {
  return arg.starts_with("posenet: ") && arg.find('\n') == arg.size() - 1;
}

}  // namespace posenet::cli

#endif  // POSENET_TESTS_CLI_CLI_FIXTURE_H_
