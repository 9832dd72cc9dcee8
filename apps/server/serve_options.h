// SPDX-License-Identifier: Apache-2.0
// The options of posenet serve.
#ifndef POSENET_SERVER_SERVE_OPTIONS_H_
#define POSENET_SERVER_SERVE_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/human_options.h"
#include "posenet/follow.h"

namespace CLI {
class App;
}

namespace posenet::server {

struct ServeOptions {
  std::string host = "127.0.0.1";
  int port = 8080;
  app::HumanOptions human;
  int propose_every = PeopleFollowerOptions().propose_every;  ///< Of streams whose people are refined.
  std::vector<std::string> scenes;                            ///< Names or files of models.
  int workers = 0;  ///< 0: the number of cores divided by the threads of each.
  int queue = 0;    ///< 0: 16 for each worker.
  std::size_t max_body_bytes = 20'000'000;
  std::int64_t max_pixels = 25'000'000;
  int max_connections = 256;
  float read_timeout_s = 30.0F;
  float write_timeout_s = 30.0F;
  float idle_timeout_s = 60.0F;
  float stop_timeout_s = 30.0F;
  std::string token_file;
  std::string cors_origin;
};

/// Adds all options. `options` must outlive parsing.
void AddServeOptions(CLI::App& app, ServeOptions& options);

/// Bytes of "20MB", "1.5 GiB", "300k" or "1000": K, M and G are powers of 1000, Ki, Mi and Gi of 1024, each with an
/// optional B.
std::optional<std::uint64_t> ParseByteSize(std::string_view text);

/// Whether `text` is "*" or an origin: a scheme, a host and optionally a port.
bool IsOrigin(std::string_view text);

}  // namespace posenet::server

#endif  // POSENET_SERVER_SERVE_OPTIONS_H_
