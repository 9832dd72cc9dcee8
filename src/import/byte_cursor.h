// SPDX-License-Identifier: Apache-2.0
// Reads untrusted bytes in order, with bounds checks.
#ifndef POSENET_IMPORT_BYTE_CURSOR_H_
#define POSENET_IMPORT_BYTE_CURSOR_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/error.h"

namespace posenet::importer {

/// Reads `bytes`, which must outlive it, in order. Numbers are little-endian. All errors are kCorruptData and name the
/// position.
class ByteCursor {
 public:
  explicit ByteCursor(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }

  /// The next `count` bytes.
  Result<std::span<const std::byte>> Take(std::uint64_t count) {
    if (count > remaining()) {
      return base::Fail(ErrorCode::kCorruptData, "is truncated: expected ", count, " bytes at byte ", position_,
                        ", found ", remaining());
    }
    const auto taken = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += taken.size();
    return taken;
  }

  Result<std::string_view> TakeText(std::uint64_t count) {
    POSENET_ASSIGN_OR_RETURN(const auto taken, Take(count));
    return std::string_view(reinterpret_cast<const char*>(taken.data()), taken.size());
  }

  template <std::unsigned_integral Number>
  Result<Number> TakeNumber() {
    POSENET_ASSIGN_OR_RETURN(const auto taken, Take(sizeof(Number)));
    Number number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      number = static_cast<Number>(number | static_cast<Number>(std::to_integer<Number>(taken[i]) << (8 * i)));
    }
    return number;
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
};

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_BYTE_CURSOR_H_
