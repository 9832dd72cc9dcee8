// SPDX-License-Identifier: Apache-2.0
// The command line of posenet serve.
#ifndef POSENET_SERVER_SERVE_OPTIONS_H_
#define POSENET_SERVER_SERVE_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/human_options.h"

namespace CLI {
class App;
}

namespace posenet::server {

struct ServeOptions {
  std::string host = "127.0.0.1";
  int port = 8080;
  app::HumanOptions human;
  std::vector<std::string> scenes;  ///< Names or files of models.
  int workers = 0;                  ///< 0: as many as cores, divided by the threads of each.
  int queue = 0;                    ///< 0: 16 for each worker.
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

/// Adds all of them. `options` must outlive parsing.
void AddServeOptions(CLI::App& app, ServeOptions& options);

/// "20MB", "1.5 GiB", "300k" or "1000" as bytes; B, K, M, G with an optional B are powers of 1000, Ki, Mi, Gi of 1024.
std::optional<std::uint64_t> ParseByteSize(std::string_view text);

/// Whether `text` can be an origin: "*", or a scheme, a host, perhaps a port, and nothing else.
bool IsOrigin(std::string_view text);

}  // namespace posenet::server

#endif  // POSENET_SERVER_SERVE_OPTIONS_H_
