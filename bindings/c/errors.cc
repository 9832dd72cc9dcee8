// SPDX-License-Identifier: Apache-2.0
#include "errors.h"

#include <cstddef>
#include <exception>
#include <new>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "posenet/c/base.h"
#include "posenet/c/pose.h"

namespace posenet::c {
namespace {

// Without a default, so that the compiler reports a code that has no status.
posenet_status StatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return POSENET_INVALID_ARGUMENT;
    case ErrorCode::kNotFound:
      return POSENET_NOT_FOUND;
    case ErrorCode::kPermissionDenied:
      return POSENET_PERMISSION_DENIED;
    case ErrorCode::kIo:
      return POSENET_IO_ERROR;
    case ErrorCode::kCorruptData:
      return POSENET_CORRUPT_DATA;
    case ErrorCode::kUnsupported:
      return POSENET_UNSUPPORTED;
    case ErrorCode::kResourceExhausted:
      return POSENET_RESOURCE_EXHAUSTED;
  }
  return POSENET_INVALID_ARGUMENT;
}

// Without allocating, for a literal.
posenet_status KeepLiteral(posenet_status status, const char* literal, posenet_error* handle) {
  if (handle != nullptr) {
    handle->status = status;
    handle->message = literal;
  }
  return status;
}

}  // namespace

posenet_status Keep(Result<void> result, posenet_error* handle) noexcept {
  if (result) return KeepLiteral(POSENET_OK, "", handle);
  Error& error = result.error();
  const posenet_status status = StatusOf(error.code);
  if (handle != nullptr) {
    handle->status = status;
    handle->owned = std::move(error.message);
    handle->message = handle->owned.c_str();
  }
  return status;
}

posenet_status KeepException(posenet_error* handle) noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return KeepLiteral(POSENET_RESOURCE_EXHAUSTED, "out of memory", handle);
  } catch (const std::exception&) {
    // The library's own code does not throw; this is the standard library, asked for more than can exist: a length
    // beyond that of any container, or one thread too many.
    return KeepLiteral(POSENET_RESOURCE_EXHAUSTED, "out of memory or threads", handle);
  } catch (...) {
    return KeepLiteral(POSENET_RESOURCE_EXHAUSTED, "out of resources", handle);
  }
}

Result<void> CheckNotNull(const void* pointer, std::string_view name) {
  if (pointer == nullptr) return base::Fail(ErrorCode::kInvalidArgument, name, " is null");
  return {};
}

Result<void> CheckInputArray(const void* array, std::size_t count, std::string_view name) {
  if (count > POSENET_MAX_POSES) {
    return base::Fail(ErrorCode::kInvalidArgument, name, " has ", count, " elements; expected at most ",
                      POSENET_MAX_POSES);
  }
  return CheckOutputArray(array, count, name);
}

Result<void> CheckOutputArray(const void* array, std::size_t capacity, std::string_view name) {
  if (capacity > 0 && array == nullptr) {
    return base::Fail(ErrorCode::kInvalidArgument, name, " is null; expected an array of ", capacity, " elements");
  }
  return {};
}

}  // namespace posenet::c

posenet_error* posenet_error_create(void) { return new (std::nothrow) posenet_error; }

posenet_status posenet_error_status(const posenet_error* error) {
  return error == nullptr ? POSENET_OK : error->status;
}

const char* posenet_error_message(const posenet_error* error) { return error == nullptr ? "" : error->message; }

void posenet_error_destroy(posenet_error* error) { delete error; }

const char* posenet_status_name(posenet_status status) {
  switch (status) {
    case POSENET_OK:
      return "ok";
    case POSENET_INVALID_ARGUMENT:
      return "invalid argument";
    case POSENET_NOT_FOUND:
      return "not found";
    case POSENET_PERMISSION_DENIED:
      return "permission denied";
    case POSENET_IO_ERROR:
      return "I/O error";
    case POSENET_CORRUPT_DATA:
      return "corrupt data";
    case POSENET_UNSUPPORTED:
      return "unsupported";
    case POSENET_RESOURCE_EXHAUSTED:
      return "resource exhausted";
    default:
      return "unknown status";
  }
}
