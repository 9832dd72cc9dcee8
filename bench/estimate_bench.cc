// SPDX-License-Identifier: Apache-2.0
// Times PoseEstimator::Estimate on a decoded image, and prints one line of JSON with the milliseconds of each call.
//
//   estimate_bench MODEL.safetensors PIXELS.rgb WIDTH HEIGHT SIZE REPEATS [THREADS]
//
// PIXELS.rgb holds WIDTH x HEIGHT x 3 bytes, RGB. Quantized models run in their precision, others in fp32. peers/run
// calls this and its counterpart for TensorFlow.js, peers/tfjs.mjs.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "main.h"
#include "posenet/human.h"

namespace {

constexpr int kWarmUps = 3;

int Run(const std::vector<std::string>& arguments) {
  if (arguments.size() < 7) {
    std::fputs("usage: estimate_bench MODEL.safetensors PIXELS.rgb WIDTH HEIGHT SIZE REPEATS [THREADS]\n", stderr);
    return 2;
  }
  const int width = std::stoi(arguments[3]);
  const int height = std::stoi(arguments[4]);
  const int size = std::stoi(arguments[5]);
  const int repeats = std::stoi(arguments[6]);
  const int threads = arguments.size() > 7 ? std::stoi(arguments[7]) : 1;

  const auto model = posenet::Model::Load(arguments[1]);
  if (!model) return std::fprintf(stderr, "%s\n", model.error().message.c_str()), 1;
  const auto estimator = posenet::PoseEstimator::Create(
      *model, {.input_width_px = size, .input_height_px = size, .thread_count = threads});
  if (!estimator) return std::fprintf(stderr, "%s\n", estimator.error().message.c_str()), 1;

  std::ifstream file(arguments[2], std::ios::binary);
  const std::vector<char> pixels{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (pixels.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3) {
    return std::fprintf(stderr, "%s: expected %d x %d x 3 bytes\n", arguments[2].c_str(), width, height), 1;
  }
  const posenet::ImageView view{
      .data = reinterpret_cast<const unsigned char*>(pixels.data()), .width_px = width, .height_px = height};

  std::vector<double> times_ms;
  std::size_t pose_count = 0;
  double score = 0.0;
  for (int i = 0; i < repeats + kWarmUps; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto poses = estimator->Estimate(view);
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
    if (!poses) return std::fprintf(stderr, "%s\n", poses.error().message.c_str()), 1;
    if (i >= kWarmUps) times_ms.push_back(elapsed.count());
    pose_count = poses->size();
    score = poses->empty() ? 0.0 : poses->front().score;
  }
  const bool is_int8 = estimator->options().precision == posenet::Precision::kInt8;
  const nlohmann::json line = {{"engine", "PoseNet"},  {"precision", is_int8 ? "int8" : "fp32"},
                               {"size", size},         {"threads", threads},
                               {"times_ms", times_ms}, {"poses", pose_count},
                               {"score", score}};
  std::puts(line.dump().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) { return posenet::bench::Main("estimate_bench", argc, argv, &Run); }
