// SPDX-License-Identifier: Apache-2.0
#include "common/new_folder.h"

#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include "base/strings.h"
#include "common/command_error.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

}  // namespace

NewFolder::NewFolder(const fs::path& target, std::string_view option) : target_(target) {
  std::error_code error;
  const bool is_taken = fs::exists(target, error) && !(fs::is_directory(target, error) && fs::is_empty(target, error));
  if (is_taken)
    throw UsageError(base::StrCat(option, ": ", base::Printable(target.native(), 400),
                                  ": exists already; expected the name of a new folder"));
  std::string name = fs::absolute(target).lexically_normal().native();
  while (name.size() > 1 && name.back() == '/') name.pop_back();
  name += ".part-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    throw CommandError(ExitCode::kFailure,
                       base::StrCat(base::Printable(target.native(), 400),
                                    ": cannot create a folder beside it: ", std::generic_category().message(errno)));
  }
  path_ = name;
}

NewFolder::~NewFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

void NewFolder::Write(const fs::path& name, std::string_view content) const {
  const fs::path file = path_ / name;
  std::error_code ignored;  // A folder that is missing fails below.
  fs::create_directories(file.parent_path(), ignored);
  errno = 0;
  // Without the synchronization of base::WriteFile, which would cost more than a video frame: the folder has no name
  // before it is complete.
  std::ofstream out(file, std::ios::binary);
  out << content << std::flush;
  if (!out) {
    throw CommandError(ExitCode::kFailure,
                       base::StrCat(base::Printable((target_ / name).native(), 400),
                                    ": cannot be written: ", std::generic_category().message(errno)));
  }
}

void NewFolder::Commit() {
  std::error_code error;
  fs::permissions(path_,
                  fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read |
                      fs::perms::others_exec,
                  error);
  fs::rename(path_, target_, error);
  if (error) {
    throw CommandError(ExitCode::kFailure,
                       base::StrCat(base::Printable(target_.native(), 400), ": cannot be created: ", error.message()));
  }
  path_.clear();
}

}  // namespace posenet::app
