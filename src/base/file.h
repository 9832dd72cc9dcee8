// SPDX-License-Identifier: Apache-2.0
// Files: read completely or memory-mapped, and written atomically.
#ifndef POSENET_BASE_FILE_H_
#define POSENET_BASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "posenet/result.h"

namespace posenet::base {

/// The content of a file, device or pipe of at most `max_bytes`.
/// Errors: kNotFound, kPermissionDenied, kIo; kResourceExhausted if it is longer.
Result<std::vector<std::byte>> ReadFile(const std::filesystem::path& path, std::size_t max_bytes);

/// The same for an open file descriptor; `name` identifies it in error messages.
Result<std::vector<std::byte>> ReadDescriptor(int descriptor, std::string_view name, std::size_t max_bytes);

/// A read-only memory mapping of a file, aligned to a page. Move-only.
class MappedFile {
 public:
  /// Errors: kNotFound, kPermissionDenied, kIo; kCorruptData if the file is empty or not a regular file.
  static Result<MappedFile> Open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::span<const std::byte> bytes_;
};

/// Writes a temporary file next to its target, which Commit renames to the target. Without Commit, or after an error,
/// the temporary file is removed and an existing target is left unchanged. Targets that are not regular files, such as
/// /dev/null or a pipe, are written directly. Move-only.
class AtomicFile {
 public:
  /// Errors: kNotFound if the folder does not exist; kPermissionDenied, kIo; kInvalidArgument for a folder.
  static Result<AtomicFile> Create(const std::filesystem::path& path);

  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) noexcept;
  ~AtomicFile();

  /// Appends. Errors: kIo, such as for a full disk.
  Result<void> Write(std::span<const std::byte> bytes);
  Result<void> Write(std::string_view text);

  /// Overwrites at `offset` bytes from the start, for formats whose header is known last; does not move the position of
  /// Write. Errors: kIo, also if is_seekable() is false.
  Result<void> WriteAt(std::uint64_t offset, std::span<const std::byte> bytes);

  /// Whether WriteAt works: the target is a regular file, not a pipe or a device.
  [[nodiscard]] bool is_seekable() const { return !temporary_.empty(); }

  /// Flushes the file and moves it to the target. Errors: kIo; the temporary file is then removed.
  Result<void> Commit();

 private:
  AtomicFile(int descriptor, std::filesystem::path path, std::filesystem::path temporary);
  void Abandon() noexcept;

  int descriptor_ = -1;
  std::filesystem::path path_;
  std::filesystem::path temporary_;  // Empty if `path_` is written directly.
};

/// Writes a complete file by AtomicFile.
Result<void> WriteFile(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<void> WriteFile(const std::filesystem::path& path, std::string_view text);

/// The regular files in `folder` and its subfolders, sorted by path; links to folders are not followed.
/// Errors: kNotFound, kPermissionDenied, kIo.
Result<std::vector<std::filesystem::path>> ListFiles(const std::filesystem::path& folder);

}  // namespace posenet::base

#endif  // POSENET_BASE_FILE_H_
