// SPDX-License-Identifier: Apache-2.0
#include "model/sha256.h"

#include <sha2.h>

#include <array>

namespace posenet::model {

std::string Sha256Hex(std::span<const std::byte> bytes) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> digest = {};
  SHA2_CTX context = {};
  SHA256Init(&context);
  SHA256Update(&context, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  SHA256End(&context, digest.data());
  return digest.data();
}

}  // namespace posenet::model
