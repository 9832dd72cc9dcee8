// SPDX-License-Identifier: Apache-2.0
#include "common/draw_targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/temporary_folder.h"
#include "common/command_error.h"

namespace posenet::app {
namespace {

using ::testing::ElementsAre;

std::vector<Input> WithPlaces(const std::vector<std::string>& places) {
  std::vector<Input> inputs;
  for (const std::string& place : places) inputs.push_back({.name = place, .relative = place, .error = {}});
  return inputs;
}

TEST(DrawTargets, TakesAFileForOneImage) {
  EXPECT_THAT(DrawTargets("out.JPG", WithPlaces({"a.jpg"})), ElementsAre("out.JPG"));
}

TEST(DrawTargets, NamesFilesInAFolderAfterTheImages) {
  EXPECT_THAT(DrawTargets("out", WithPlaces({"a.jpg"})), ElementsAre("out/a.png"));
  EXPECT_THAT(DrawTargets("out/", WithPlaces({"x/a.jpg", "y/a.jpg"})), ElementsAre("out/x/a.png", "out/y/a.png"));
}

TEST(DrawTargets, AnExistingFolderStaysOne) {
  const base::TemporaryFolder folder;
  folder.Write("odd.png/file", "x");
  const auto odd = folder.path() / "odd.png";
  EXPECT_THAT(DrawTargets(odd, WithPlaces({"a.jpg"})), ElementsAre(odd / "a.png"));
}

TEST(DrawTargets, KeepsNamesApart) {
  EXPECT_THAT(DrawTargets("out", WithPlaces({"a.jpg", "a.png", "a.jpg", "a-2.jpg"})),
              ElementsAre("out/a.png", "out/a-2.png", "out/a-3.png", "out/a-2-2.png"));
}

TEST(NamesBelowFolder, ReplacesExtensionsAndKeepsNamesApart) {
  std::vector<Input> inputs = WithPlaces({"a.b.jpg", "x/a.jpg", "x/a.png"});
  inputs.push_back({.name = "missing", .relative = {}, .error = Error{ErrorCode::kNotFound, "no such folder"}});
  EXPECT_THAT(NamesBelowFolder(inputs, "_keypoints.json"),
              ElementsAre("a.b_keypoints.json", "x/a_keypoints.json", "x/a-2_keypoints.json", ""));
}

TEST(DrawTargets, RefusesWhatCannotBeMeant) {
  EXPECT_THROW(DrawTargets("out.png", WithPlaces({"a.jpg", "b.jpg"})), CommandError);
  EXPECT_THROW(DrawTargets("out.gif", WithPlaces({"a.jpg"})), CommandError);
}

TEST(CheckNoInputIsOverwritten, SeesThroughOtherSpellings) {
  const base::TemporaryFolder folder;
  const Input input = {.name = folder.Write("a.png", "x"), .relative = "a.png", .error = {}};
  const std::vector<std::filesystem::path> same = {folder.path() / "." / "a.png"};
  EXPECT_THROW(CheckNoInputIsOverwritten(same, {&input, 1}), CommandError);
  const std::vector<std::filesystem::path> other = {folder.path() / "b.png"};
  EXPECT_NO_THROW(CheckNoInputIsOverwritten(other, {&input, 1}));
}

}  // namespace
}  // namespace posenet::app
