// SPDX-License-Identifier: Apache-2.0
#include "base/proto_message.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace posenet::base {
namespace {

using std::string_view_literals::operator""sv;

std::string Encode(const ProtoMessage& message) {
  EXPECT_EQ(message.Encoded().size(), message.size());
  return message.Encoded();
}

// The first three are examples from protobuf.dev/programming-guides/encoding.
TEST(ProtoMessageTest, EncodesVarints) { EXPECT_EQ(Encode(ProtoMessage().AddInt(1, 150)), "\x08\x96\x01"sv); }

TEST(ProtoMessageTest, PrefixesTextWithItsLength) {
  EXPECT_EQ(Encode(ProtoMessage().AddString(2, "testing")), "\x12\x07testing"sv);
}

TEST(ProtoMessageTest, PrefixesMessagesWithTheirLength) {
  EXPECT_EQ(Encode(ProtoMessage().AddMessage(3, ProtoMessage().AddInt(1, 150))), "\x1a\x03\x08\x96\x01"sv);
}

TEST(ProtoMessageTest, EncodesTheLimitsOfInt64) {
  EXPECT_EQ(Encode(ProtoMessage().AddInt(1, 0)), "\x08\x00"sv);
  EXPECT_EQ(Encode(ProtoMessage().AddInt(1, 127)), "\x08\x7f"sv);
  EXPECT_EQ(Encode(ProtoMessage().AddInt(1, 128)), "\x08\x80\x01"sv);
  EXPECT_EQ(Encode(ProtoMessage().AddInt(1, -1)), "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv);
  EXPECT_EQ(Encode(ProtoMessage().AddInt(1, std::numeric_limits<std::int64_t>::max())),
            "\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f"sv);
  EXPECT_EQ(Encode(ProtoMessage().AddInt(1, std::numeric_limits<std::int64_t>::min())),
            "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"sv);
}

TEST(ProtoMessageTest, EncodesFloatingPointInLittleEndian) {
  EXPECT_EQ(Encode(ProtoMessage().AddFloat(1, -2.5F)), "\x0d\x00\x00\x20\xc0"sv);
  EXPECT_EQ(Encode(ProtoMessage().AddDouble(1, -2.5)), "\x09\x00\x00\x00\x00\x00\x00\x04\xc0"sv);
}

TEST(ProtoMessageTest, EncodesFieldNumbersAboveFifteen) {
  EXPECT_EQ(Encode(ProtoMessage().AddInt(15, 1)), "\x78\x01"sv);
  EXPECT_EQ(Encode(ProtoMessage().AddInt(16, 1)), "\x80\x01\x01"sv);
}

TEST(ProtoMessageTest, EncodesEmptyContents) {
  EXPECT_EQ(Encode(ProtoMessage()), "");
  EXPECT_EQ(Encode(ProtoMessage().AddString(1, "").AddBytes(2, {}).AddMessage(3, {})), "\x0a\x00\x12\x00\x1a\x00"sv);
}

TEST(ProtoMessageTest, KeepsTheOrderOfFields) {
  EXPECT_EQ(Encode(ProtoMessage().AddInt(2, 1).AddInt(1, 2).AddInt(2, 3)), "\x10\x01\x08\x02\x10\x03"sv);
}

// Contents on both sides of the size above which they are moved instead of copied, nested in three messages.
TEST(ProtoMessageTest, EncodesContentsOfAnySize) {
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 100'000U}) {
    const std::vector<std::byte> content(size, std::byte{'x'});
    ProtoMessage inner;
    inner.AddInt(1, 7).AddBytes(2, content).AddInt(3, 8);
    ProtoMessage middle;
    middle.AddInt(4, 9).AddMessage(5, inner).AddString(6, "behind");
    const std::string bytes = Encode(ProtoMessage().AddMessage(7, middle).AddInt(8, 10));

    const std::string expected_inner =
        "\x08\x07" + Encode(ProtoMessage().AddString(2, std::string(size, 'x'))) + "\x18\x08";
    const std::string expected_middle = "\x20\x09" + Encode(ProtoMessage().AddString(5, expected_inner)) +
                                        "\x32\x06"
                                        "behind";
    EXPECT_EQ(bytes, Encode(ProtoMessage().AddString(7, expected_middle)) + "\x40\x0a") << size;
  }
}

}  // namespace
}  // namespace posenet::base
