// SPDX-License-Identifier: Apache-2.0
#include "trainer/output_file.h"

#include <filesystem>
#include <system_error>

#include "base/strings.h"
#include "common/command_error.h"

namespace posenet::trainer {

namespace fs = std::filesystem;

void CheckOutput(const std::string& output) {
  if (fs::path(output).extension() != ".safetensors") {
    throw app::UsageError(
        base::StrCat("--output: expected a file name that ends with .safetensors, got '", output, "'"));
  }
  const fs::path folder = fs::absolute(output).parent_path();
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) throw app::UsageError(folder.native() + ": no such folder");
}

}  // namespace posenet::trainer
