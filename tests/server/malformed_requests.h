// SPDX-License-Identifier: Apache-2.0
// Generates malformed requests, the same for the same seed.
#ifndef POSENET_TESTS_SERVER_MALFORMED_REQUESTS_H_
#define POSENET_TESTS_SERVER_MALFORMED_REQUESTS_H_

#include <random>
#include <string>
#include <vector>

namespace posenet::server {

class MalformedRequests {
 public:
  /// `images` are valid image files, which will be damaged.
  MalformedRequests(unsigned seed, std::vector<std::string> images);

  /// The bytes of the next request: garbage; a valid request with bytes changed, truncated or repeated; invalid fields
  /// and lengths; damaged images and forms; WebSocket frames that violate the protocol.
  std::string Next();

 private:
  std::string Image();
  std::string Damaged(std::string bytes);
  std::string BrokenHead();
  std::string BrokenForm();
  std::string BrokenStream();
  std::string Garbage(std::size_t max_bytes);

  std::mt19937 random_;
  std::vector<std::string> images_;
};

/// How the server treated them.
struct FuzzResult {
  int response_count = 0;
  int bad_status_count = 0;  ///< 5xx other than 503.
  std::string first_bad = {};
};

/// Sends `count` requests, each on a connection of its own.
FuzzResult SendMalformed(int port, MalformedRequests& requests, int count);

}  // namespace posenet::server

#endif  // POSENET_TESTS_SERVER_MALFORMED_REQUESTS_H_
