// SPDX-License-Identifier: Apache-2.0
// The outermost function of a benchmark.
#ifndef POSENET_BENCH_MAIN_H_
#define POSENET_BENCH_MAIN_H_

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace posenet::bench {

/// What main answers: the status of `run`, which gets the program's name and its arguments, or 2 after an exception
/// (std::stoi of something else), which is printed after `name`.
inline int Main(const char* name, int argc, char** argv, int (*run)(const std::vector<std::string>&)) {
  try {
    return run({argv, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
    return 2;
  }
}

}  // namespace posenet::bench

#endif  // POSENET_BENCH_MAIN_H_
