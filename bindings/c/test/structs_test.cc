// SPDX-License-Identifier: Apache-2.0
// Programs that were compiled for an earlier version of a struct, and for a later one.
#include "structs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

#include "base/testing/matchers.h"
#include "posenet/c/base.h"

namespace posenet::c {
namespace {

struct OldOptions {
  std::size_t struct_size;
  double first;
};

/// The same, one version later.
struct Options {
  std::size_t struct_size;
  double first;
  std::int64_t second;
};

/// Two versions later.
struct NewOptions {
  std::size_t struct_size;
  double first;
  std::int64_t second;
  std::int64_t third;
};

constexpr Options kDefaults = {.struct_size = sizeof(Options), .first = 1.5, .second = 7};

}  // namespace

template <>
inline constexpr std::size_t kOldestSize<Options> = sizeof(OldOptions);

namespace {

/// A struct of another version, as the library sees it.
template <typename Version>
Options* Seen(Version& version) {
  return reinterpret_cast<Options*>(&version);
}

TEST(StructVersionsTest, OlderStructsGetTheDefaultsOfNewMembers) {
  OldOptions old = {};
  ASSERT_EQ(Init(Seen(old), sizeof(old), "options", kDefaults), POSENET_OK);
  EXPECT_EQ(old.struct_size, sizeof(OldOptions));
  EXPECT_EQ(old.first, 1.5);
  old.first = 2.5;
  const auto read = Read(static_cast<const Options*>(Seen(old)), "options", kDefaults);
  ASSERT_THAT(read, base::Succeeds());
  EXPECT_EQ(read->first, 2.5);
  EXPECT_EQ(read->second, 7);
}

TEST(StructVersionsTest, OlderStructsAreNotWrittenBeyondTheirEnd) {
  struct {
    OldOptions old;
    std::int64_t behind;
  } memory = {.old = {.struct_size = sizeof(OldOptions), .first = 0.0}, .behind = -1};
  ASSERT_THAT(Write(Options{.struct_size = 0, .first = 3.5, .second = 9}, Seen(memory.old), "options"),
              base::Succeeds());
  EXPECT_EQ(memory.old.struct_size, sizeof(OldOptions));
  EXPECT_EQ(memory.old.first, 3.5);
  EXPECT_EQ(memory.behind, -1);
}

TEST(StructVersionsTest, NewerAndUnknownStructsAreErrors) {
  NewOptions newer = {.struct_size = sizeof(NewOptions), .first = 0.0, .second = 0, .third = 0};
  EXPECT_EQ(Init(Seen(newer), sizeof(newer), "options", kDefaults), POSENET_INVALID_ARGUMENT);
  EXPECT_THAT(Read(static_cast<const Options*>(Seen(newer)), "options", kDefaults),
              base::FailsWith(ErrorCode::kInvalidArgument, "compiled for a newer version"));
  newer.struct_size = sizeof(OldOptions) - 1;
  EXPECT_THAT(Read(static_cast<const Options*>(Seen(newer)), "options", kDefaults),
              base::FailsWith(ErrorCode::kInvalidArgument, "options.struct_size is 15; expected 24"));
}

}  // namespace
}  // namespace posenet::c
