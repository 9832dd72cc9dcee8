// SPDX-License-Identifier: Apache-2.0
// What programs that measure a network alone, ours and those of peers/, have in common: a command line, and one line of
// JSON with the milliseconds of every run, those of the processor too, and how far the heatmaps are from a reference.
// Errors are exceptions here, caught once.
#ifndef POSENET_BENCH_NETWORK_PROGRAM_H_
#define POSENET_BENCH_NETWORK_PROGRAM_H_

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace posenet::bench {

/// What a command line asks for: PROGRAM MODEL PRECISION INPUT.f32 SIZE THREADS REPEATS [HEATMAP.f32]
struct NetworkArguments {
  std::string model;      // A file of the kind that the program reads.
  std::string precision;  // fp32, bf16 or int8.
  std::string input;      // SIZE x SIZE x 3 float32, normalised.
  int size_px = 0;
  int threads = 0;
  int repeats = 0;
  std::string heatmap;  // What to compare with, [rows, columns, 17] float32, or empty.
};

/// Thrown when the engine or this CPU cannot do what was asked for, which is no failure: exit status 3.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A network made ready for one size, precision and number of threads.
class MeasuredNetwork {
 public:
  MeasuredNetwork() = default;
  MeasuredNetwork(const MeasuredNetwork&) = delete;
  MeasuredNetwork& operator=(const MeasuredNetwork&) = delete;
  virtual ~MeasuredNetwork() = default;

  /// Puts float32 [size, size, 3] where Run reads it. Not timed.
  virtual void SetInput(std::span<const float> input_hwc) = 0;
  /// What is timed: from the input in float32 to all output maps in float32.
  virtual void Run() = 0;
  /// The heatmap of the last run, [rows, columns, 17].
  virtual std::vector<float> Heatmap() = 0;
  /// The instructions that the engine says it uses, or nothing.
  [[nodiscard]] virtual std::string Instructions() const { return {}; }
};

/// Who is measured.
struct Engine {
  std::string program;  // As messages call it.
  std::string name;
  std::string version;
};

/// [channels, pixels] as [pixels, channels] and the other way round.
std::vector<float> Transposed(std::span<const float> values, std::size_t rows);

/// The program. `prepare` makes a MeasuredNetwork of a NetworkArguments.
/// Exit status: 0, 1 something failed, 2 the command line is wrong, 3 Unsupported.
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
