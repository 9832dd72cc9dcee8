// SPDX-License-Identifier: Apache-2.0
#include "common/text_output.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/testing/temporary_folder.h"
#include "common/command_error.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

std::string ReadText(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(TextOutput, AppearsOnCommit) {
  const base::TemporaryFolder folder;
  const fs::path file = folder.path() / "a.csv";
  TextOutput output = TextOutput::File(file);
  output.Write("one,");
  output.Write("two\n");
  EXPECT_FALSE(fs::exists(file));
  output.Commit();
  EXPECT_EQ(ReadText(file), "one,two\n");
}

TEST(TextOutput, LeavesOlderFilesUnchangedWithoutCommit) {
  const base::TemporaryFolder folder;
  const fs::path file = folder.Write("a.csv", "old");
  TextOutput::File(file).Write("new");
  EXPECT_EQ(ReadText(file), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(TextOutput, ReportsFilesThatCannotBeCreated) {
  EXPECT_THROW(TextOutput::File("/no/such/folder/a.csv"), CommandError);
}

}  // namespace
}  // namespace posenet::app
