// SPDX-License-Identifier: Apache-2.0
// Failures as HTTP tells them: a status and an application/problem+json body (RFC 9457).
#ifndef POSENET_SERVER_PROBLEM_H_
#define POSENET_SERVER_PROBLEM_H_

#include <string>
#include <string_view>

#include "posenet/result.h"
#include "server/http_message.h"

namespace posenet::server {

/// Seconds after which who was turned away may come again: a full queue is worked off in about one.
inline constexpr int kRetryAfterSeconds = 1;

/// The reason phrase of `status`, such as "Not Found".
std::string_view ReasonOf(int status);

/// {"type": "about:blank", "title", "status", "detail"}: `detail` is one sentence for a person. 503 gets Retry-After.
Response Problem(int status, std::string_view detail);

/// The problem of an image that could not be answered: 400 for damaged ones, 413 for too large ones, 415 for formats
/// that are not read, 503 where memory ran out.
Response ProblemOf(const Error& error);

}  // namespace posenet::server

#endif  // POSENET_SERVER_PROBLEM_H_
