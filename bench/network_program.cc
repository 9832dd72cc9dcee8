// SPDX-License-Identifier: Apache-2.0
#include "network_program.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace posenet::bench {
namespace {

constexpr int kWarmUps = 3;

// The CPU time of all threads of this process so far.
double CpuMilliseconds() {
  timespec time = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kUnsupported = 3;

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

int PositiveNumber(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) {
    throw UsageError("expected a positive number, got '" + text + "'");
  }
  return number;
}

NetworkArguments ParseArguments(const std::vector<std::string>& arguments) {
  if (arguments.size() != 6 && arguments.size() != 7) {
    throw UsageError("expected MODEL PRECISION INPUT.f32 SIZE THREADS REPEATS [HEATMAP.f32]");
  }
  NetworkArguments parsed = {.model = arguments[0],
                             .precision = arguments[1],
                             .input = arguments[2],
                             .size_px = PositiveNumber(arguments[3]),
                             .threads = PositiveNumber(arguments[4]),
                             .repeats = PositiveNumber(arguments[5]),
                             .heatmap = arguments.size() == 7 ? arguments[6] : ""};
  if (parsed.precision != "fp32" && parsed.precision != "bf16" && parsed.precision != "int8") {
    throw UsageError("expected fp32, bf16 or int8, got '" + parsed.precision + "'");
  }
  return parsed;
}

std::vector<float> ReadFloats(const std::string& path, std::size_t count) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  if (error) throw std::runtime_error(path + ": " + error.message());
  if (bytes != count * sizeof(float)) {
    throw std::runtime_error(path + ": is " + std::to_string(bytes) + " bytes long, expected " +
                             std::to_string(count * sizeof(float)));
  }
  std::vector<float> values(count);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(bytes));
  if (!file) throw std::runtime_error(path + ": cannot be read");
  return values;
}

struct Difference {
  double largest = 0.0;
  double relative_rms = 0.0;  // Of the differences, relative to that of the reference.
};

Difference Compare(std::span<const float> heatmap, std::span<const float> reference) {
  Difference difference;
  double squares = 0.0;
  double reference_squares = 0.0;
  for (std::size_t i = 0; i < heatmap.size(); ++i) {
    const double error = std::abs(double{heatmap[i]} - double{reference[i]});
    // NaN counts as an infinite difference.
    difference.largest = std::isfinite(error) ? std::max(difference.largest, error) : HUGE_VAL;
    squares += error * error;
    reference_squares += double{reference[i]} * double{reference[i]};
  }
  difference.relative_rms = std::sqrt(squares / reference_squares);
  return difference;
}

}  // namespace

std::vector<float> Transposed(std::span<const float> values, std::size_t rows) {
  const std::size_t columns = values.size() / rows;
  std::vector<float> transposed(values.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      transposed[column * rows + row] = values[row * columns + column];
    }
  }
  return transposed;
}

void NetworkProgram::Measure(const NetworkArguments& arguments) const {
  const auto side = static_cast<std::size_t>(arguments.size_px);
  const std::vector<float> input = ReadFloats(arguments.input, side * side * 3);
  const std::unique_ptr<MeasuredNetwork> network = prepare_(arguments);
  std::vector<double> times_ms;
  std::vector<double> cpu_ms;
  for (int i = 0; i < arguments.repeats + kWarmUps; ++i) {
    network->SetInput(input);
    const double cpu_start_ms = CpuMilliseconds();
    const auto start = std::chrono::steady_clock::now();
    network->Run();
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
    if (i < kWarmUps) continue;
    times_ms.push_back(elapsed.count());
    cpu_ms.push_back(CpuMilliseconds() - cpu_start_ms);
  }
  nlohmann::ordered_json line = {{"engine", engine_.name},
                                 {"version", engine_.version},
                                 {"instructions", network->Instructions()},
                                 {"precision", arguments.precision},
                                 {"size", arguments.size_px},
                                 {"threads", arguments.threads},
                                 {"times_ms", times_ms},
                                 {"cpu_ms", cpu_ms}};
  if (!arguments.heatmap.empty()) {
    const std::vector<float> heatmap = network->Heatmap();
    const Difference difference = Compare(heatmap, ReadFloats(arguments.heatmap, heatmap.size()));
    // JSON has no infinity; it becomes null.
    line["max_difference"] = difference.largest;
    line["relative_rms_difference"] = difference.relative_rms;
  }
  std::puts(line.dump().c_str());
}

int NetworkProgram::Main(int argc, char** argv) const {
  try {
    Measure(ParseArguments({argv + std::min(argc, 1), argv + argc}));
    return 0;
  } catch (const UsageError& error) {
    std::fprintf(stderr, "%s: %s\n", engine_.program.c_str(), error.what());
    return kUsage;
  } catch (const Unsupported& error) {
    std::fprintf(stderr, "%s: %s\n", engine_.program.c_str(), error.what());
    return kUnsupported;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", engine_.program.c_str(), error.what());
    return kFailed;
  }
}

}  // namespace posenet::bench
