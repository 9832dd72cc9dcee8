// SPDX-License-Identifier: Apache-2.0
// PersonRefiner by the number of people, each proposed twice, with the model that scripts/fetch-models
// movenet-lightning makes. A refiner takes the time of one run of its network per person.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <filesystem>
#include <vector>

#include "human/testing/pose_maps.h"
#include "image/image.h"
#include "image/testing/random_image.h"
#include "posenet/model.h"
#include "posenet/pose.h"
#include "posenet/refine.h"
#include "posenet/result.h"

namespace posenet::human {
namespace {

constexpr int kWidthPx = 1280;
constexpr int kHeightPx = 720;

/// `count` people in a grid of ten columns, 56 x 112 px, each twice: as two models or two passes would find them.
std::vector<Pose> Proposals(int count) {
  std::vector<Pose> poses;
  for (int i = 0; i < count; ++i) {
    const Point middle_px = {.x = 70.0F + 126.0F * static_cast<float>(i % 10),
                             .y = 90.0F + 170.0F * static_cast<float>(i / 10)};
    for (const float shift_px : {0.0F, 2.0F}) {
      const decode::Figure figure =
          decode::StandingFigure({.x = middle_px.x + shift_px, .y = middle_px.y}, /*scale=*/0.7F);
      Pose pose = {.score = 0.5F};
      for (std::size_t part = 0; part < kPartCount; ++part) {
        pose.keypoints[part] = {.position_px = figure[part], .score = 0.8F};
      }
      poses.push_back(pose);
    }
  }
  return poses;
}

void Refine(benchmark::State& state) {
  const std::filesystem::path file = std::filesystem::path(POSENET_MODEL_FOLDER) / "movenet-lightning.safetensors";
  const Result<Model> model = Model::Load(file);
  if (!model.has_value()) return state.SkipWithError(model.error().message.c_str());
  const Result<PersonRefiner> refiner =
      PersonRefiner::Create(*model, {.thread_count = static_cast<int>(state.range(1))});
  if (!refiner.has_value()) return state.SkipWithError(refiner.error().message.c_str());
  // Noise costs as much as people do.
  const image::Image image = image::RandomRgbImage(kWidthPx, kHeightPx, 1);
  const std::vector<Pose> proposals = Proposals(static_cast<int>(state.range(0)));
  std::vector<Pose> poses;
  for (auto _ : state) {
    poses = proposals;
    if (!refiner->Refine(image.View(), poses)) state.SkipWithError("refining failed");
    benchmark::DoNotOptimize(poses.data());
  }
  state.counters["poses"] = static_cast<double>(poses.size());
  state.counters["time/person"] = benchmark::Counter(
      static_cast<double>(state.range(0)), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

BENCHMARK(Refine)
    ->ArgNames({"people", "threads"})
    ->ArgsProduct({{1, 2, 5, 10, 20, 40}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace posenet::human
