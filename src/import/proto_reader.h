// SPDX-License-Identifier: Apache-2.0
// Reads protocol buffers. Source: protobuf.dev/programming-guides/encoding.
#ifndef POSENET_IMPORT_PROTO_READER_H_
#define POSENET_IMPORT_PROTO_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "import/byte_cursor.h"
#include "posenet/result.h"

namespace posenet::importer {

/// The wire type of a field.
enum class ProtoType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// A field of a message: its number in the schema, and its contents.
struct ProtoField {
  std::uint32_t number = 0;
  ProtoType type = ProtoType::kVarint;
  std::uint64_t value = 0;  ///< For all types but kBytes; for kFixed32 and kFixed64 the bits.
  std::span<const std::byte>
      bytes;  ///< For kBytes a string, a message or packed numbers; for kFixed32 and kFixed64 their bytes.
};

/// Iterates over the fields of a message, which must outlive it and the fields.
class ProtoReader {
 public:
  explicit ProtoReader(std::span<const std::byte> message) : cursor_(message) {}

  /// The next field; nothing at the end. Errors: kCorruptData for truncated and invalid fields, kUnsupported for
  /// groups, which have been deprecated for twenty years.
  Result<std::optional<ProtoField>> Next();

  /// A number of seven bits per byte, such as in packed fields. Errors: kCorruptData.
  static Result<std::uint64_t> TakeVarint(ByteCursor& cursor);

 private:
  ByteCursor cursor_;
};

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_PROTO_READER_H_
