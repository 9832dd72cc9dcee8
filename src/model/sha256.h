// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_MODEL_SHA256_H_
#define POSENET_MODEL_SHA256_H_

#include <cstddef>
#include <span>
#include <string>

namespace posenet::model {

/// The SHA-256 of `bytes` (FIPS 180-4) as 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::span<const std::byte> bytes);

}  // namespace posenet::model

#endif  // POSENET_MODEL_SHA256_H_
