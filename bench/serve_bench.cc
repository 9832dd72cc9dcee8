// SPDX-License-Identifier: Apache-2.0
// A load generator for a running server. Prints latency and throughput as JSON, for bench/serve.
//
//   serve_bench load PORT IMAGE CONNECTIONS SECONDS     each connection sends a request after each response
//   serve_bench random PORT IMAGE CAPACITY SECONDS      requests at random times, at 80 % of CAPACITY per second
//   serve_bench evenly PORT IMAGE CAPACITY SECONDS      the same, evenly spaced
//   serve_bench fuzz PORT IMAGE COUNT SEED              malformed requests, each on its own connection
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/statistics.h"
#include "malformed_requests.h"
#include "raw_client.h"

namespace posenet::server {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// The responses that clients received. Thread-safe.
class ResponseLog {
 public:
  void Add(int status, double milliseconds) {
    const std::lock_guard lock(mutex_);
    if (status == 200) {
      milliseconds_.push_back(milliseconds);
    } else if (status == 503) {
      ++busy_count_;
    } else {
      ++failed_count_;
    }
  }

  [[nodiscard]] Json Summary(double seconds) const {
    const auto quantile = [this](double share) {
      return milliseconds_.empty() ? 0.0 : base::Quantile(milliseconds_, share);
    };
    return {{"ok", milliseconds_.size()},
            {"busy", busy_count_},
            {"failed", failed_count_},
            {"seconds", seconds},
            {"per_second", static_cast<double>(milliseconds_.size()) / seconds},
            {"p50_ms", quantile(0.5)},
            {"p90_ms", quantile(0.9)},
            {"p99_ms", quantile(0.99)}};
  }

 private:
  std::mutex mutex_;
  std::vector<double> milliseconds_;
  int busy_count_ = 0;
  int failed_count_ = 0;
};

Json Load(int port, const std::string& request, int connections, double seconds) {
  ResponseLog responses;
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < connections; ++i) {
    threads.emplace_back([&] {
      RawClient client(port);
      while (SecondsSince(start) < seconds) {
        const Clock::time_point sent = Clock::now();
        client.Send(request);
        const int status = client.ReadReply().status;
        responses.Add(status, 1000.0 * SecondsSince(sent));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return responses.Summary(SecondsSince(start));
}

// The request rate as a share of the server's capacity.
constexpr double kLoadShare = 0.8;

// The times at which requests are due, in seconds, with exponentially distributed gaps like those of many independent
// clients.
std::vector<double> RandomTimes(double per_second, double seconds) {
  std::mt19937 random(1);
  std::exponential_distribution<double> gap(per_second);
  std::vector<double> due_s;
  for (double at = gap(random); at < seconds; at += gap(random)) due_s.push_back(at);
  return due_s;
}

std::vector<double> EvenTimes(double per_second, double seconds) {
  std::vector<double> due_s;
  for (double at = 0.0; at < seconds; at += 1.0 / per_second) due_s.push_back(at);
  return due_s;
}

// The latencies of an ideal server: one first-in, first-out queue, a worker for each core, the same time for each image
// and none for anything else. If its 99th percentile is far from its median, so is that of any server, because of
// queueing.
Json IdealQueue(const std::vector<double>& due_s, double capacity) {
  const std::size_t worker_count = std::max(1U, std::thread::hardware_concurrency());
  const double image_s = static_cast<double>(worker_count) / capacity;
  std::vector<double> free_s(worker_count, 0.0);
  ResponseLog responses;
  for (const double due : due_s) {
    double& first_free_s = *std::ranges::min_element(free_s);
    first_free_s = std::max(first_free_s, due) + image_s;
    responses.Add(200, 1000.0 * (first_free_s - due));
  }
  const Json summary = responses.Summary(due_s.empty() ? 1.0 : due_s.back());
  return {{"p50_ms", summary["p50_ms"]}, {"p99_ms", summary["p99_ms"]}};
}

// Latency is measured from the time at which a request is due, so that requests that are sent late because all
// connections are busy do not hide the delay.
Json Paced(int port, const std::string& request, const std::vector<double>& due_s) {
  constexpr int kConnections = 32;
  ResponseLog responses;
  std::atomic<std::size_t> next = 0;
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < kConnections; ++i) {
    threads.emplace_back([&] {
      RawClient client(port);
      for (std::size_t k = next++; k < due_s.size(); k = next++) {
        std::this_thread::sleep_until(
            start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(due_s[k])));
        client.Send(request);
        const int status = client.ReadReply().status;
        responses.Add(status, 1000.0 * (SecondsSince(start) - due_s[k]));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return responses.Summary(SecondsSince(start));
}

Json Fuzz(int port, const std::string& image, int count, unsigned seed) {
  MalformedRequests requests(seed, {image, image.substr(0, std::min<std::size_t>(image.size(), 4000))});
  const FuzzResult result = SendMalformed(port, requests, count);
  return {{"sent", count}, {"responses", result.response_count}, {"bad_status", result.bad_status_count}};
}

std::string ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() != 5) {
    std::fputs("usage: serve_bench load|random|evenly|fuzz PORT IMAGE N SECONDS|SEED\n", stderr);
    return 2;
  }
  const int port = std::stoi(arguments[1]);
  const std::string image = ReadWholeFile(arguments[2]);
  if (image.empty()) {
    std::fprintf(stderr, "serve_bench: %s: cannot be read, or is empty\n", arguments[2].c_str());
    return 1;
  }
  const std::string request = RequestText("POST", "/v1/human/poses", "Content-Type: image/jpeg\r\n", image);
  const double number = std::stod(arguments[3]);
  const double last = std::stod(arguments[4]);
  Json result;
  if (arguments[0] == "load") result = Load(port, request, static_cast<int>(number), last);
  if (arguments[0] == "random" || arguments[0] == "evenly") {
    const double per_second = kLoadShare * number;
    const std::vector<double> due_s =
        arguments[0] == "random" ? RandomTimes(per_second, last) : EvenTimes(per_second, last);
    result = Paced(port, request, due_s);
    result["ideal_queue"] = IdealQueue(due_s, number);
  }
  if (arguments[0] == "fuzz") result = Fuzz(port, image, static_cast<int>(number), static_cast<unsigned>(last));
  result["resident_megabytes"] = nullptr;
  const std::string metrics = Ask(port, "GET", "/metrics").body;
  const std::string name = "\nprocess_resident_memory_bytes ";
  const std::size_t at = metrics.find(name);
  if (at != std::string::npos) result["resident_megabytes"] = std::stod(metrics.substr(at + name.size())) / 1e6;
  std::printf("%s\n", result.dump().c_str());
  return 0;
}

}  // namespace
}  // namespace posenet::server

int main(int argument_count, char** arguments) {
  try {
    return posenet::server::Run({arguments + 1, arguments + argument_count});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "serve_bench: %s\n", error.what());
    return 1;
  }
}
