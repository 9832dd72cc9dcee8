// SPDX-License-Identifier: Apache-2.0
// TensorBoard's event files: records of a length, the record and their checksums, each record a protocol buffer.
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

/// Numbers of one step, by name.
using Scalars = std::vector<std::pair<std::string, double>>;

/// Appends events to a file "events.out.tfevents.<time>.posenet" in a folder, one flush for each.
class TensorBoardLog {
 public:
  /// Creates the folder where it is not there. `time_s` is seconds since 1970. Throws TrainError (kIo).
  TensorBoardLog(const std::filesystem::path& folder, double time_s);

  /// Throws TrainError (kIo).
  void Write(double time_s, std::int64_t step, const Scalars& scalars);

 private:
  void WriteRecord(const base::ProtoMessage& event);

  std::filesystem::path path_;
  std::ofstream file_;
};

/// CRC-32C (Castagnoli), and the form that TFRecord keeps it in: rotated by 15 bits, plus 0xa282ead8.
/// Source: tensorflow/core/lib/hash/crc32c.h.
std::uint32_t Crc32c(std::span<const std::byte> bytes);
std::uint32_t MaskedCrc32c(std::span<const std::byte> bytes);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TENSORBOARD_H_
