// SPDX-License-Identifier: Apache-2.0
// Protocol buffers, as far as reading goes. Source: protobuf.dev/programming-guides/encoding.
#ifndef POSENET_IMPORT_PROTO_READER_H_
#define POSENET_IMPORT_PROTO_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "import/byte_cursor.h"
#include "posenet/result.h"

namespace posenet::importer {

/// How a field is written.
enum class ProtoType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// A field of a message: the number that the schema gives it, and its content.
struct ProtoField {
  std::uint32_t number = 0;
  ProtoType type = ProtoType::kVarint;
  std::uint64_t value = 0;           ///< Of all types but kBytes; of kFixed32 and kFixed64 the bits.
  std::span<const std::byte> bytes;  ///< Of kBytes: a text, a message, packed numbers; of fixed ones their bytes.
};

/// Hands out the fields of a message one by one. `message` must outlive it and the fields.
class ProtoReader {
 public:
  explicit ProtoReader(std::span<const std::byte> message) : cursor_(message) {}

  /// The next field, or nothing at the end. Errors: kCorruptData for what is cut off or no field, kUnsupported for
  /// groups, which schemas of the last twenty years do not have.
  Result<std::optional<ProtoField>> Next();

  /// A number in seven bits a byte, as packed fields have them one behind the other. Errors: kCorruptData.
  static Result<std::uint64_t> TakeVarint(ByteCursor& cursor);

 private:
  ByteCursor cursor_;
};

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_PROTO_READER_H_
