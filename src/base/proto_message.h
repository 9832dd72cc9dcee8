// SPDX-License-Identifier: Apache-2.0
// A writer of protocol buffers. Source: protobuf.dev/programming-guides/encoding.
#ifndef POSENET_BASE_PROTO_MESSAGE_H_
#define POSENET_BASE_PROTO_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace posenet::base {

/// A message under construction. Fields are encoded in the order in which they are added; `field` is the field number
/// of the schema (1 to 2^29 - 1). Elements of a repeated field are added one by one.
class ProtoMessage {
 public:
  /// Fields of type int32, int64 or enum.
  ProtoMessage& AddInt(int field, std::int64_t value);
  /// Fields of type float.
  ProtoMessage& AddFloat(int field, float value);
  /// Fields of type double.
  ProtoMessage& AddDouble(int field, double value);
  /// `text` must be UTF-8.
  ProtoMessage& AddString(int field, std::string_view text);
  /// Takes ownership; large contents are not copied.
  ProtoMessage& AddBytes(int field, std::vector<std::byte> bytes);
  ProtoMessage& AddMessage(int field, ProtoMessage message);

  /// Size of the encoded message in bytes.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// The encoded message, in consecutive chunks.
  [[nodiscard]] const std::vector<std::vector<std::byte>>& chunks() const { return chunks_; }
  /// The encoded message in one string.
  [[nodiscard]] std::string Encoded() const;

 private:
  void AddVarint(std::uint64_t value);
  void AddFixed(std::uint64_t bits, int byte_count);
  void AddTag(int field, std::uint32_t wire_type);
  void AddLength(int field, std::uint64_t size);
  void Copy(std::span<const std::byte> bytes);
  void Absorb(std::vector<std::byte> chunk);

  std::vector<std::vector<std::byte>> chunks_;
  std::uint64_t size_ = 0;
};

}  // namespace posenet::base

#endif  // POSENET_BASE_PROTO_MESSAGE_H_
