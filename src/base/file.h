// SPDX-License-Identifier: Apache-2.0
// Files: read whole or mapped, and written so that a reader never sees half of one.
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

/// The whole content of a file (or device or pipe) of at most `max_bytes`.
/// Errors: kNotFound, kPermissionDenied, kIo; kResourceExhausted when it is longer.
Result<std::vector<std::byte>> ReadFile(const std::filesystem::path& path, std::size_t max_bytes);

/// The same for an open file descriptor; `name` is what messages call it.
Result<std::vector<std::byte>> ReadDescriptor(int descriptor, std::string_view name, std::size_t max_bytes);

/// A file mapped read-only into memory. The mapping starts on a page boundary. Move-only.
class MappedFile {
 public:
  /// Errors: kNotFound, kPermissionDenied, kIo, kCorruptData when the file is empty or not a regular file.
  static Result<MappedFile> Open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::span<const std::byte> bytes_;
};

/// Writes a file under a temporary name beside its target; Commit gives it the target's name. Dropped without Commit,
/// or after an error, nothing is left behind and an older file of that name stays as it was. Targets that are not
/// regular files, such as /dev/null or a pipe, are written directly. Move-only.
class AtomicFile {
 public:
  /// Errors: kNotFound when the folder does not exist, kPermissionDenied, kIo.
  static Result<AtomicFile> Create(const std::filesystem::path& path);

  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) noexcept;
  ~AtomicFile();

  /// Appends. Errors: kIo with the system's reason, such as a full disk.
  Result<void> Write(std::span<const std::byte> bytes);
  Result<void> Write(std::string_view text);

  /// Writes at `offset` bytes from the start, for formats whose beginnings are known last; Write goes on where it was.
  /// Errors: kIo, also where is_seekable() is false.
  Result<void> WriteAt(std::uint64_t offset, std::span<const std::byte> bytes);

  /// Whether there is a file that WriteAt can go back in, not a pipe or a device.
  [[nodiscard]] bool is_seekable() const { return !temporary_.empty(); }

  /// Completes the file. Errors: kIo; the temporary file is removed then.
  Result<void> Commit();

 private:
  AtomicFile(int descriptor, std::filesystem::path path, std::filesystem::path temporary);
  void Abandon() noexcept;

  int descriptor_ = -1;
  std::filesystem::path path_;
  std::filesystem::path temporary_;  // Empty when `path_` is written directly.
};

/// AtomicFile for content that is at hand.
Result<void> WriteFile(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<void> WriteFile(const std::filesystem::path& path, std::string_view text);

/// The regular files below `folder`, recursively, sorted by path; links to folders are not followed.
/// Errors: kNotFound, kPermissionDenied, kIo.
Result<std::vector<std::filesystem::path>> ListFiles(const std::filesystem::path& folder);

}  // namespace posenet::base

#endif  // POSENET_BASE_FILE_H_
