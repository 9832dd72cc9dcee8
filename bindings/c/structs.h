// SPDX-License-Identifier: Apache-2.0
// Structs that begin with their size, whose older versions remain valid. A struct grows at its end only, by members
// that change its size: it has no padding at its end (c99_test.c). The library then takes the defaults of members that
// a caller does not know, and leaves those out when it writes.
#ifndef POSENET_BINDINGS_C_STRUCTS_H_
#define POSENET_BINDINGS_C_STRUCTS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>

#include "base/error.h"
#include "errors.h"
#include "posenet/c/base.h"
#include "posenet/c/decode.h"

namespace posenet::c {

/// The size of the first published version of a struct. Specialize it for a struct before it grows.
template <typename Struct>
inline constexpr std::size_t kOldestSize = sizeof(Struct);

// Before they had a layout.
template <>
inline constexpr std::size_t kOldestSize<posenet_maps> = offsetof(posenet_maps, layout);
template <>
inline constexpr std::size_t kOldestSize<posenet_movenet_maps> = offsetof(posenet_movenet_maps, layout);

/// What the functions below need to know of a struct, so that their code is not compiled for each.
struct StructVersions {
  std::string_view name;
  std::size_t oldest;  ///< Sizes in bytes.
  std::size_t newest;
};

template <typename Struct>
constexpr StructVersions VersionsOf(std::string_view name) {
  static_assert(std::is_trivially_copyable_v<Struct> && offsetof(Struct, struct_size) == 0);
  return {.name = name, .oldest = kOldestSize<Struct>, .newest = sizeof(Struct)};
}

/// The size that the caller's struct says that it has. Errors: kInvalidArgument for null or an unknown size.
Result<std::size_t> SizeOf(const void* given, const StructVersions& versions);

template <typename Struct>
Result<std::size_t> SizeOf(const Struct* given, std::string_view name) {
  return SizeOf(given, VersionsOf<Struct>(name));
}

/// A copy of the caller's struct, with the members of `defaults` where it is older than this library.
/// Errors: those of SizeOf.
template <typename Struct>
Result<Struct> Read(const Struct* given, std::string_view name, Struct defaults) {
  POSENET_ASSIGN_OR_RETURN(const std::size_t size, SizeOf(given, name));
  std::memcpy(&defaults, given, size);
  return defaults;
}

/// Writes as much of `value` as the caller's struct holds. Errors: those of SizeOf.
template <typename Struct>
Result<void> Write(Struct value, Struct* given, std::string_view name) {
  POSENET_ASSIGN_OR_RETURN(value.struct_size, SizeOf(given, name));
  std::memcpy(given, &value, value.struct_size);
  return {};
}

/// Sets the caller's struct of `size` bytes to that size and otherwise to `defaults`, a struct of the newest version.
posenet_status Init(void* given, std::size_t size, const StructVersions& versions, const void* defaults) noexcept;

/// The body of an `_init` function.
template <typename Struct>
posenet_status Init(Struct* given, std::size_t size, std::string_view name, const Struct& defaults) noexcept {
  return Init(given, size, VersionsOf<Struct>(name), &defaults);
}

/// The enumerator of that number; `last` is the last one. Errors: kInvalidArgument if there is none.
template <typename Enum>
Result<Enum> ToEnum(std::int32_t number, Enum last, std::string_view name) {
  if (number < 0 || number > static_cast<int>(last)) {
    return base::Fail(ErrorCode::kInvalidArgument, name, " is ", number, "; expected 0 to ", static_cast<int>(last));
  }
  return static_cast<Enum>(number);
}

/// The same, with nothing for POSENET_DEFAULT.
template <typename Enum>
Result<std::optional<Enum>> ToOptionalEnum(std::int32_t number, Enum last, std::string_view name) {
  if (number == POSENET_DEFAULT) return std::optional<Enum>();
  POSENET_ASSIGN_OR_RETURN(const Enum value, ToEnum(number, last, name));
  return std::optional<Enum>(value);
}

/// Nothing for POSENET_DEFAULT.
template <typename Number>
std::optional<Number> ToOptional(Number number) {
  if (number == static_cast<Number>(POSENET_DEFAULT)) return std::nullopt;
  return number;
}

/// POSENET_DEFAULT for nothing.
template <typename Value>
auto FromOptional(const std::optional<Value>& value) {
  if constexpr (std::is_enum_v<Value>) {
    return value ? static_cast<std::int32_t>(*value) : std::int32_t{POSENET_DEFAULT};
  } else {
    return value.value_or(static_cast<Value>(POSENET_DEFAULT));
  }
}

/// Whether `number` is 1. Errors: kInvalidArgument unless it is 0 or 1.
Result<bool> ToBool(std::int32_t number, std::string_view name);

}  // namespace posenet::c

#endif  // POSENET_BINDINGS_C_STRUCTS_H_
