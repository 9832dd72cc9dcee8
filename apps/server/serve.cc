// SPDX-License-Identifier: Apache-2.0
#include "server/serve.h"

#include <poll.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "base/thread_pool.h"
#include "common/command_error.h"
#include "common/model_search.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "server/listener.h"
#include "server/request_log.h"
#include "server/serve_options.h"
#include "server/service.h"
#include "server/token.h"

namespace posenet::server {
namespace {

constexpr const char* kServeDescription =
    "Answers images over HTTP and WebSocket, and has a page to try it. Listens to this machine alone unless told "
    "otherwise.";

constexpr const char* kServeFooter = R"(Routes:
  POST /v1/human/poses    an image in (JPEG, PNG, WebP, or a form with one), the
                          line of 'posenet human estimate' out; ?single,
                          max-poses=N, min-pose-score=X and more per request
  POST /v1/camera/pose    ?scene=NAME; the line of 'posenet camera localize'
  GET  /v1/human/stream   WebSocket: images in, JSON out; ?track and ?smooth
  GET  /v1/models, /metrics, /healthz, /readyz, /openapi.json, and / for people

Standard error gets one JSON object a line: where it listens, each request, no
images. SIGINT and SIGTERM end it when what it took is answered, a second one
at once. docs/server.md has the rest.

Examples:
  posenet serve
  curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' \
    http://127.0.0.1:8080/v1/human/poses
  posenet serve --host 0.0.0.0 --token-file secret.txt --model mobilenet075

Exit status: 0 it was asked to stop and everything was answered; 1 it could not
listen, a file is damaged, or time to stop ran out; 2 the command line is
wrong.)";

// A second of work: images of 513 pixels take a core of today some 60 ms.
constexpr int kQueuePerWorker = 16;

std::chrono::milliseconds Milliseconds(float seconds) {
  // Beyond a day it makes no difference.
  constexpr double kMaxMs = 86'400'000.0;
  return std::chrono::milliseconds(std::llround(std::clamp(static_cast<double>(seconds) * 1000.0, 1.0, kMaxMs)));
}

// Signals are for the thread that waits for them: those that are made while this lives, and their threads, do not get
// any.
class SignalsHeldBack {
 public:
  SignalsHeldBack() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  SignalsHeldBack(const SignalsHeldBack&) = delete;
  SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;
  ~SignalsHeldBack() { LetThrough(); }

  /// Returns when one has come. A second one then ends the process.
  void WaitForOne() {
    // Looks once a second, too: of a process that was halted meanwhile (SIGSTOP, SIGCONT), Linux was seen to run the
    // handler and go on waiting.
    while (!app::IsInterrupted()) {
      constexpr timespec kSecond = {.tv_sec = 1, .tv_nsec = 0};
      ::ppoll(nullptr, 0, &kSecond, &before_);
    }
    LetThrough();
  }

 private:
  void LetThrough() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  sigset_t before_ = {};
};

HumanRequest DefaultsOf(const app::HumanOptions& human) {
  // Decoder, thresholds and mirroring are the estimator's own.
  return {.min_pose_score = human.min_pose_score, .min_keypoint_score = human.min_keypoint_score};
}

Result<Listener> OpenListener(const ServeOptions& options, Site& site) {
  Result<Listener> listener = Listener::Open(options.host, options.port, site);
  if (listener.has_value()) return listener;
  const bool is_usage = listener.error().code == ErrorCode::kInvalidArgument;
  throw app::CommandError(is_usage ? app::ExitCode::kUsage : app::ExitCode::kFailure,
                          is_usage ? base::StrCat("--host: ", listener.error().message) : listener.error().message);
}

void LogStart(RequestLog& log, const Listener& listener, const ServeOptions& options, int workers) {
  log.Write(EventLine("listening", listener.Url()));
  log.Write(EventLine("ready", base::StrCat(workers, workers == 1 ? " worker" : " workers", ", model ",
                                            options.human.model, ", ", options.scenes.size(), " scenes")));
  const bool is_local = options.host.starts_with("127.") || options.host == "::1";
  if (!is_local && options.token_file.empty()) {
    log.Write(EventLine("warning", "everybody who reaches this address may use it; --token-file says who may"));
  }
}

app::ExitCode Serve(const ServeOptions& options) {
  SignalsHeldBack signals;
  ServiceOptions service_options = {.token = {},
                                    .cors_origin = options.cors_origin,
                                    .max_body_bytes = options.max_body_bytes,
                                    .max_pixels = options.max_pixels,
                                    .human_defaults = DefaultsOf(options.human)};
  if (!options.token_file.empty()) {
    service_options.token = app::FileValueOrThrow(ReadTokenFile(options.token_file));
  }
  const app::Engine human = app::CreateEngine(options.human);
  const int threads = human.estimator.options().thread_count;
  const std::vector<Scene> scenes =
      LoadScenes(options.scenes, {.instruction_set = options.human.estimator.instruction_set, .thread_count = threads});
  const int workers = options.workers > 0 ? options.workers : std::max(1, base::AvailableCores() / threads);
  const auto queue_length = static_cast<std::size_t>(options.queue > 0 ? options.queue : kQueuePerWorker * workers);

  Metrics metrics;
  // As much as the queue and the workers can hold if all bodies are as large as may be.
  ByteBudget bodies((queue_length + static_cast<std::size_t>(workers)) * options.max_body_bytes);
  RequestLog log([](std::string_view lines) { app::WriteStandardError(lines); });
  JobQueue jobs(workers, queue_length);
  Service service(service_options, human, scenes, metrics, jobs, bodies);
  SessionList sessions(service.connection_count());
  Site site = {.service = service,
               .metrics = metrics,
               .bodies = bodies,
               .log = log,
               .sessions = sessions,
               .timeouts = {.read = Milliseconds(options.read_timeout_s),
                            .write = Milliseconds(options.write_timeout_s),
                            .idle = Milliseconds(options.idle_timeout_s)}};
  Listener listener = *OpenListener(options, site);
  listener.Start(static_cast<std::size_t>(options.max_connections));
  LogStart(log, listener, options, workers);

  signals.WaitForOne();
  log.Write(EventLine("stopping", "no more connections are taken; what was taken is answered"));
  service.SetStopping();
  const bool all_answered = listener.Stop(std::chrono::duration<double>(options.stop_timeout_s));
  // Before what jobs use goes. Images of those who are cut off need not be looked at any more.
  all_answered ? jobs.Finish() : jobs.Abandon();
  log.Write(EventLine("stopped", all_answered ? "everything was answered" : "time ran out; connections were cut off"));
  return all_answered ? app::ExitCode::kSuccess : app::ExitCode::kFailure;
}

}  // namespace

void AddServe(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App& app = *parent.add_subcommand("serve", kServeDescription)->group(app::kCommandGroup);
  app.footer(kServeFooter);
  AddServeOptions(app, *options);
  app.callback([options, &action] { action = [options] { return Serve(*options); }; });
}

}  // namespace posenet::server
