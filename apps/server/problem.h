// SPDX-License-Identifier: Apache-2.0
// Errors as HTTP responses: a status and an application/problem+json body (RFC 9457).
#ifndef POSENET_SERVER_PROBLEM_H_
#define POSENET_SERVER_PROBLEM_H_

#include <string_view>

#include "posenet/result.h"
#include "server/http_message.h"

namespace posenet::server {

/// Retry-After of 503, in seconds: a full queue drains in about one.
inline constexpr int kRetryAfterSeconds = 1;

/// The reason phrase of `status`, such as "Not Found".
std::string_view ReasonPhrase(int status);

/// The response {"type": "about:blank", "title", "status", "detail"}. 503 also gets a Retry-After field.
Response ProblemResponse(const HttpError& error);

/// The HTTP status of a library error: 400 for damaged images, 404, 415 for unsupported formats, 503 for lack of
/// memory.
HttpError ToHttpError(const Error& error);

}  // namespace posenet::server

#endif  // POSENET_SERVER_PROBLEM_H_
