// SPDX-License-Identifier: Apache-2.0
#include "train/tensorboard.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/testing/temporary_folder.h"
#include "train/failure.h"

namespace posenet::train {
namespace {

TEST(Crc32c, MatchesPublishedValues) {
  // RFC 3720, appendix B.4: 32 bytes of zeros.
  const std::vector<std::byte> zeros(32);
  EXPECT_EQ(Crc32c(zeros), 0x8a9136aaU);
  // The check value of CRC catalogs.
  const std::string digits = "123456789";
  EXPECT_EQ(Crc32c(std::as_bytes(std::span(digits))), 0xe3069283U);
}

template <typename Integer>
Integer ReadInteger(const std::byte* bytes) {
  Integer value = 0;
  std::memcpy(&value, bytes, sizeof(value));  // On a little-endian machine.
  return value;
}

TEST(TensorBoardLog, WritesRecordsWithLengthsAndChecksums) {
  const base::TemporaryFolder folder;
  TensorBoardLog log(folder.path() / "events", 1.7e9);
  log.Write(1.7e9, 12, {{"loss/total", 0.5}});
  const std::vector<std::byte> file =
      ValueOf(base::ReadFile(folder.path() / "events" / "events.out.tfevents.1700000000.posenet", 1 << 20));
  std::size_t at = 0;
  int record_count = 0;
  while (at < file.size()) {
    ASSERT_LE(at + 12, file.size());
    const std::span length_bytes(file.data() + at, 8);
    const auto length = ReadInteger<std::uint64_t>(length_bytes.data());
    EXPECT_EQ(ReadInteger<std::uint32_t>(file.data() + at + 8), MaskedCrc32c(length_bytes));
    ASSERT_LE(at + 16 + length, file.size());
    const std::span record(file.data() + at + 12, length);
    EXPECT_EQ(ReadInteger<std::uint32_t>(file.data() + at + 12 + length), MaskedCrc32c(record));
    at += 16 + length;
    ++record_count;
  }
  EXPECT_EQ(record_count, 2) << "the version and one event";
}

}  // namespace
}  // namespace posenet::train
