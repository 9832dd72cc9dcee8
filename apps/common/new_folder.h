// SPDX-License-Identifier: Apache-2.0
// Folders that appear when they are complete.
#ifndef POSENET_COMMON_NEW_FOLDER_H_
#define POSENET_COMMON_NEW_FOLDER_H_

#include <filesystem>
#include <string_view>

namespace posenet::app {

/// A folder under a temporary name beside its target. Deleted on destruction, unless Commit renamed it.
class NewFolder {
 public:
  /// `option` is the option that names `target`, for messages. Throws CommandError: kUsage if the target exists, unless
  /// it is an empty folder; kFailure if no folder can be created.
  NewFolder(const std::filesystem::path& target, std::string_view option);
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  ~NewFolder();

  /// Where to write.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Writes a complete file at `name` below the folder, and the folders between. Throws CommandError (kFailure).
  void Write(const std::filesystem::path& name, std::string_view content) const;

  /// Gives the folder its name. Throws CommandError (kFailure).
  void Commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_NEW_FOLDER_H_
