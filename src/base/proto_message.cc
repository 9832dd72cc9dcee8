// SPDX-License-Identifier: Apache-2.0
#include "base/proto_message.h"

#include <bit>
#include <utility>

namespace posenet::base {
namespace {

constexpr std::uint32_t kVarint = 0;
constexpr std::uint32_t kFixed64 = 1;
constexpr std::uint32_t kLengthDelimited = 2;
constexpr std::uint32_t kFixed32 = 5;

// A length precedes its content, so an inner message must be complete before the outer one is encoded. To avoid copying
// weights at each level, chunks above this size are moved to the outer message.
constexpr std::size_t kChunkBytes = 4096;

}  // namespace

ProtoMessage& ProtoMessage::AddInt(int field, std::int64_t value) {
  AddTag(field, kVarint);
  AddVarint(static_cast<std::uint64_t>(value));  // Negative numbers as 64 bits of two's complement.
  return *this;
}

ProtoMessage& ProtoMessage::AddFloat(int field, float value) {
  AddTag(field, kFixed32);
  AddFixed(std::bit_cast<std::uint32_t>(value), 4);
  return *this;
}

ProtoMessage& ProtoMessage::AddDouble(int field, double value) {
  AddTag(field, kFixed64);
  AddFixed(std::bit_cast<std::uint64_t>(value), 8);
  return *this;
}

ProtoMessage& ProtoMessage::AddString(int field, std::string_view text) {
  AddLength(field, text.size());
  Copy(std::as_bytes(std::span(text.data(), text.size())));
  return *this;
}

ProtoMessage& ProtoMessage::AddBytes(int field, std::vector<std::byte> bytes) {
  AddLength(field, bytes.size());
  Absorb(std::move(bytes));
  return *this;
}

ProtoMessage& ProtoMessage::AddMessage(int field, ProtoMessage message) {
  AddLength(field, message.size_);
  for (std::vector<std::byte>& chunk : message.chunks_) Absorb(std::move(chunk));
  return *this;
}

std::string ProtoMessage::Encoded() const {
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(size_));
  for (const std::vector<std::byte>& chunk : chunks_) {
    bytes.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
  }
  return bytes;
}

// Seven bits per byte, lowest first; the eighth bit is set if more bytes follow.
void ProtoMessage::AddVarint(std::uint64_t value) {
  for (; value > 0x7F; value >>= 7) {
    const auto byte = static_cast<std::byte>(value | 0x80);
    Copy({&byte, 1});
  }
  const auto last = static_cast<std::byte>(value);
  Copy({&last, 1});
}

void ProtoMessage::AddFixed(std::uint64_t bits, int byte_count) {
  for (int i = 0; i < byte_count; ++i) {
    const auto byte = static_cast<std::byte>(bits >> (8 * i) & 0xFFU);
    Copy({&byte, 1});
  }
}

void ProtoMessage::AddTag(int field, std::uint32_t wire_type) {
  AddVarint(static_cast<std::uint64_t>(field) << 3 | wire_type);
}

void ProtoMessage::AddLength(int field, std::uint64_t size) {
  AddTag(field, kLengthDelimited);
  AddVarint(size);
}

void ProtoMessage::Copy(std::span<const std::byte> bytes) {
  if (chunks_.empty() || chunks_.back().size() > kChunkBytes) chunks_.emplace_back();
  chunks_.back().insert(chunks_.back().end(), bytes.begin(), bytes.end());
  size_ += bytes.size();
}

void ProtoMessage::Absorb(std::vector<std::byte> chunk) {
  if (chunk.size() <= kChunkBytes) return Copy(chunk);
  size_ += chunk.size();
  chunks_.push_back(std::move(chunk));
}

}  // namespace posenet::base
