// SPDX-License-Identifier: Apache-2.0
// Models, errors and names of the C interface.
#include "posenet/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "fixture.h"
#include "human/testing/estimators.h"
#include "posenet/pose.h"
#include "posenet/runtime.h"
#include "posenet/version.h"

namespace posenet::c {
namespace {

using ::testing::HasSubstr;
using ::testing::StrEq;

TEST_F(CTest, ModelInfoIsThatOfTheCppApi) {
  const model::LoadedModel loaded = human::RandomPoseNet();
  const std::string path = WriteModel(loaded);
  const ModelInfo expected = Model::Load(path).value().info();
  const ModelHandle model = LoadModel(loaded);
  auto info = Initialized<posenet_model_info_init, posenet_model_info>();
  ASSERT_EQ(posenet_model_get_info(model.get(), &info, error()), POSENET_OK) << message();
  EXPECT_EQ(info.name, expected.name);
  EXPECT_EQ(info.architecture, expected.architecture);
  EXPECT_EQ(info.task, expected.task);
  EXPECT_EQ(info.source, expected.source);
  EXPECT_EQ(info.license, expected.license);
  EXPECT_EQ(info.parameter_count, expected.parameter_count);
  EXPECT_EQ(info.layer_count, expected.layer_count);
  EXPECT_EQ(info.output_stride, expected.output_stride);
}

TEST_F(CTest, ModelsCanBeParsedFromMemory) {
  std::ifstream file(WriteModel(human::RandomPoseNet()), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  posenet_model* model = nullptr;
  ASSERT_EQ(posenet_model_parse(bytes.data(), bytes.size(), &model, error()), POSENET_OK) << message();
  const ModelHandle owned(model);

  posenet_model* none = model;
  ExpectFailed(posenet_model_parse(bytes.data(), bytes.size() / 2, &none, error()), POSENET_CORRUPT_DATA, "");
  EXPECT_EQ(none, nullptr);
  ExpectFailed(posenet_model_parse("", 0, &none, error()), POSENET_CORRUPT_DATA, "");
  ExpectFailed(posenet_model_parse(nullptr, 0, &none, error()), POSENET_CORRUPT_DATA, "");
  ExpectFailed(posenet_model_parse(nullptr, 1, &none, error()), POSENET_INVALID_ARGUMENT, "bytes is null");
}

TEST_F(CTest, StatusesAndMessagesAreThoseOfTheCppApi) {
  posenet_model* model = nullptr;
  const Error expected = Model::Load("no/such/file.safetensors").error();
  ExpectFailed(posenet_model_load("no/such/file.safetensors", &model, error()), POSENET_NOT_FOUND, expected.message);
  EXPECT_EQ(message(), expected.message);
}

TEST_F(CTest, AnErrorHandleKeepsTheOutcomeOfTheLastCall) {
  EXPECT_EQ(posenet_error_status(error()), POSENET_OK);
  EXPECT_EQ(message(), "");
  posenet_model* model = nullptr;
  EXPECT_EQ(posenet_model_load("no/such/file", &model, error()), POSENET_NOT_FOUND);
  EXPECT_EQ(posenet_error_status(error()), POSENET_NOT_FOUND);
  EXPECT_THAT(message(), HasSubstr("no/such/file"));
  std::array<char, 128> names = {};
  EXPECT_EQ(posenet_supported_instruction_sets(names.data(), names.size(), error()), POSENET_OK);
  EXPECT_EQ(posenet_error_status(error()), POSENET_OK);
  EXPECT_EQ(message(), "");
  // Without a handle there is a status still.
  EXPECT_EQ(posenet_model_load("no/such/file", &model, nullptr), POSENET_NOT_FOUND);
}

TEST_F(CTest, InstructionSetsAreThoseOfTheCppApi) {
  std::string expected;
  for (const std::string& name : SupportedInstructionSets()) expected += (expected.empty() ? "" : " ") + name;
  std::array<char, 128> names = {};
  ASSERT_EQ(posenet_supported_instruction_sets(names.data(), names.size(), error()), POSENET_OK) << message();
  EXPECT_EQ(names.data(), expected);
  std::vector<char> exact(expected.size() + 1);
  EXPECT_EQ(posenet_supported_instruction_sets(exact.data(), exact.size(), error()), POSENET_OK) << message();
  ExpectFailed(posenet_supported_instruction_sets(exact.data(), exact.size() - 1, error()), POSENET_INVALID_ARGUMENT,
               "expected at least " + std::to_string(exact.size()));
}

TEST(CNamesTest, VersionIsThatOfTheHeader) { EXPECT_THAT(posenet_version(), StrEq(POSENET_VERSION_STRING)); }

TEST(CNamesTest, EveryStatusHasItsOwnName) {
  std::set<std::string> names;
  for (posenet_status status = POSENET_OK; status <= POSENET_RESOURCE_EXHAUSTED; ++status) {
    EXPECT_TRUE(names.insert(posenet_status_name(status)).second) << posenet_status_name(status);
  }
  EXPECT_EQ(names.count("unknown status"), 0U);
  EXPECT_THAT(posenet_status_name(POSENET_RESOURCE_EXHAUSTED + 1), StrEq("unknown status"));
  EXPECT_THAT(posenet_status_name(-1), StrEq("unknown status"));
}

TEST(CNamesTest, PartsAndSkeletonAreThoseOfTheCppApi) {
  for (int part = 0; part < POSENET_PART_COUNT; ++part) {
    EXPECT_EQ(posenet_part_name(part), PartName(static_cast<Part>(part)));
  }
  EXPECT_EQ(posenet_part_name(-1), nullptr);
  EXPECT_EQ(posenet_part_name(POSENET_PART_COUNT), nullptr);
  std::size_t count = 0;
  const posenet_part_pair* const pairs = posenet_skeleton(&count);
  ASSERT_EQ(count, kSkeleton.size());
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_EQ(pairs[i].from, static_cast<int>(kSkeleton[i].first));
    EXPECT_EQ(pairs[i].to, static_cast<int>(kSkeleton[i].second));
  }
  EXPECT_EQ(posenet_skeleton(nullptr), pairs);
}

}  // namespace
}  // namespace posenet::c
