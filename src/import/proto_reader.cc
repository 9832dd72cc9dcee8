// SPDX-License-Identifier: Apache-2.0
#include "import/proto_reader.h"

#include "base/error.h"

namespace posenet::importer {

Result<std::uint64_t> ProtoReader::TakeVarint(ByteCursor& cursor) {
  constexpr unsigned kBits = 64;
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < kBits; shift += 7) {
    POSENET_ASSIGN_OR_RETURN(const auto byte, cursor.TakeNumber<std::uint8_t>());
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) == 0) return number;
  }
  return base::Fail(ErrorCode::kCorruptData, "a number of more than 64 bits at byte ", cursor.position());
}

Result<std::optional<ProtoField>> ProtoReader::Next() {
  if (cursor_.remaining() == 0) return std::nullopt;
  const std::size_t start = cursor_.position();
  POSENET_ASSIGN_OR_RETURN(const std::uint64_t tag, TakeVarint(cursor_));
  constexpr std::uint64_t kMaxNumber = (std::uint64_t{1} << 29) - 1;
  if (tag >> 3 == 0 || tag >> 3 > kMaxNumber) {
    return base::Fail(ErrorCode::kCorruptData, "field ", tag >> 3, " at byte ", start, " is not valid");
  }
  ProtoField field;
  field.number = static_cast<std::uint32_t>(tag >> 3);
  field.type = static_cast<ProtoType>(tag & 7U);
  switch (field.type) {
    case ProtoType::kVarint: {
      POSENET_ASSIGN_OR_RETURN(field.value, TakeVarint(cursor_));
      return field;
    }
    case ProtoType::kFixed64: {
      POSENET_ASSIGN_OR_RETURN(field.bytes, cursor_.Take(sizeof(std::uint64_t)));
      POSENET_ASSIGN_OR_RETURN(field.value, ByteCursor(field.bytes).TakeNumber<std::uint64_t>());
      return field;
    }
    case ProtoType::kFixed32: {
      POSENET_ASSIGN_OR_RETURN(field.bytes, cursor_.Take(sizeof(std::uint32_t)));
      POSENET_ASSIGN_OR_RETURN(field.value, ByteCursor(field.bytes).TakeNumber<std::uint32_t>());
      return field;
    }
    case ProtoType::kBytes: {
      POSENET_ASSIGN_OR_RETURN(const std::uint64_t size, TakeVarint(cursor_));
      POSENET_ASSIGN_OR_RETURN(field.bytes, cursor_.Take(size));
      return field;
    }
  }
  return base::Fail(ErrorCode::kCorruptData, "the field at byte ", start, " has an unknown type");
}

}  // namespace posenet::importer
