// SPDX-License-Identifier: Apache-2.0
#include "common/inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "base/testing/temporary_folder.h"
#include "common/command_error.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;

std::vector<Input> Named(const std::vector<std::string>& names) {
  std::vector<Input> inputs;
  for (const std::string& name : names) inputs.push_back({.name = name, .relative = {}, .error = {}});
  return inputs;
}

TEST(ExpandInputs, SearchesFoldersInOrder) {
  const base::TemporaryFolder folder;
  for (const char* name : {"b.png", "a/z.JPG", "a/y.jpeg", "notes.txt"}) folder.Write(name, "x");
  const std::string root = folder.path().native();
  ASSERT_NE(std::freopen("/dev/null", "r", stdin), nullptr);  // Not a terminal.
  const std::vector<Input> inputs = ExpandInputs(std::vector<std::string>{root, "-", "given.xyz"});
  std::vector<std::string> names;
  std::vector<fs::path> relative;
  for (const Input& input : inputs) {
    names.push_back(input.name);
    relative.push_back(input.relative);
    EXPECT_FALSE(input.error.has_value());
  }
  EXPECT_THAT(names, ElementsAre(root + "/a/y.jpeg", root + "/a/z.JPG", root + "/b.png", "-", "given.xyz"));
  EXPECT_THAT(relative, ElementsAre("a/y.jpeg", "a/z.JPG", "b.png", "stdin", "given.xyz"));
}

TEST(ExpandInputs, AFolderWithoutImagesIsAnError) {
  const base::TemporaryFolder folder;
  folder.Write("notes.txt", "x");
  const std::vector<Input> inputs = ExpandInputs(std::vector{folder.path().native()});
  ASSERT_EQ(inputs.size(), 1U);
  ASSERT_TRUE(inputs[0].error.has_value());
  const auto image = ReadImage(inputs[0]);
  ASSERT_FALSE(image.has_value());
  EXPECT_THAT(image.error().message, ::testing::StartsWith(folder.path().native() + ": no images in this folder"));
  EXPECT_THAT(MessageWithoutName(image.error(), inputs[0]), ::testing::StartsWith("no images in this folder"));
}

TEST(ExpandInputs, RejectsWhatCannotBeAnImage) {
  const auto message_for = [](const std::string& argument) -> std::string {
    try {
      ExpandInputs(std::vector{argument});
    } catch (const CommandError& error) {
      EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message_for("0"), ::testing::HasSubstr("'posenet human video camera:0'"));
  EXPECT_THAT(message_for("camera:1"), ::testing::HasSubstr("is a webcam; use 'posenet human video camera:1'"));
  EXPECT_THAT(message_for("/dev/video0"), ::testing::HasSubstr("'posenet human video camera:/dev/video0'"));
  EXPECT_THAT(message_for("no/such/img%03d.png"), ::testing::HasSubstr("is a pattern"));
  EXPECT_THAT(message_for("dance.MP4"), ::testing::HasSubstr("is a video; use 'posenet human video dance.MP4'"));
  EXPECT_EQ(message_for("http://user:secret@host/a.jpg").substr(0, 30), "http://***@host/a.jpg: is a UR");
}

TEST(ExpandInputs, AcceptsFilesWithUnusualNames) {
  const base::TemporaryFolder folder;
  for (const char* name : {"100%d.png", "0", "bench", "-dash.jpg", "50 %.jpg"}) {
    const std::string file = folder.Write(name, "x");
    EXPECT_EQ(ExpandInputs(std::vector{file}).at(0).name, file);
  }
  EXPECT_EQ(ExpandInputs(std::vector<std::string>{"no-such-50%.jpg"}).at(0).name, "no-such-50%.jpg");
}

TEST(MessageWithoutName, RemovesTheNameOnly) {
  const Input input = {.name = "a.jpg", .relative = {}, .error = {}};
  EXPECT_EQ(MessageWithoutName({ErrorCode::kIo, "a.jpg: is empty"}, input), "is empty");
  EXPECT_EQ(MessageWithoutName({ErrorCode::kIo, "b.jpg: is empty"}, input), "b.jpg: is empty");
}

TEST(CocoImageIds, ReadsTheDigitsThatEndNames) {
  EXPECT_THAT(CocoImageIds(Named({"x/000000000139.jpg", "COCO_val2014_000000000042.jpg"})), ElementsAre(139, 42));
}

TEST(CocoImageIds, CountsIfNamesHaveNoDistinctNumbers) {
  EXPECT_THAT(CocoImageIds(Named({"7.jpg", "cat.jpg"})), ElementsAre(1, 2));
  EXPECT_THAT(CocoImageIds(Named({"a/7.jpg", "b/7.jpg"})), ElementsAre(1, 2));
  EXPECT_THAT(CocoImageIds(Named({"99999999999999999999.jpg"})), ElementsAre(1));
}

}  // namespace
}  // namespace posenet::app
