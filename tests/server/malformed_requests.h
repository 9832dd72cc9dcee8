// SPDX-License-Identifier: Apache-2.0
// Requests with something wrong in them, the same for the same seed.
#ifndef POSENET_TESTS_SERVER_MALFORMED_REQUESTS_H_
#define POSENET_TESTS_SERVER_MALFORMED_REQUESTS_H_

#include <random>
#include <string>
#include <vector>

namespace posenet::server {

class MalformedRequests {
 public:
  /// `images` are the bytes of good ones, to be damaged.
  MalformedRequests(unsigned seed, std::vector<std::string> images);

  /// The bytes of the next one: garbage, a good request with bytes changed, cut off or repeated, impossible fields and
  /// lengths, damaged images and forms, WebSocket frames that break every rule.
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

/// What became of many of them.
struct FuzzResult {
  int answered_count = 0;
  int bad_status_count = 0;  ///< 5xx other than 503.
  std::string first_bad = {};
};

/// Sends `count` of them, each on a connection of its own.
FuzzResult SendMalformed(int port, MalformedRequests& requests, int count);

}  // namespace posenet::server

#endif  // POSENET_TESTS_SERVER_MALFORMED_REQUESTS_H_
