// SPDX-License-Identifier: Apache-2.0
#include "model/json_reader.h"

#include <gtest/gtest.h>

#include "model/testing/bytes.h"

namespace posenet::model {
namespace {

TEST(ParseStrictJson, ReadsEveryKindOfValue) {
  const auto document = ParseStrictJson(R"( {"a": [1, -2, 3.5, null, true, "x"], "b": {"c": {}}} )");
  ASSERT_THAT(document, base::Succeeds());
  EXPECT_EQ(document->dump(), R"({"a":[1,-2,3.5,null,true,"x"],"b":{"c":{}}})");
}

TEST(ParseStrictJson, RefusesInvalidJson) {
  for (const std::string text : {"", " ", "{", "{\"a\":}", "[1,]", "{\"a\":1,}", "nul", "{} x", "{'a':1}", "[01]",
                                 "\"\\x\"", "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "[1e999]", "// c\n1"}) {
    EXPECT_THAT(ParseStrictJson(text), base::FailsWith(ErrorCode::kCorruptData, "is not valid JSON at byte ")) << text;
  }
}

TEST(ParseStrictJson, RefusesWhatLenientParsersAccept) {
  EXPECT_THAT(ParseStrictJson(R"({"a":1,"b":2,"a":1})"),
              base::FailsWith(ErrorCode::kCorruptData, "\"a\" appears twice"));
  EXPECT_THAT(ParseStrictJson(R"([{"k":{"a":1,"\u0061":1}}])"),
              base::FailsWith(ErrorCode::kCorruptData, "\"a\" appears twice"));
  EXPECT_THAT(ParseStrictJson(std::string_view("{}\0{}", 5)), base::FailsWith(ErrorCode::kCorruptData, "byte 3"));
  EXPECT_THAT(ParseStrictJson("\xEF\xBB\xBF{}"), base::FailsWith(ErrorCode::kCorruptData, "byte order mark"));
}

TEST(ParseStrictJson, BoundsDepthAndCount) {
  EXPECT_THAT(ParseStrictJson(std::string(32, '[') + std::string(32, ']')), base::Succeeds());
  EXPECT_THAT(ParseStrictJson(std::string(33, '[') + std::string(33, ']')),
              base::FailsWith(ErrorCode::kCorruptData, "nested deeper than 32"));
  EXPECT_THAT(ParseStrictJson(std::string(50'000'000, '[')), base::FailsWith(ErrorCode::kCorruptData, "nested deeper"));
  std::string many = "[0";
  for (int i = 0; i < (1 << 20); ++i) many += ",0";
  EXPECT_THAT(ParseStrictJson(many + "]"),
              base::FailsWith(ErrorCode::kResourceExhausted, "more than 1048576 JSON values"));
}

class JsonNodeTest : public testing::Test {
 protected:
  JsonNode Root(std::string_view text) {
    error_.reset();
    document_ = *ParseStrictJson(text);
    return JsonNode(document_, error_);
  }
  [[nodiscard]] std::string Message() const { return error_ ? error_->message : ""; }

  nlohmann::json document_;
  std::optional<Error> error_;
};

TEST_F(JsonNodeTest, ReadsValues) {
  const JsonNode root = Root(R"({"s": "x", "i": -5, "f": 0.5, "a": [7], "big": 9223372036854775807})");
  EXPECT_EQ(root.Member("s").String(), "x");
  EXPECT_EQ(root.Member("i").Integer(-5, 5), -5);
  EXPECT_EQ(root.Member("f").Float(), 0.5F);
  EXPECT_EQ(root.Member("a").ArraySize(1, 1), 1U);
  EXPECT_EQ(root.Member("a").Element(0).Int(7, 7), 7);
  EXPECT_EQ(root.Member("big").Integer(0, INT64_MAX), INT64_MAX);
  EXPECT_EQ(Message(), "");
}

TEST_F(JsonNodeTest, NamesThePathOfAMismatch) {
  (void)Root(R"({"a": [{"b": [1, "two"]}]})").Member("a").Element(0).Member("b").Element(1).Int(0, 9);
  EXPECT_EQ(Message(), "a[0].b[1]: expected a whole number from 0 to 9, got \"two\"");
  (void)Root(R"({"a": {}})").Member("a").Member("b").String();
  EXPECT_EQ(Message(), "a.b: is missing");
  (void)Root("[]").Member("x");
  EXPECT_EQ(Message(), "the document: expected an object, got an array of 0");
}

TEST_F(JsonNodeTest, KeepsTheFirstMismatch) {
  const JsonNode root = Root(R"({"a": 1, "b": 2})");
  (void)root.Member("a").String();
  (void)root.Member("b").String();
  EXPECT_EQ(Message(), "a: expected a string, got 1");
}

TEST_F(JsonNodeTest, ChecksTheRangesOfNumbers) {
  for (const std::string text :
       {"1.0", "1e0", "-1", "11", "18446744073709551615", "99999999999999999999", "true", "null", "\"1\"", "[]"}) {
    EXPECT_EQ(Root(text).Int(0, 10), 0) << text;
    EXPECT_NE(Message(), "") << text;
  }
  for (const std::string text : {"1e39", "-1e39", "\"1\"", "null"}) {
    EXPECT_EQ(Root(text).Float(), 0.0F) << text;
    EXPECT_NE(Message(), "") << text;
  }
}

TEST_F(JsonNodeTest, RefusesUnknownMembers) {
  Root(R"({"a": 1, "b": 2})").AllowOnly({"b", "a"});
  EXPECT_EQ(Message(), "");
  Root(R"({"a": 1, "c": 2})").AllowOnly({"b", "a"});
  EXPECT_EQ(Message(), "c: is an unknown key");
}

}  // namespace
}  // namespace posenet::model
