// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/testing/temporary_folder.h"

namespace posenet::base {
namespace {

namespace fs = std::filesystem;

class FileTest : public ::testing::Test {
 protected:
  [[nodiscard]] static std::string TextOf(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  [[nodiscard]] std::ptrdiff_t EntryCount() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }

  const TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

TEST_F(FileTest, ReadsWhatWasWritten) {
  const std::string text(200'000, 'x');
  ASSERT_TRUE(WriteFile(folder_ / "a", text).has_value());
  const auto content = ReadFile(folder_ / "a", 1 << 20);
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(content->size(), text.size());
  const auto mapped = MappedFile::Open(folder_ / "a");
  ASSERT_TRUE(mapped.has_value());
  EXPECT_TRUE(std::ranges::equal(mapped->bytes(), *content));
}

TEST_F(FileTest, ReadsPipes) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "hello", 5), 5);
  ::close(ends[1]);
  const auto content = ReadDescriptor(ends[0], "pipe", 100);
  ::close(ends[0]);
  ASSERT_TRUE(content.has_value());
  EXPECT_EQ(content->size(), 5U);
}

TEST_F(FileTest, LimitsLength) {
  ASSERT_TRUE(WriteFile(folder_ / "a", "12345").has_value());
  EXPECT_TRUE(ReadFile(folder_ / "a", 5).has_value());
  const auto too_long = ReadFile(folder_ / "a", 4);
  ASSERT_FALSE(too_long.has_value());
  EXPECT_EQ(too_long.error().code, ErrorCode::kResourceExhausted);
  const auto endless = ReadFile("/dev/zero", 1000);
  ASSERT_FALSE(endless.has_value());
  EXPECT_EQ(endless.error().code, ErrorCode::kResourceExhausted);
}

TEST_F(FileTest, ReportsErrorsByKindAndName) {
  const auto missing = ReadFile(folder_ / "missing", 10);
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("missing"), std::string::npos);
  EXPECT_EQ(ReadFile(folder_, 10).error().message, folder_.native() + ": is a folder; expected a file");
  EXPECT_FALSE(MappedFile::Open(folder_).has_value());
  ASSERT_TRUE(WriteFile(folder_ / "empty", "").has_value());
  EXPECT_EQ(MappedFile::Open(folder_ / "empty").error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(WriteFile(folder_ / "no" / "such", "x").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(WriteFile(folder_, "x").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(FileTest, KeepsTheOldFileWithoutCommit) {
  const fs::path path = folder_ / "a";
  ASSERT_TRUE(WriteFile(path, "old").has_value());
  {
    auto file = AtomicFile::Create(path);
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(file->Write("new").has_value());
    EXPECT_EQ(EntryCount(), 2);
  }
  EXPECT_EQ(TextOf(path), "old");
  EXPECT_EQ(EntryCount(), 1);
}

TEST_F(FileTest, OverwritesInRegularFilesOnly) {
  const fs::path path = folder_ / "a";
  auto file = AtomicFile::Create(path);
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE(file->is_seekable());
  ASSERT_TRUE(file->Write("0000 tail").has_value());
  ASSERT_TRUE(file->WriteAt(0, std::as_bytes(std::span(std::string_view("head")))).has_value());
  ASSERT_TRUE(file->Write("s").has_value());
  ASSERT_TRUE(file->Commit().has_value());
  EXPECT_EQ(TextOf(path), "head tails");
  auto device = AtomicFile::Create("/dev/null");
  ASSERT_TRUE(device.has_value());
  EXPECT_FALSE(device->is_seekable());
}

TEST_F(FileTest, ReportsAFullDisk) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  const auto written = WriteFile("/dev/full", "x");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, ErrorCode::kIo);
}

TEST_F(FileTest, KeepsLinksAndWritesToDevices) {
  ASSERT_TRUE(WriteFile(folder_ / "a", "old").has_value());
  fs::create_symlink("a", folder_ / "link");
  ASSERT_TRUE(WriteFile(folder_ / "link", "new").has_value());
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(TextOf(folder_ / "a"), "new");
  EXPECT_TRUE(WriteFile("/dev/null", "x").has_value());
}

TEST_F(FileTest, ListsFilesSorted) {
  fs::create_directories(folder_ / "b" / "c");
  for (const char* name : {"z", "a", "b/c/d"}) ASSERT_TRUE(WriteFile(folder_ / name, "x").has_value());
  const auto files = ListFiles(folder_);
  ASSERT_TRUE(files.has_value());
  EXPECT_EQ(*files, (std::vector<fs::path>{folder_ / "a", folder_ / "b/c/d", folder_ / "z"}));
  EXPECT_EQ(ListFiles(folder_ / "none").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace posenet::base
