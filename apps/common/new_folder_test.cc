// SPDX-License-Identifier: Apache-2.0
#include "common/new_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "base/testing/temporary_folder.h"
#include "common/command_error.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

// The status of the error for `target`, or success.
ExitCode StatusFor(const fs::path& target) {
  try {
    const NewFolder folder(target, "--output");
  } catch (const CommandError& error) {
    return error.exit_code();
  }
  return ExitCode::kSuccess;
}

TEST(NewFolder, AppearsOnCommit) {
  const base::TemporaryFolder temporary;
  const fs::path target = temporary.path() / "scene";
  NewFolder folder(target, "--output");
  std::ofstream(folder.path() / "a.txt") << "x";
  EXPECT_FALSE(fs::exists(target));
  folder.Commit();
  EXPECT_TRUE(fs::exists(target / "a.txt"));
}

TEST(NewFolder, WritesFilesBelowIt) {
  const base::TemporaryFolder temporary;
  NewFolder folder(temporary.path() / "poses", "--openpose");
  folder.Write("a.json", "1");
  folder.Write("deep/b.json", "23");
  folder.Commit();
  EXPECT_EQ(fs::file_size(temporary.path() / "poses/a.json"), 1U);
  EXPECT_EQ(fs::file_size(temporary.path() / "poses/deep/b.json"), 2U);
}

TEST(NewFolder, ReportsAFileThatCannotBeWritten) {
  const base::TemporaryFolder temporary;
  const NewFolder folder(temporary.path() / "poses", "--openpose");
  folder.Write("a.json", "1");
  EXPECT_THROW(folder.Write("a.json/b.json", "2"), CommandError);
  EXPECT_THROW(folder.Write(std::string(300, 'x'), "2"), CommandError);
}

TEST(NewFolder, LeavesNothingWithoutCommit) {
  const base::TemporaryFolder temporary;
  {
    const NewFolder folder(temporary.path() / "scene/", "--output");
    std::ofstream(folder.path() / "a.txt") << "x";
  }
  EXPECT_TRUE(fs::is_empty(temporary.path()));
}

TEST(NewFolder, RejectsTargetsThatExist) {
  const base::TemporaryFolder temporary;
  temporary.Write("full/a.txt", "x");
  fs::create_directory(temporary.path() / "empty");
  EXPECT_EQ(StatusFor(temporary.path() / "full"), ExitCode::kUsage);
  EXPECT_EQ(StatusFor(temporary.path() / "full/a.txt"), ExitCode::kUsage);
  EXPECT_EQ(StatusFor(temporary.path() / "empty"), ExitCode::kSuccess);
  EXPECT_EQ(StatusFor(temporary.path() / "no/such/folder"), ExitCode::kFailure);
}

}  // namespace
}  // namespace posenet::app
