// SPDX-License-Identifier: Apache-2.0
// The body of a benchmark program's main function.
#ifndef POSENET_BENCH_MAIN_H_
#define POSENET_BENCH_MAIN_H_

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace posenet::bench {

/// Returns the exit status of `run`, which gets the program's name and its arguments. After an exception, such as that
/// of std::stoi for text that is not a number, prints its message after `name` and returns 2.
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
