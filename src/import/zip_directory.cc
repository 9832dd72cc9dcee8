// SPDX-License-Identifier: Apache-2.0
#include "import/zip_directory.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "import/byte_cursor.h"

namespace posenet::importer {
namespace {

using Bytes = std::span<const std::byte>;

// Signatures of records, little-endian.
constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kDirectoryEntry = 0x02014b50;
constexpr std::uint32_t kEndOfDirectory = 0x06054b50;
constexpr std::uint32_t kZip64EndOfDirectory = 0x06064b50;
constexpr std::uint32_t kZip64Locator = 0x07064b50;

constexpr std::size_t kEndOfDirectoryBytes = 22;
constexpr std::size_t kZip64LocatorBytes = 20;
constexpr std::size_t kDirectoryEntryBytes = 46;
constexpr std::size_t kLocalHeaderBytes = 30;
constexpr std::size_t kMaxCommentBytes = 65'535;

// Values that refer to the zip64 record.
constexpr std::uint32_t kSeeZip64 = 0xFFFFFFFF;
constexpr std::uint16_t kSeeZip64Short = 0xFFFF;
constexpr std::uint16_t kZip64Field = 1;

template <typename Number>
Number NumberAt(Bytes record, std::size_t offset) {  // The record is long enough.
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    number = static_cast<Number>(number | static_cast<Number>(std::to_integer<Number>(record[offset + i]) << (8 * i)));
  }
  return number;
}

Result<Bytes> RecordAt(Bytes bytes, std::uint64_t offset, std::uint64_t size, std::uint32_t signature,
                       std::string_view what) {
  if (offset > bytes.size() || size > bytes.size() - offset) {
    return base::Fail(ErrorCode::kCorruptData, what, " should be at byte ", offset, ", the archive has ", bytes.size());
  }
  const Bytes record = bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
  if (NumberAt<std::uint32_t>(record, 0) != signature) {
    return base::Fail(ErrorCode::kCorruptData, what, " is not at byte ", offset, ", where it should be");
  }
  return record;
}

struct Directory {
  std::uint64_t count = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
};

std::optional<std::size_t> FindEndOfDirectory(Bytes bytes) {
  if (bytes.size() < kEndOfDirectoryBytes) return std::nullopt;
  const std::size_t last = bytes.size() - kEndOfDirectoryBytes;
  for (std::size_t back = 0; back <= std::min(last, kMaxCommentBytes); ++back) {
    const std::size_t at = last - back;
    if (NumberAt<std::uint32_t>(bytes, at) == kEndOfDirectory && NumberAt<std::uint16_t>(bytes, at + 20) == back) {
      return at;
    }
  }
  return std::nullopt;
}

Result<Directory> FindDirectory(Bytes bytes) {
  const std::optional<std::size_t> end = FindEndOfDirectory(bytes);
  if (!end) return base::Fail(ErrorCode::kCorruptData, "the zip archive is truncated: it has no directory at its end");
  if (NumberAt<std::uint16_t>(bytes, *end + 4) != 0 || NumberAt<std::uint16_t>(bytes, *end + 6) != 0) {
    return base::Fail(ErrorCode::kUnsupported, "is a zip archive in several parts");
  }
  const Directory directory = {.count = NumberAt<std::uint16_t>(bytes, *end + 10),
                               .size = NumberAt<std::uint32_t>(bytes, *end + 12),
                               .offset = NumberAt<std::uint32_t>(bytes, *end + 16)};
  if (directory.count != kSeeZip64Short && directory.size != kSeeZip64 && directory.offset != kSeeZip64) {
    return directory;
  }
  if (*end < kZip64LocatorBytes) return base::Fail(ErrorCode::kCorruptData, "the zip64 directory has no locator");
  POSENET_ASSIGN_OR_RETURN(const Bytes locator, RecordAt(bytes, *end - kZip64LocatorBytes, kZip64LocatorBytes,
                                                         kZip64Locator, "the locator of the zip64 directory"));
  constexpr std::size_t kZip64EndBytes = 56;
  POSENET_ASSIGN_OR_RETURN(const Bytes record, RecordAt(bytes, NumberAt<std::uint64_t>(locator, 8), kZip64EndBytes,
                                                        kZip64EndOfDirectory, "the end of the zip64 directory"));
  return Directory{.count = NumberAt<std::uint64_t>(record, 32),
                   .size = NumberAt<std::uint64_t>(record, 40),
                   .offset = NumberAt<std::uint64_t>(record, 48)};
}

struct ZipEntry {
  std::string name;
  std::uint64_t stored_size = 0;
  std::uint64_t size = 0;
  std::uint64_t header_offset = 0;
};

// Reads the 64-bit numbers in the extra fields.
Result<void> ReadZip64Field(Bytes extra, ZipEntry& entry) {
  ByteCursor fields(extra);
  while (fields.remaining() > 0) {
    POSENET_ASSIGN_OR_RETURN(const auto id, fields.TakeNumber<std::uint16_t>());
    POSENET_ASSIGN_OR_RETURN(const auto length, fields.TakeNumber<std::uint16_t>());
    POSENET_ASSIGN_OR_RETURN(const Bytes content, fields.Take(length));
    if (id != kZip64Field) continue;
    ByteCursor numbers(content);
    for (std::uint64_t* number : {&entry.size, &entry.stored_size, &entry.header_offset}) {
      if (*number != kSeeZip64) continue;
      POSENET_ASSIGN_OR_RETURN(*number, numbers.TakeNumber<std::uint64_t>());
    }
    return {};
  }
  return base::Fail(ErrorCode::kCorruptData, "its zip64 sizes are missing");
}

Result<ZipEntry> ReadEntry(ByteCursor& directory) {
  POSENET_ASSIGN_OR_RETURN(const Bytes record, directory.Take(kDirectoryEntryBytes));
  if (NumberAt<std::uint32_t>(record, 0) != kDirectoryEntry) {
    return base::Fail(ErrorCode::kCorruptData, "an entry of the zip directory has no signature");
  }
  POSENET_ASSIGN_OR_RETURN(const std::string_view name, directory.TakeText(NumberAt<std::uint16_t>(record, 28)));
  POSENET_ASSIGN_OR_RETURN(const Bytes extra, directory.Take(NumberAt<std::uint16_t>(record, 30)));
  POSENET_RETURN_IF_ERROR(directory.Take(NumberAt<std::uint16_t>(record, 32)));  // The comment.
  ZipEntry entry = {.name = std::string(name),
                    .stored_size = NumberAt<std::uint32_t>(record, 20),
                    .size = NumberAt<std::uint32_t>(record, 24),
                    .header_offset = NumberAt<std::uint32_t>(record, 42)};
  const std::string printable = base::Printable(name);
  if ((NumberAt<std::uint16_t>(record, 8) & 1U) != 0) {
    return base::Fail(ErrorCode::kUnsupported, printable, " in the zip archive is encrypted");
  }
  if (NumberAt<std::uint16_t>(record, 10) != 0) {
    return base::Fail(ErrorCode::kUnsupported, printable,
                      " in the zip archive is compressed; expected it to be stored");
  }
  if (entry.size == kSeeZip64 || entry.stored_size == kSeeZip64 || entry.header_offset == kSeeZip64) {
    if (auto read = ReadZip64Field(extra, entry); !read) return base::FailIn(read.error(), printable);
  }
  if (entry.size != entry.stored_size) {
    return base::Fail(ErrorCode::kCorruptData, printable, " in the zip archive has two sizes: ", entry.stored_size,
                      " and ", entry.size);
  }
  return entry;
}

// The contents of the entry's file. The local header has its own lengths of name and extra fields.
Result<Bytes> ContentOf(Bytes bytes, const ZipEntry& entry) {
  POSENET_ASSIGN_OR_RETURN(const Bytes header, RecordAt(bytes, entry.header_offset, kLocalHeaderBytes, kLocalHeader,
                                                        base::Printable(entry.name)));
  ByteCursor rest(bytes.subspan(static_cast<std::size_t>(entry.header_offset) + kLocalHeaderBytes));
  POSENET_RETURN_IF_ERROR(rest.Take(NumberAt<std::uint16_t>(header, 26)));
  POSENET_RETURN_IF_ERROR(rest.Take(NumberAt<std::uint16_t>(header, 28)));
  auto content = rest.Take(entry.size);
  if (!content) return base::FailIn(content.error(), base::Printable(entry.name), " in the zip archive");
  return content;
}

Result<void> CheckDisjoint(const ZipFiles& files) {
  std::vector<std::pair<const std::byte*, const std::byte*>> ranges;
  ranges.reserve(files.size());
  for (const auto& [name, content] : files) {
    if (!content.empty()) ranges.emplace_back(content.data(), content.data() + content.size());
  }
  std::sort(ranges.begin(), ranges.end());
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].first < ranges[i - 1].second) {
      return base::Fail(ErrorCode::kCorruptData, "files of the zip archive overlap");
    }
  }
  return {};
}

}  // namespace

bool IsZip(Bytes bytes) {
  if (bytes.size() < sizeof(std::uint32_t)) return false;
  const auto signature = NumberAt<std::uint32_t>(bytes, 0);
  return signature == kLocalHeader || signature == kEndOfDirectory;
}

Result<ZipFiles> ReadZipDirectory(Bytes bytes) {
  POSENET_ASSIGN_OR_RETURN(const Directory where, FindDirectory(bytes));
  if (where.offset > bytes.size() || where.size > bytes.size() - where.offset ||
      where.count > where.size / kDirectoryEntryBytes) {
    return base::Fail(ErrorCode::kCorruptData, "the zip directory claims ", where.count, " entries in ", where.size,
                      " bytes at byte ", where.offset, ", the archive has ", bytes.size());
  }
  ByteCursor directory(bytes.subspan(static_cast<std::size_t>(where.offset), static_cast<std::size_t>(where.size)));
  ZipFiles files;
  for (std::uint64_t i = 0; i < where.count; ++i) {
    POSENET_ASSIGN_OR_RETURN(ZipEntry entry, ReadEntry(directory));
    POSENET_ASSIGN_OR_RETURN(const Bytes content, ContentOf(bytes, entry));
    if (files.contains(entry.name)) {
      return base::Fail(ErrorCode::kCorruptData, "the zip archive has two files called ", base::Printable(entry.name));
    }
    files.emplace(std::move(entry.name), content);
  }
  POSENET_RETURN_IF_ERROR(CheckDisjoint(files));
  return files;
}

}  // namespace posenet::importer
