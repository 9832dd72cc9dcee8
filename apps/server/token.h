// SPDX-License-Identifier: Apache-2.0
// The shared secret of those who may use the server.
#ifndef POSENET_SERVER_TOKEN_H_
#define POSENET_SERVER_TOKEN_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "posenet/result.h"

namespace posenet::server {

/// The first line of a file, which is all of it but for empty lines.
/// Errors: kNotFound, kPermissionDenied, kIo; kCorruptData for more lines, fewer than 16 or more than 512 characters,
/// and characters that a header field of a bearer token cannot have (RFC 6750, 2.1).
Result<std::string> ReadTokenFile(const std::filesystem::path& file);

/// Whether they are equal, in a time that tells no more of `expected` than its length.
bool EqualInConstantTime(std::string_view expected, std::string_view given);

/// The token of an Authorization field, "Bearer TOKEN".
std::optional<std::string> TokenOfAuthorization(std::string_view authorization);

/// The subprotocol that WebSocket clients are to offer, and how the one begins that carries a token: scripts of pages
/// cannot set header fields, but this one. base64url of the token follows (RFC 4648, 5), without padding.
inline constexpr std::string_view kStreamProtocol = "posenet.v1";
inline constexpr std::string_view kTokenProtocolPrefix = "posenet.bearer.";

/// Whether a Sec-WebSocket-Protocol field offers `protocol`.
bool OffersProtocol(std::string_view protocols, std::string_view protocol);

/// The token in a Sec-WebSocket-Protocol field, if there is one.
std::optional<std::string> TokenOfProtocols(std::string_view protocols);

}  // namespace posenet::server

#endif  // POSENET_SERVER_TOKEN_H_
