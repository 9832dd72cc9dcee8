// SPDX-License-Identifier: Apache-2.0
#include "server/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/testing/temporary_folder.h"

namespace posenet::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ReadTokenFile, ReadsOneLine) {
  const base::TemporaryFolder folder;
  EXPECT_EQ(*ReadTokenFile(folder.Write("a", "0123456789abcdef\n")), "0123456789abcdef");
  EXPECT_EQ(*ReadTokenFile(folder.Write("b", "  0123456789abc+/=\r\n\n")), "0123456789abc+/=");
}

TEST(ReadTokenFile, RejectsInvalidTokensWithoutRevealingThem) {
  const base::TemporaryFolder folder;
  EXPECT_EQ(ReadTokenFile(folder.path() / "none").error().code, ErrorCode::kNotFound);
  for (const std::string& content :
       {std::string(), std::string("short-secret"), std::string("two lines of\nsecret text"), std::string(513, 'x'),
        std::string("0123456789abcdef\xC3\xA9")}) {
    const auto token = ReadTokenFile(folder.Write("bad", content));
    ASSERT_FALSE(token.has_value()) << content;
    EXPECT_EQ(token.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(token.error().message, HasSubstr("16 to 512"));
    EXPECT_THAT(token.error().message, Not(HasSubstr("secret")));
  }
}

TEST(EqualInConstantTime, IsEquality) {
  EXPECT_TRUE(EqualInConstantTime("secret", "secret"));
  for (const std::string given : {"", "secre", "secret ", "Secret", "secrex", "secretsecret"}) {
    EXPECT_FALSE(EqualInConstantTime("secret", given)) << given;
  }
}

TEST(Tokens, AreReadFromFields) {
  EXPECT_EQ(TokenOfAuthorization("Bearer abc"), "abc");
  EXPECT_EQ(TokenOfAuthorization("bearer  abc "), "abc");
  EXPECT_EQ(TokenOfAuthorization("Basic abc"), std::nullopt);
  EXPECT_EQ(TokenOfAuthorization("Bearer"), std::nullopt);
  EXPECT_EQ(TokenOfAuthorization(""), std::nullopt);
}

TEST(Tokens, AreReadFromSubprotocols) {
  // base64url of "a?>~b" is YT8-fmI
  EXPECT_EQ(TokenOfProtocols("posenet.v1, posenet.bearer.YT8-fmI"), "a?>~b");
  EXPECT_EQ(TokenOfProtocols("posenet.v1"), std::nullopt);
  EXPECT_EQ(TokenOfProtocols("posenet.bearer.%%%"), std::nullopt);
  EXPECT_TRUE(OffersProtocol("x, posenet.v1 ,y", kStreamProtocol));
  EXPECT_FALSE(OffersProtocol("posenet.v10", kStreamProtocol));
  EXPECT_FALSE(OffersProtocol("", kStreamProtocol));
}

}  // namespace
}  // namespace posenet::server
