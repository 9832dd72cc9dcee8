// SPDX-License-Identifier: Apache-2.0
#include "report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>

#include "base/testing/temporary_folder.h"
#include "report/escape.h"

namespace posenet::report {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Encode(std::string_view text) { return Base64(std::as_bytes(std::span(text))); }

// The vectors of RFC 4648, section 10.
TEST(Base64, MatchesTheVectorsOfTheRfc) {
  EXPECT_EQ(Encode(""), "");
  EXPECT_EQ(Encode("f"), "Zg==");
  EXPECT_EQ(Encode("fo"), "Zm8=");
  EXPECT_EQ(Encode("foo"), "Zm9v");
  EXPECT_EQ(Encode("foob"), "Zm9vYg==");
  EXPECT_EQ(Encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(Encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Encode("\xFB\xFF"), "+/8=");
}

TEST(Escape, ReplacesMarkup) {
  EXPECT_EQ(Escape("<b a=\"1\" c='2'>&"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
  EXPECT_EQ(Escape("a\nb\xFF"), "a?b?");
}

TEST(Number, HasNoTrailingZerosAndIsFinite) {
  EXPECT_EQ(Number(1.5), "1.5");
  EXPECT_EQ(Number(-0.001), "0");
  EXPECT_EQ(Number(1e6, 0), "1000000");
  EXPECT_EQ(Number(NAN), "0");
}

TEST(Page, EscapesTextAndLoadsNothing) {
  Page page("<script>alert(1)</script>");
  page.Heading("a & b");
  page.Warning("<i>");
  page.Table({{"NAME"}, {"<td>"}});
  const std::array images = {Page::Image{.jpeg = {std::byte{1}}, .caption = "\"onload=\"x"}};
  page.Images(images);
  const std::string html = page.Html();
  EXPECT_THAT(html, AllOf(HasSubstr("a &amp; b"), HasSubstr("&lt;i&gt;"), HasSubstr("<td>&lt;td&gt;</td>"),
                          HasSubstr("data:image/jpeg;base64,AQ=="), HasSubstr("prefers-color-scheme: dark")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("\"onload")), Not(HasSubstr("http://")),
                          Not(HasSubstr("https://"))));
}

TEST(Page, WritesToItsFolder) {
  const base::TemporaryFolder folder;
  const std::filesystem::path& root = folder.path();
  ASSERT_TRUE(Page("a").Write(root / "b"));
  EXPECT_TRUE(std::filesystem::exists(root / "b/index.html"));
  folder.Write("file", "in the way");
  EXPECT_FALSE(Page("a").Write(root / "file"));
}

}  // namespace
}  // namespace posenet::report
