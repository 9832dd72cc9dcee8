// SPDX-License-Identifier: Apache-2.0
#include "server/problem.h"

#include "base/strings.h"
#include "common/pose_json.h"

namespace posenet::server {

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

Response ProblemResponse(const HttpError& error) {
  Response response = {.status = error.status, .content_type = "application/problem+json", .headers = error.headers};
  response.body =
      base::StrCat("{\"type\": \"about:blank\", \"title\": \"", ReasonPhrase(error.status),
                   "\", \"status\": ", error.status, ", \"detail\": ", app::JsonString(error.detail), "}\n");
  if (error.status == 503) response.headers.emplace_back("Retry-After", std::to_string(kRetryAfterSeconds));
  return response;
}

HttpError ToHttpError(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUnsupported:
      return {.status = 415, .detail = error.message};
    case ErrorCode::kResourceExhausted:
      return {.status = 503, .detail = error.message};
    case ErrorCode::kNotFound:
      return {.status = 404, .detail = error.message};
    default:
      return {.status = 400, .detail = error.message};
  }
}

}  // namespace posenet::server
