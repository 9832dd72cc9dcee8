// SPDX-License-Identifier: Apache-2.0
#include "server/serve_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/strings.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "media/image_file.h"
#include "posenet/follow.h"

namespace posenet::server {
namespace {

constexpr int kMaxPort = 65'535;
constexpr int kMaxWorkers = 1024;
constexpr int kMaxQueue = 100'000;
constexpr int kMaxConnections = 100'000;
// An image must fit, and a single body must not take most of the memory of a machine.
constexpr std::uint64_t kMinBodyBytes = 1000;
constexpr std::uint64_t kMaxBodyBytes = 512'000'000;

template <typename Parse>
CLI::Option* AddText(CLI::App& app, const std::string& name, const std::string& label, const std::string& expected,
                     const std::string& description, Parse parse) {
  const auto callback = [=](const CLI::results_t& texts) {
    if (parse(texts.front())) return true;
    throw CLI::ValidationError(name,
                               base::StrCat("expected ", expected, ", got '", base::Printable(texts.front()), "'"));
  };
  return app.add_option(name, callback, description)->option_text(label);
}

CLI::Option* AddDuration(CLI::App& app, const std::string& name, float& target, const std::string& description) {
  return AddText(app, name, "X", "a number of seconds above 0", description, [&target](const std::string& text) {
    target = app::ParseFloat(text).value_or(0.0F);
    return target > 0.0F;
  });
}

void AddAddress(CLI::App& app, ServeOptions& options) {
  const char* const group = "Address";
  AddText(
      app, "--host", "ADDRESS", "an IP address",
      "Address to listen on. 127.0.0.1 is reachable from this machine only; 0.0.0.0 and :: from anywhere, so combine "
      "them with --token-file. [127.0.0.1]",
      [&options](const std::string& text) {
        options.host = text == "localhost" ? "127.0.0.1" : text;
        return !text.empty();
      })
      ->group(group);
  app::AddInt(app, "--port", options.port, 0, kMaxPort,
              "Port to listen on; 0 chooses a free one, which is logged. [8080]")
      ->group(group);
  app::AddPath(
      app, "--token-file", options.token_file, "FILE",
      "File with a secret of one line. Except for the page, /healthz, /readyz and /openapi.json, requests must "
      "then carry 'Authorization: Bearer SECRET'. [no authorization]")
      ->group(group);
  AddText(app, "--cors", "ORIGIN", "* or an origin such as https://example.com",
          "Origin whose pages may use the server from browsers; * allows all. [the server's own page only]",
          [&options](const std::string& text) {
            options.cors_origin = text;
            return IsOrigin(text);
          })
      ->group(group);
}

void AddLimits(CLI::App& app, ServeOptions& options) {
  const char* const group = "Limits";
  app::AddInt(app, "--workers", options.workers, 0, kMaxWorkers,
              "Number of images processed concurrently, each by --threads threads; 0 uses all cores. [0]")
      ->group(group);
  app::AddInt(app, "--queue", options.queue, 0, kMaxQueue,
              "Number of images that may wait for a worker; further requests get 503. 0 means 16 per worker. [0]")
      ->group(group);
  AddText(app, "--max-body", "SIZE", "a size from 1kB to 512MB, such as 20MB",
          "Maximum size of a request body and of a frame in a stream. [20MB]",
          [&options](const std::string& text) {
            const auto size = ParseByteSize(text);
            options.max_body_bytes = static_cast<std::size_t>(size.value_or(0));
            return size && *size >= kMinBodyBytes && *size <= kMaxBodyBytes;
          })
      ->group(group);
  AddText(app, "--max-pixels", "N", base::StrCat("a number of pixels from 1 to ", media::kMaxPixels, ", such as 25M"),
          "Maximum number of pixels; larger images are rejected before they are decoded. [25M]",
          [&options](const std::string& text) {
            const auto count = ParseByteSize(text);
            options.max_pixels = static_cast<std::int64_t>(count.value_or(0));
            return count && *count >= 1 && *count <= static_cast<std::uint64_t>(media::kMaxPixels);
          })
      ->group(group);
  app::AddInt(app, "--max-connections", options.max_connections, 1, kMaxConnections,
              "Maximum number of open connections; further ones get 503. [256]")
      ->group(group);
  AddDuration(app, "--read-timeout", options.read_timeout_s,
              "Seconds to receive a request, from its first byte to its last. [30]")
      ->group(group);
  AddDuration(app, "--write-timeout", options.write_timeout_s, "Seconds to send a response. [30]")->group(group);
  AddDuration(app, "--idle-timeout", options.idle_timeout_s,
              "Seconds that a connection may be idle between requests, or a stream between frames. [60]")
      ->group(group);
  AddDuration(app, "--stop-timeout", options.stop_timeout_s, "Seconds to finish requests after a signal to stop. [30]")
      ->group(group);
}

}  // namespace

std::optional<std::uint64_t> ParseByteSize(std::string_view text) {
  const std::size_t unit_begin = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::optional<double> number = app::ParseDouble(text.substr(0, unit_begin));
  std::string_view unit = text.substr(unit_begin);
  unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
  if (unit.ends_with('B') || unit.ends_with('b')) unit.remove_suffix(1);
  constexpr std::array<std::pair<std::string_view, double>, 9> kUnits = {{{"", 1.0},
                                                                          {"k", 1e3},
                                                                          {"K", 1e3},
                                                                          {"M", 1e6},
                                                                          {"G", 1e9},
                                                                          {"Ki", 1024.0},
                                                                          {"ki", 1024.0},
                                                                          {"Mi", 1024.0 * 1024.0},
                                                                          {"Gi", 1024.0 * 1024.0 * 1024.0}}};
  const auto* found = std::ranges::find(kUnits, unit, &std::pair<std::string_view, double>::first);
  if (!number || *number < 0.0F || found == kUnits.end()) return std::nullopt;
  const double bytes = static_cast<double>(*number) * found->second;
  // 2^53, up to which a double counts exactly.
  if (bytes > 9'007'199'254'740'992.0) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(bytes));
}

bool IsOrigin(std::string_view text) {
  if (text == "*") return true;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view host = text.substr(scheme.size());
    return !host.empty() && std::ranges::all_of(host, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view(".-:[]").find(c) != std::string_view::npos;
    });
  }
  return false;
}

void AddServeOptions(CLI::App& app, ServeOptions& options) {
  AddAddress(app, options);
  AddLimits(app, options);
  // Two images with one thread each are faster than one after the other with two threads.
  options.human.estimator.thread_count = 1;
  app::AddEstimatorOptions(app, options.human);
  app.get_option("--threads")
      ->description(
          "Threads per image; 0 means one per core. More threads lower the latency of a single request; 1 gives the "
          "highest throughput. [1]");
  app::AddInt(
      app, "--propose-every", options.propose_every, 1, kMaxProposeEvery,
      "With --refine, the people of a stream that tracks or smooths are refined from their predicted poses, and "
      "--model only runs every N-th frame, and when a track is lost. 1 runs it in every frame. [10]")
      ->group("Refinement");
  const auto scene = [&options](const CLI::results_t& texts) {
    options.scenes = texts;
    return true;
  };
  app.add_option(
         "--scene", scene,
         "Camera model (see 'posenet camera train') for POST /v1/camera/pose?scene=NAME, where NAME is its file name "
         "without .safetensors. Repeat for several scenes. [none]")
      ->option_text("NAME|FILE")
      ->expected(1)
      ->take_all()
      ->group("Camera");
}

}  // namespace posenet::server
