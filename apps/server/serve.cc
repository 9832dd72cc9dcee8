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
#include "common/help_formatter.h"
#include "common/model_search.h"
#include "common/option_checks.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "server/listener.h"
#include "server/request_log.h"
#include "server/serve_options.h"
#include "server/session.h"
#include "server/token.h"

namespace posenet::server {
namespace {

constexpr const char* kServeDescription =
    "Serve human and camera pose estimation over HTTP and WebSocket, with a page to try it. Listens on 127.0.0.1 "
    "unless --host is given.";

const std::string kServeFooter = base::StrCat(
    R"(Routes:
  POST /v1/human/poses    takes an image (JPEG, PNG, WebP, or a form with one)
                          and returns the JSON of 'posenet human estimate';
                          parameters: single, max-poses, min-pose-score, ...
  POST /v1/camera/pose    the same for 'posenet camera localize'; ?scene=NAME
  GET  /v1/human/stream   WebSocket: images in, JSON out; ?track and ?smooth
  GET  /                  a page for photos and the webcam
  GET  /v1/models, /metrics, /healthz, /readyz, /openapi.json

Logs go to standard error, one JSON object a line. SIGINT and SIGTERM stop the
server once all accepted requests are finished; a second signal stops it at
once. See docs/how-to/server.md.

Examples:
  posenet serve
  curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' \
    http://127.0.0.1:8080/v1/human/poses
  posenet serve --host 0.0.0.0 --token-file secret.txt --model mobilenet075

)",
    app::ExitStatusHelp(
        "stopped by SIGINT or SIGTERM, all requests finished",
        "the port is in use, a file is damaged, or requests were still open at --stop-timeout",
        {.interrupted = "stopped at once by a second SIGINT", .terminated = "stopped at once by a second SIGTERM"}));

// About a second of work: images of 513 pixels take about 60 ms on one core of a current CPU.
constexpr int kQueuePerWorker = 16;

std::chrono::milliseconds Milliseconds(float seconds) {
  // More than a day makes no difference.
  constexpr double kMaxMs = 86'400'000.0;
  return std::chrono::milliseconds(std::llround(std::clamp(static_cast<double>(seconds) * 1000.0, 1.0, kMaxMs)));
}

// Blocks SIGINT and SIGTERM in this thread and those that it starts, except while waiting for them.
class SignalBlock {
 public:
  SignalBlock() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  SignalBlock(const SignalBlock&) = delete;
  SignalBlock& operator=(const SignalBlock&) = delete;
  ~SignalBlock() { Restore(); }

  /// Returns after a signal. A second signal then ends the process.
  void WaitForOne() {
    // Also polls once a second: after SIGSTOP and SIGCONT, Linux was seen to run the handler and continue waiting.
    while (!app::IsInterrupted()) {
      constexpr timespec kSecond = {.tv_sec = 1, .tv_nsec = 0};
      ::ppoll(nullptr, 0, &kSecond, &before_);
    }
    Restore();
  }

 private:
  void Restore() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  sigset_t before_ = {};
};

HumanRequest DefaultsOf(const app::HumanOptions& human) {
  // Decoder, thresholds and mirroring are options of the estimator.
  return {.min_pose_score = human.min_pose_score, .min_keypoint_score = human.min_keypoint_score};
}

Listener OpenListener(const ServeOptions& options, ServerContext& context) {
  Result<Listener> listener = Listener::Open(options.host, options.port, context);
  if (listener.has_value()) return *std::move(listener);
  const bool is_usage = listener.error().code == ErrorCode::kInvalidArgument;
  throw app::CommandError(is_usage ? app::ExitCode::kUsage : app::ExitCode::kFailure,
                          is_usage ? base::StrCat("--host: ", listener.error().message) : listener.error().message);
}

void LogStart(RequestLog& log, const Listener& listener, const ServeOptions& options, const app::Engine& human,
              int workers) {
  log.Write(EventLine("listening", listener.Url()));
  log.Write(EventLine("ready", base::StrCat(base::Counted(workers, "worker"), ", model ", human.model.name, " (",
                                            app::PrecisionName(human.estimator.options().precision), "), ",
                                            base::Counted(options.scenes.size(), "scene"))));
  const bool is_local = options.host.starts_with("127.") || options.host == "::1";
  if (!is_local && options.token_file.empty()) {
    log.Write(EventLine("warning",
                        "anyone who can reach this address can use the server; restrict access with --token-file"));
  }
}

app::ExitCode Serve(const ServeOptions& options) {
  SignalBlock signals;
  const std::string token = options.token_file.empty() ? "" : app::FileValueOrThrow(ReadTokenFile(options.token_file));
  const app::Engine human = app::CreateEngine(options.human);
  const int threads = human.estimator.options().thread_count;
  const std::vector<Scene> scenes =
      LoadScenes(options.scenes, {.instruction_set = options.human.estimator.instruction_set, .thread_count = threads});
  const int workers = options.workers > 0 ? options.workers : std::max(1, base::AvailableCores() / threads);
  const auto queue_length = static_cast<std::size_t>(options.queue > 0 ? options.queue : kQueuePerWorker * workers);

  Metrics metrics;
  // What the queue and the workers hold if all bodies have the maximum size.
  ByteBudget bodies((queue_length + static_cast<std::size_t>(workers)) * options.max_body_bytes);
  RequestLog log([](std::string_view lines) { app::WriteStandardError(lines); });
  JobQueue jobs(workers, queue_length);
  const ServerLimits limits = {.max_body_bytes = options.max_body_bytes, .max_pixels = options.max_pixels};
  const OriginPolicy origins(options.cors_origin);
  const EstimatorTraits traits = {.decoder = *human.estimator.options().decoder,
                                  .decoder_for_several = human.decoder_for_several,
                                  .is_refined = human.estimator.options().refiner != nullptr};
  const Admission admission(token, DefaultsOf(options.human), traits, origins, scenes);
  const PoseService poses(human, {.propose_every = options.propose_every}, options.max_pixels, metrics, jobs);
  InfoRoutes info(human, scenes, limits, metrics, jobs, bodies);
  SessionList sessions(info.connection_count());
  ServerContext context = {.admission = admission,
                           .origins = origins,
                           .poses = poses,
                           .info = info,
                           .limits = limits,
                           .metrics = metrics,
                           .bodies = bodies,
                           .log = log,
                           .sessions = sessions,
                           .timeouts = {.read = Milliseconds(options.read_timeout_s),
                                        .write = Milliseconds(options.write_timeout_s),
                                        .idle = Milliseconds(options.idle_timeout_s)}};
  Listener listener = OpenListener(options, context);
  listener.Start(static_cast<std::size_t>(options.max_connections));
  LogStart(log, listener, options, human, workers);

  signals.WaitForOne();
  log.Write(EventLine("stopping", "finishing accepted requests; no new connections"));
  info.SetStopping();
  const bool all_finished = listener.Stop(std::chrono::duration<double>(options.stop_timeout_s));
  // Before what jobs use is destroyed. Images of disconnected clients need not be processed.
  all_finished ? jobs.Finish() : jobs.Abandon();
  log.Write(
      EventLine("stopped", all_finished ? "all requests were finished" : "timed out; open connections were closed"));
  return all_finished ? app::ExitCode::kSuccess : app::ExitCode::kFailure;
}

}  // namespace

void AddServe(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App& app = *parent.add_subcommand("serve", kServeDescription)->group(app::kCommandGroup);
  app.footer(kServeFooter);
  AddServeOptions(app, *options);
  app.callback([options, &app, &action] {
    app::CheckOptionsNeed(app, {"--propose-every"}, {"--refine"});
    action = [options] { return Serve(*options); };
  });
}

}  // namespace posenet::server
