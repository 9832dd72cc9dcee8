// SPDX-License-Identifier: Apache-2.0
#include "train/tensorboard.h"

#include <array>
#include <bit>
#include <system_error>
#include <utility>

#include "base/strings.h"
#include "train/failure.h"

namespace posenet::train {
namespace {

// Fields of tensorflow/core/util/event.proto and summary.proto.
constexpr int kEventWallTime = 1;     // double
constexpr int kEventStep = 2;         // int64
constexpr int kEventFileVersion = 3;  // string
constexpr int kEventSummary = 5;      // Summary
constexpr int kSummaryValue = 1;      // Summary.Value, repeated
constexpr int kValueTag = 1;          // string
constexpr int kValueSimple = 2;       // float

std::array<std::uint32_t, 256> MakeCrcTable() {
  constexpr std::uint32_t kPolynomial = 0x82f63b78U;  // Castagnoli's, with bits reversed.
  std::array<std::uint32_t, 256> table = {};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) != 0 ? kPolynomial : 0U);
    table[i] = value;
  }
  return table;
}

template <typename Integer>
std::array<std::byte, sizeof(Integer)> LittleEndian(Integer value) {
  std::array<std::byte, sizeof(Integer)> bytes = {};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(value >> (8 * i));
  return bytes;
}

}  // namespace

std::uint32_t Crc32c(std::span<const std::byte> bytes) {
  static const std::array<std::uint32_t, 256> table = MakeCrcTable();
  std::uint32_t crc = 0xffffffffU;
  for (const std::byte byte : bytes) crc = table[(crc ^ static_cast<std::uint32_t>(byte)) & 255U] ^ (crc >> 8);
  return crc ^ 0xffffffffU;
}

std::uint32_t MaskedCrc32c(std::span<const std::byte> bytes) { return std::rotr(Crc32c(bytes), 15) + 0xa282ead8U; }

TensorBoardLog::TensorBoardLog(const std::filesystem::path& folder, double time_s) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  path_ = folder / base::StrCat("events.out.tfevents.", static_cast<std::int64_t>(time_s), ".posenet");
  file_.open(path_, std::ios::binary | std::ios::app);
  WriteRecord(base::ProtoMessage().AddDouble(kEventWallTime, time_s).AddString(kEventFileVersion, "brain.Event:2"));
}

void TensorBoardLog::Write(double time_s, std::int64_t step, const Scalars& scalars) {
  base::ProtoMessage summary;
  for (const auto& [name, value] : scalars) {
    summary.AddMessage(
        kSummaryValue,
        base::ProtoMessage().AddString(kValueTag, name).AddFloat(kValueSimple, static_cast<float>(value)));
  }
  WriteRecord(base::ProtoMessage()
                  .AddDouble(kEventWallTime, time_s)
                  .AddInt(kEventStep, step)
                  .AddMessage(kEventSummary, std::move(summary)));
}

void TensorBoardLog::WriteRecord(const base::ProtoMessage& event) {
  const std::string encoded = event.Encoded();
  const auto record = std::as_bytes(std::span(encoded));
  const auto put = [this](std::span<const std::byte> bytes) {
    file_.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  };
  const auto length = LittleEndian(static_cast<std::uint64_t>(record.size()));
  put(length);
  put(LittleEndian(MaskedCrc32c(length)));
  put(record);
  put(LittleEndian(MaskedCrc32c(record)));
  file_.flush();
  if (!file_) throw Failure(ErrorCode::kIo, "cannot write ", path_.native());
}

}  // namespace posenet::train
