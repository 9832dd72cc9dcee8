// SPDX-License-Identifier: Apache-2.0
// A folder for the files of a test.
#ifndef POSENET_BASE_TESTING_TEMPORARY_FOLDER_H_
#define POSENET_BASE_TESTING_TEMPORARY_FOLDER_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace posenet::base {

/// A new folder, deleted with all of its content when the object is destroyed.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "posenet-test-XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error("no temporary folder", name, {});
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Writes a file, creating its folders, and returns its path.
  std::string Write(const std::filesystem::path& name, const std::string& content) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file.native();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace posenet::base

#endif  // POSENET_BASE_TESTING_TEMPORARY_FOLDER_H_
