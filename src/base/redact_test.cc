// SPDX-License-Identifier: Apache-2.0
#include "base/redact.h"

#include <gtest/gtest.h>

namespace posenet::base {
namespace {

TEST(WithoutCredentials, ReplacesUserNamesAndPasswords) {
  EXPECT_EQ(WithoutCredentials("rtsp://user:secret@camera.local/1: cannot open"),
            "rtsp://***@camera.local/1: cannot open");
  EXPECT_EQ(WithoutCredentials("rtsp://user@camera.local"), "rtsp://***@camera.local");
  EXPECT_EQ(WithoutCredentials("'http://a:b@c' and 'http://d:e@f'"), "'http://***@c' and 'http://***@f'");
}

TEST(WithoutCredentials, HidesPasswordsWithUnescapedCharacters) {
  EXPECT_EQ(WithoutCredentials("rtsp://user:p@ss/w?rd@camera.local/1"), "rtsp://***@camera.local/1");
}

TEST(WithoutCredentials, LeavesOtherTextUnchanged) {
  for (const char* text : {"", "a@b.jpg", "http://example.com/a", "user:secret@host", "see http://a/b for a@b"}) {
    EXPECT_EQ(WithoutCredentials(text), text);
  }
}

}  // namespace
}  // namespace posenet::base
