// SPDX-License-Identifier: Apache-2.0
// Folders that appear when they are complete.
#ifndef POSENET_COMMON_NEW_FOLDER_H_
#define POSENET_COMMON_NEW_FOLDER_H_

#include <filesystem>

namespace posenet::app {

/// A folder under a temporary name beside its target. Deleted on destruction, unless Commit renamed it.
class NewFolder {
 public:
  /// Throws CommandError: kUsage if the target exists, unless it is an empty folder; kFailure if no folder can be
  /// created.
  explicit NewFolder(const std::filesystem::path& target);
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  ~NewFolder();

  /// Where to write.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Gives the folder its name. Throws CommandError (kFailure).
  void Commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_NEW_FOLDER_H_
