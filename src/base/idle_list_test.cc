// SPDX-License-Identifier: Apache-2.0
#include "base/idle_list.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/testing/matchers.h"

namespace posenet::base {
namespace {

class IdleListTest : public ::testing::Test {
 protected:
  Result<IdleList<int>::Lease> Take() {
    return list_.Take([this]() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(created_++); });
  }

  IdleList<int> list_;
  int created_ = 0;
};

TEST_F(IdleListTest, LeasesOneObjectToOneOwnerAtATime) {
  const auto first = Take();
  const auto second = Take();
  ASSERT_THAT(first, Succeeds());
  ASSERT_THAT(second, Succeeds());
  EXPECT_NE(first->get(), second->get());
  EXPECT_EQ(created_, 2);
}

TEST_F(IdleListTest, ReusesWhatWasPutBack) {
  for (int round = 0; round < 3; ++round) {
    const auto first = Take();
    const auto second = Take();
  }
  EXPECT_EQ(created_, 2);
}

TEST_F(IdleListTest, PassesOnTheErrorOfCreate) {
  const auto failed =
      list_.Take([]() -> Result<std::unique_ptr<int>> { return Fail(ErrorCode::kResourceExhausted, "out of memory"); });
  EXPECT_THAT(failed, FailsWith(ErrorCode::kResourceExhausted, "out of memory"));
  EXPECT_THAT(Take(), Succeeds());
}

}  // namespace
}  // namespace posenet::base
