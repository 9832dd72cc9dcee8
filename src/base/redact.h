// SPDX-License-Identifier: Apache-2.0
// Secrets that must not reach a terminal or a log.
#ifndef POSENET_BASE_REDACT_H_
#define POSENET_BASE_REDACT_H_

#include <string>
#include <string_view>

namespace posenet::base {

/// `text` with the user name and password of each URL in it replaced: "rtsp://user:secret@camera.local/1" becomes
/// "rtsp://***@camera.local/1".
std::string WithoutCredentials(std::string_view text);

}  // namespace posenet::base

#endif  // POSENET_BASE_REDACT_H_
