// SPDX-License-Identifier: Apache-2.0
#include "server/token.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "base/file.h"

namespace posenet::server {
namespace {

// 16 characters of base64 are 96 bits, too many to guess over a network.
constexpr std::size_t kMinTokenBytes = 16;
// Even twice, in base64, it fits the limit on request headers.
constexpr std::size_t kMaxTokenBytes = 512;

bool IsAlphanumeric(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool IsTokenCharacter(char c) {
  return IsAlphanumeric(c) || std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

std::string_view WithoutSpaces(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::vector<std::string_view> ListItems(std::string_view list) {
  std::vector<std::string_view> items;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    items.push_back(WithoutSpaces(list.substr(0, end)));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return items;
}

std::optional<std::string> DecodeBase64Url(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string decoded;
  std::uint32_t bits = 0;
  int bit_count = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xFFFF;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      decoded += static_cast<char>(bits >> bit_count & 0xFF);
    }
  }
  return decoded;
}

}  // namespace

Result<std::string> ReadTokenFile(const std::filesystem::path& file) {
  constexpr std::size_t kMaxTokenFileBytes = 4096;
  POSENET_ASSIGN_OR_RETURN(const auto bytes, base::ReadFile(file, kMaxTokenFileBytes));
  const std::string_view token =
      WithoutSpaces(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  // The message must not reveal the token.
  if (token.size() < kMinTokenBytes || token.size() > kMaxTokenBytes || !std::ranges::all_of(token, IsTokenCharacter)) {
    return base::Fail(ErrorCode::kCorruptData, base::Printable(file.native()), ": expected one line of ",
                      kMinTokenBytes, " to ", kMaxTokenBytes,
                      " letters, digits and -._~+/=, such as 'openssl rand -base64 32' writes");
  }
  return std::string(token);
}

bool EqualInConstantTime(std::string_view expected, std::string_view given) {
  // As many steps as `expected` is long, whatever is given. Volatile, so that compilers cannot end the loop early.
  volatile unsigned difference = expected.size() == given.size() ? 0U : 1U;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const char c = given.empty() ? '\0' : given[i % given.size()];
    difference = difference | static_cast<unsigned char>(expected[i] ^ c);
  }
  return difference == 0;
}

std::optional<std::string> TokenOfAuthorization(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size()) return std::nullopt;
  if (!base::EqualsIgnoreAsciiCase(authorization.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  return std::string(WithoutSpaces(authorization.substr(kScheme.size())));
}

bool OffersProtocol(std::string_view protocols, std::string_view protocol) {
  const std::vector<std::string_view> items = ListItems(protocols);
  return std::ranges::find(items, protocol) != items.end();
}

std::optional<std::string> TokenOfProtocols(std::string_view protocols) {
  for (const std::string_view item : ListItems(protocols)) {
    if (item.starts_with(kTokenProtocolPrefix)) return DecodeBase64Url(item.substr(kTokenProtocolPrefix.size()));
  }
  return std::nullopt;
}

}  // namespace posenet::server
