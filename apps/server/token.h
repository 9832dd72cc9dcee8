// SPDX-License-Identifier: Apache-2.0
// The shared secret that clients must present.
#ifndef POSENET_SERVER_TOKEN_H_
#define POSENET_SERVER_TOKEN_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "posenet/result.h"

namespace posenet::server {

/// The token in `file`, which must hold nothing else but whitespace.
/// Errors: kNotFound, kPermissionDenied, kIo; kCorruptData for several lines, fewer than 16 or more than 512
/// characters, or characters that a bearer token cannot have (RFC 6750, 2.1).
Result<std::string> ReadTokenFile(const std::filesystem::path& file);

/// Whether both are equal, in a time that reveals no more of `expected` than its length.
bool EqualInConstantTime(std::string_view expected, std::string_view given);

/// The token of an Authorization field, "Bearer TOKEN".
std::optional<std::string> TokenOfAuthorization(std::string_view authorization);

/// The subprotocol that WebSocket clients should offer, and the prefix of one that carries the token, because
/// Sec-WebSocket-Protocol is the only field that scripts can set. The prefix is followed by the token in base64url
/// (RFC 4648, 5) without padding.
inline constexpr std::string_view kStreamProtocol = "posenet.v1";
inline constexpr std::string_view kTokenProtocolPrefix = "posenet.bearer.";

/// Whether a Sec-WebSocket-Protocol field offers `protocol`.
bool OffersProtocol(std::string_view protocols, std::string_view protocol);

/// The token in a Sec-WebSocket-Protocol field, if there is one.
std::optional<std::string> TokenOfProtocols(std::string_view protocols);

}  // namespace posenet::server

#endif  // POSENET_SERVER_TOKEN_H_
