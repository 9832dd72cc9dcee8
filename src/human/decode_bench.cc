// SPDX-License-Identifier: Apache-2.0
// The multi-person decoders at 513x513 px and output stride 16, by the number of people. The network takes tens of
// milliseconds: compare with nn_bench's MobileNet/size:513/threads:1 in the same run.
#include <benchmark/benchmark.h>

#include <memory_resource>
#include <random>
#include <vector>

#include "human/decoders.h"
#include "human/testing/pose_maps.h"

namespace posenet::human::decode {
namespace {

using DecodeFunction = Result<void>(const PoseMaps&, const MultiPoseOptions&, std::pmr::memory_resource&,
                                    std::vector<Pose>&);

/// `count` people in a grid of five columns, with noisy heatmaps and offsets.
TestMaps MapsOfCrowd(int count) {
  std::vector<Figure> people;
  for (int i = 0; i < count; ++i) {
    people.push_back(StandingFigure(
        {.x = 60.0F + 98.0F * static_cast<float>(i % 5), .y = 70.0F + 125.0F * static_cast<float>(i / 5)}, 0.7F));
  }
  TestMaps maps = MapsOfPeople(33, 33, 16, people);
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0.0F, 1.0F);
  for (float& logit : maps.heatmap) logit += 0.5F * noise(random);
  for (float& offset_px : maps.offsets) offset_px += 2.0F * noise(random);
  return maps;
}

void Decode(benchmark::State& state, DecodeFunction* decode, const MultiPoseOptions& options) {
  const TestMaps maps = MapsOfCrowd(static_cast<int>(state.range(0)));
  std::pmr::unsynchronized_pool_resource memory;
  std::vector<Pose> poses;
  for (auto _ : state) {
    if (!decode(maps.View(), options, memory, poses)) state.SkipWithError("decoding failed");
    benchmark::DoNotOptimize(poses.data());
  }
  state.counters["poses"] = static_cast<double>(poses.size());
}

constexpr MultiPoseOptions kTfjsOptions = {.max_poses = 20};
constexpr MultiPoseOptions kCoralOptions = {.max_poses = 20, .score_threshold = 0.2F, .nms_radius_px = 10.0F};
BENCHMARK_CAPTURE(Decode, Tfjs, DecodeMultiple, kTfjsOptions)->ArgName("people")->Arg(1)->Arg(5)->Arg(20);
BENCHMARK_CAPTURE(Decode, Coral, DecodeMultipleCoral, kCoralOptions)->ArgName("people")->Arg(1)->Arg(5)->Arg(20);
BENCHMARK_CAPTURE(Decode, Hough, DecodeMultipleHough, kHoughDefaults)->ArgName("people")->Arg(1)->Arg(5)->Arg(20);

}  // namespace
}  // namespace posenet::human::decode
