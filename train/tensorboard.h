// SPDX-License-Identifier: Apache-2.0
// TensorBoard event files: protocol buffers, each preceded by its length and followed by its checksum.
#ifndef POSENET_TRAIN_TENSORBOARD_H_
#define POSENET_TRAIN_TENSORBOARD_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/proto_message.h"

namespace posenet::train {

/// The values of one step, by name.
using Scalars = std::vector<std::pair<std::string, double>>;

/// Appends events to a file "events.out.tfevents.<time>.posenet", flushed after each event.
class TensorBoardLog {
 public:
  /// Creates `folder` if needed. `time_s` is in seconds since 1970. Throws TrainError (kIo).
  TensorBoardLog(const std::filesystem::path& folder, double time_s);

  /// Throws TrainError (kIo).
  void Write(double time_s, std::int64_t step, const Scalars& scalars);

 private:
  void WriteRecord(const base::ProtoMessage& event);

  std::filesystem::path path_;
  std::ofstream file_;
};

/// CRC-32C (Castagnoli), and as TFRecord stores it: rotated by 15 bits, plus 0xa282ead8.
/// Source: tensorflow/core/lib/hash/crc32c.h.
std::uint32_t Crc32c(std::span<const std::byte> bytes);
std::uint32_t MaskedCrc32c(std::span<const std::byte> bytes);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TENSORBOARD_H_
