// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace posenet::base {
namespace {

namespace fs = std::filesystem;

// An Error for `error_number` (errno).
tl::unexpected<Error> SystemError(int error_number, std::string_view what, std::string_view name) {
  ErrorCode code = ErrorCode::kIo;
  if (error_number == ENOENT || error_number == ENOTDIR) code = ErrorCode::kNotFound;
  if (error_number == EACCES || error_number == EPERM || error_number == EROFS) code = ErrorCode::kPermissionDenied;
  return Fail(code, Printable(name), ": ", what, ": ", std::generic_category().message(error_number));
}

// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

int OpenForReading(const fs::path& path) {
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

}  // namespace

Result<std::vector<std::byte>> ReadDescriptor(int descriptor, std::string_view name, std::size_t max_bytes) {
  struct stat status = {};
  std::size_t expected = 0;
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
    expected = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
    if (expected > max_bytes) {
      return Fail(ErrorCode::kResourceExhausted, Printable(name), ": is ", expected, " bytes long; the limit is ",
                  max_bytes);
    }
  }
  constexpr std::size_t kChunkBytes = std::size_t{64} << 10;  // The capacity of a Linux pipe.
  std::vector<std::byte> content;
  content.reserve(expected + 1);  // One more byte detects the end of a regular file without growing.
  while (true) {
    const std::size_t used = content.size();
    const std::size_t free = std::max(content.capacity() - used, used == content.capacity() ? kChunkBytes : 1);
    content.resize(used + std::min(free, max_bytes + 1 - used));
    ssize_t got = 0;
    do {
      got = ::read(descriptor, content.data() + used, content.size() - used);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EISDIR) return Fail(ErrorCode::kIo, Printable(name), ": is a folder; expected a file");
    if (got < 0) return SystemError(errno, "cannot read", name);
    content.resize(used + static_cast<std::size_t>(got));
    if (got == 0) return content;
    if (content.size() > max_bytes) {
      return Fail(ErrorCode::kResourceExhausted, Printable(name), ": is longer than the limit of ", max_bytes,
                  " bytes");
    }
  }
}

Result<std::vector<std::byte>> ReadFile(const fs::path& path, std::size_t max_bytes) {
  const Descriptor file(OpenForReading(path));
  if (file.get() < 0) return SystemError(errno, "cannot open", path.native());
  return ReadDescriptor(file.get(), path.native(), max_bytes);
}

Result<MappedFile> MappedFile::Open(const fs::path& path) {
  const Descriptor file(OpenForReading(path));
  if (file.get() < 0) return SystemError(errno, "cannot open", path.native());
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return SystemError(errno, "cannot open", path.native());
  if (!S_ISREG(status.st_mode)) {
    return Fail(ErrorCode::kCorruptData, Printable(path.native()), ": is not a regular file");
  }
  if (status.st_size == 0) return Fail(ErrorCode::kCorruptData, Printable(path.native()), ": is empty");
  const auto size = static_cast<std::size_t>(status.st_size);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return SystemError(errno, "cannot map", path.native());
  return MappedFile({static_cast<const std::byte*>(data), size});
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

Result<AtomicFile> AtomicFile::Create(const fs::path& path) {
  // A symbolic link is kept: the file that it points to is replaced.
  std::error_code ignored;
  fs::path target = path;
  if (fs::is_symlink(path, ignored)) {
    const fs::path resolved = fs::weakly_canonical(path, ignored);
    if (!ignored) target = resolved;
  }
  struct stat status = {};
  const bool exists = ::stat(target.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    return Fail(ErrorCode::kInvalidArgument, Printable(path.native()), ": is a folder; expected a file to write");
  }
  if (exists && !S_ISREG(status.st_mode)) {
    const int descriptor = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return SystemError(errno, "cannot write", path.native());
    return AtomicFile(descriptor, target, {});
  }
  if (exists && ::access(target.c_str(), W_OK) != 0) return SystemError(errno, "cannot write", path.native());
  std::string temporary = target.native() + ".part-XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) return SystemError(errno, "cannot write", path.native());
  // mkostemp creates files that only their owner can read; a new file gets the mode that open() would have given it.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const mode_t mode = exists ? (status.st_mode & 0777U) : (0666U & ~mask);
  if (::fchmod(descriptor, mode) != 0) { /* Some file systems do not support modes; not an error. */
  }
  return AtomicFile(descriptor, target, std::move(temporary));
}

AtomicFile::AtomicFile(int descriptor, fs::path path, fs::path temporary)
    : descriptor_(descriptor), path_(std::move(path)), temporary_(std::move(temporary)) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)) {}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  std::swap(temporary_, other.temporary_);
  return *this;
}

AtomicFile::~AtomicFile() { Abandon(); }

void AtomicFile::Abandon() noexcept {
  if (descriptor_ < 0) return;
  ::close(std::exchange(descriptor_, -1));
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> AtomicFile::Write(std::span<const std::byte> bytes) {
  if (descriptor_ < 0) return Fail(ErrorCode::kIo, Printable(path_.native()), ": is no longer open for writing");
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(errno, "cannot write", path_.native());
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> AtomicFile::WriteAt(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (descriptor_ < 0) return Fail(ErrorCode::kIo, Printable(path_.native()), ": is no longer open for writing");
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(errno, "cannot write", path_.native());
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> AtomicFile::Write(std::string_view text) {
  return Write(std::as_bytes(std::span(text.data(), text.size())));
}

Result<void> AtomicFile::Commit() {
  if (descriptor_ < 0) return Fail(ErrorCode::kIo, Printable(path_.native()), ": is no longer open for writing");
  // Some file systems report a full disk only on fsync. EINVAL: the file does not support synchronization.
  if (!temporary_.empty() && ::fsync(descriptor_) != 0 && errno != EINVAL) {
    const int reason = errno;
    Abandon();
    return SystemError(reason, "cannot write", path_.native());
  }
  if (::close(std::exchange(descriptor_, -1)) != 0) {
    const int reason = errno;
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    return SystemError(reason, "cannot write", path_.native());
  }
  if (!temporary_.empty() && ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary_.c_str());
    return SystemError(reason, "cannot write", path_.native());
  }
  return {};
}

Result<void> WriteFile(const fs::path& path, std::span<const std::byte> bytes) {
  POSENET_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(path));
  POSENET_RETURN_IF_ERROR(file.Write(bytes));
  return file.Commit();
}

Result<void> WriteFile(const fs::path& path, std::string_view text) {
  return WriteFile(path, std::as_bytes(std::span(text.data(), text.size())));
}

Result<std::vector<fs::path>> ListFiles(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  auto entry = fs::recursive_directory_iterator(folder, error);
  for (const auto end = fs::recursive_directory_iterator(); !error && entry != end; entry.increment(error)) {
    std::error_code not_regular;
    if (entry->is_regular_file(not_regular)) files.push_back(entry->path());
  }
  if (error) return SystemError(error.value(), "cannot list", folder.native());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace posenet::base
