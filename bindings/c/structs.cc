// SPDX-License-Identifier: Apache-2.0
#include "structs.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace posenet::c {

Result<void> CheckStructSize(std::size_t size, std::size_t oldest, std::size_t newest, std::string_view name) {
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

Result<bool> ToBool(std::int32_t number, std::string_view name) {
  if (number != 0 && number != 1) {
    return base::Fail(ErrorCode::kInvalidArgument, name, " is ", number, "; expected 0 or 1");
  }
  return number == 1;
}

}  // namespace posenet::c
