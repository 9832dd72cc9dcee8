// SPDX-License-Identifier: Apache-2.0
// The common part of the programs that time a network, ours and those in peers/: a command line, and one line of JSON
// with the wall-clock and CPU milliseconds of each run and the difference of the heatmap from a reference. Errors are
// exceptions here, caught once.
#ifndef POSENET_BENCH_NETWORK_PROGRAM_H_
#define POSENET_BENCH_NETWORK_PROGRAM_H_

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace posenet::bench {

/// The command line: PROGRAM MODEL PRECISION INPUT.f32 SIZE THREADS REPEATS [HEATMAP.f32]
struct NetworkArguments {
  std::string model;      // A file in the program's format.
  std::string precision;  // fp32, bf16 or int8.
  std::string input;      // SIZE x SIZE x 3 float32, normalized.
  int size_px = 0;
  int threads = 0;
  int repeats = 0;
  std::string heatmap;  // The reference to compare with, [rows, columns, 17] float32, or empty.
};

/// Thrown if the engine or this CPU does not support what was requested, which is not a failure: exit status 3.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A network prepared for one size, precision and thread count.
class MeasuredNetwork {
 public:
  MeasuredNetwork() = default;
  MeasuredNetwork(const MeasuredNetwork&) = delete;
  MeasuredNetwork& operator=(const MeasuredNetwork&) = delete;
  virtual ~MeasuredNetwork() = default;

  /// Sets the input of Run, float32 [size, size, 3]. Not timed.
  virtual void SetInput(std::span<const float> input_hwc) = 0;
  /// Computes all output maps in float32 from the input in float32. Timed.
  virtual void Run() = 0;
  /// The heatmap of the last run, [rows, columns, 17].
  virtual std::vector<float> Heatmap() = 0;
  /// The instruction set that the engine reports to use, or nothing.
  [[nodiscard]] virtual std::string Instructions() const { return {}; }
};

/// The engine that is measured.
struct Engine {
  std::string program;  // The program's name in messages.
  std::string name;
  std::string version;
};

/// The transpose of a matrix of `rows` rows: [channels, pixels] as [pixels, channels], or vice versa.
std::vector<float> Transposed(std::span<const float> values, std::size_t rows);

/// The program. `prepare` creates the network for a command line.
/// Exit status: 0 success, 1 failure, 2 invalid command line, 3 Unsupported.
class NetworkProgram {
 public:
  using Prepare = std::unique_ptr<MeasuredNetwork> (*)(const NetworkArguments&);
  NetworkProgram(Engine engine, Prepare prepare) : engine_(std::move(engine)), prepare_(prepare) {}
  [[nodiscard]] int Main(int argc, char** argv) const;

 private:
  void Measure(const NetworkArguments& arguments) const;

  Engine engine_;
  Prepare prepare_;
};

}  // namespace posenet::bench

#endif  // POSENET_BENCH_NETWORK_PROGRAM_H_
