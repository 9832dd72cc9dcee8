// SPDX-License-Identifier: Apache-2.0
// Expectations about decoding.
#ifndef POSENET_MEDIA_TESTING_DECODING_H_
#define POSENET_MEDIA_TESTING_DECODING_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>

#include "media/image_file.h"
#include "media/testing/encoders.h"

namespace posenet::media {

inline Bytes BytesOf(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// Expects that decoding `bytes` fails, with a message that starts with the name and contains `part_of_message`.
inline void ExpectFails(const Bytes& bytes, ErrorCode code, const std::string& part_of_message) {
  const auto image = DecodeImage(bytes, "a.jpg");
  ASSERT_FALSE(image.has_value());
  EXPECT_EQ(image.error().code, code) << image.error().message;
  EXPECT_THAT(image.error().message, ::testing::StartsWith("a.jpg: "));
  EXPECT_THAT(image.error().message, ::testing::HasSubstr(part_of_message));
}

}  // namespace posenet::media

#endif  // POSENET_MEDIA_TESTING_DECODING_H_
