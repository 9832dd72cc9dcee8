// SPDX-License-Identifier: Apache-2.0
#include "structs.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/error.h"
#include "errors.h"
#include "posenet/c/base.h"

namespace posenet::c {
namespace {

Result<void> CheckSize(std::size_t size, const StructVersions& versions) {
  const auto& [name, oldest, newest] = versions;
  // A struct of any version is as aligned as its size; a part of a member would be read otherwise.
  if (size < oldest || (size < newest && size % alignof(std::size_t) != 0)) {
    return base::Fail(ErrorCode::kInvalidArgument, name, ".struct_size is ", size, "; expected ", newest, ", which ",
                      name, "_init sets");
  }
  if (size > newest) {
    return base::Fail(ErrorCode::kInvalidArgument, name, ".struct_size is ", size, "; expected at most ", newest,
                      ": the program was compiled for a newer version of the library, or did not call ", name, "_init");
  }
  return {};
}

}  // namespace

Result<std::size_t> SizeOf(const void* given, const StructVersions& versions) {
  POSENET_RETURN_IF_ERROR(CheckNotNull(given, versions.name));
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof(size));
  POSENET_RETURN_IF_ERROR(CheckSize(size, versions));
  return size;
}

posenet_status Init(void* given, std::size_t size, const StructVersions& versions, const void* defaults) noexcept {
  return Guard(nullptr, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(given, versions.name));
    POSENET_RETURN_IF_ERROR(CheckSize(size, versions));
    std::memcpy(given, defaults, size);
    std::memcpy(given, &size, sizeof(size));  // Its first member.
    return {};
  });
}

Result<bool> ToBool(std::int32_t number, std::string_view name) {
  if (number != 0 && number != 1) {
    return base::Fail(ErrorCode::kInvalidArgument, name, " is ", number, "; expected 0 or 1");
  }
  return number == 1;
}

}  // namespace posenet::c
