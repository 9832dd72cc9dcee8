// SPDX-License-Identifier: Apache-2.0
#include "server/multipart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>

namespace posenet::server {
namespace {

using ::testing::HasSubstr;

constexpr const char* kType = "multipart/form-data; boundary=XX";

std::string Part(const std::string& disposition, const std::string& content) {
  return "--XX\r\nContent-Disposition: " + disposition + "\r\nContent-Type: image/jpeg\r\n\r\n" + content + "\r\n";
}

TEST(MediaTypeOf, DropsParametersAndCase) {
  EXPECT_EQ(MediaTypeOf(" Multipart/Form-Data ; boundary=x"), "multipart/form-data");
  EXPECT_EQ(MediaTypeOf(""), "");
}

TEST(ParseForm, ReturnsTheFile) {
  const std::string content("\xFF\xD8\r\n--X\r\n\0--", 11);
  const std::string body =
      "preamble\r\n" + Part(R"(form-data; name="image"; filename="C:\\a/b\"c.jpg")", content) + "--XX--\r\nend";
  const auto file = ParseForm(kType, body);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(file->name, "b\"c.jpg");
  EXPECT_EQ(file->content, content);
}

TEST(ParseForm, ReadsQuotedBoundariesAndBareNames) {
  const std::string body = Part("FORM-DATA; filename=a.png; name=x", "1") + "--XX--";
  const auto file = ParseForm("multipart/form-data; charset=utf-8; Boundary=\"XX\"", body);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_EQ(file->name, "a.png");
  EXPECT_EQ(file->content, "1");
}

TEST(ParseForm, ErrorsNameTheProblem) {
  const std::string file = Part("form-data; name=a; filename=a", "1");
  const auto message = [](const std::string& type, const std::string& body) {
    const auto parsed = ParseForm(type, body);
    return parsed.has_value() ? "succeeded with " + parsed->name : parsed.error().message;
  };
  EXPECT_THAT(message("multipart/form-data", file), HasSubstr("without a boundary"));
  EXPECT_THAT(message("multipart/form-data; boundary=", file), HasSubstr("without a boundary"));
  EXPECT_THAT(message("multipart/form-data; boundary=" + std::string(71, 'x'), file), HasSubstr("without a boundary"));
  EXPECT_THAT(message(kType, ""), HasSubstr("not in its body"));
  EXPECT_THAT(message(kType, file), HasSubstr("truncated"));
  EXPECT_THAT(message(kType, "--XXy"), HasSubstr("line break"));
  EXPECT_THAT(message(kType, "--XX--"), HasSubstr("no file"));
  EXPECT_THAT(message(kType, Part("form-data; name=max-poses", "1") + file + "--XX--"),
              HasSubstr("has the field 'max-poses'"));
  EXPECT_THAT(message(kType, file + file + "--XX--"), HasSubstr("more than one"));
  EXPECT_THAT(message(kType, "--XX\r\n\r\nx\r\n--XX--"), HasSubstr("Content-Disposition"));
  EXPECT_THAT(message(kType, "--XX\r\n" + std::string(9000, 'x') + "\r\n\r\n1\r\n--XX--"), HasSubstr("8192 bytes"));
}

// Parsing terminates, and its result lies within the body (which AddressSanitizer checks).
TEST(ParseForm, SurvivesMutations) {
  const std::string whole = Part("form-data; name=\"image\"; filename=\"a.jpg\"", "12345") + "--XX--\r\n";
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) {
    std::string body = whole;
    for (std::uint32_t changes = random() % 4 + 1; changes > 0; --changes) {
      const std::size_t at = random() % body.size();
      if (random() % 3 == 0) body.erase(at, random() % 8);
      if (body.empty()) body = "x";
      body[random() % body.size()] = "-X\r\n\";=\0 a"[random() % 10];
    }
    const auto file = ParseForm(i % 2 == 0 ? kType : "multipart/form-data; boundary=\"X", body);
    if (file.has_value()) {
      EXPECT_LE(file->content.size(), body.size());
    }
  }
}

}  // namespace
}  // namespace posenet::server
