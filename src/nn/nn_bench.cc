// SPDX-License-Identifier: Apache-2.0
// MobileNetV1 at 257x257 and 513x513, and single layers of it, with random weights. FLOPS counts a multiply-add as two
// operations.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <vector>

#include "nn/graph/operation_count.h"
#include "nn/plan.h"
#include "nn/testing/random_network.h"

namespace posenet::nn {
namespace {

void RunNetwork(benchmark::State& state, TestNetwork& net, const Shape& shape, int threads) {
  const auto packed = PackedNetwork::Create(net.network(), net.Tensors());
  const auto plan = Plan::Create(*packed, shape);
  const auto context = Context::Create(*plan, threads);
  base::ThreadPool pool(threads);
  const std::vector<float> input = net.RandomValues(shape.ElementCount());
  for (auto _ : state) {
    std::copy(input.begin(), input.end(), (*context)->input().begin());
    (*plan)->Run(**context, pool);
    benchmark::DoNotOptimize((*context)->output(0).data());
  }
  state.SetLabel(std::string((*packed)->instruction_set()));
  const std::vector<double> operations = *OperationCounts(net.network(), shape);
  state.counters["FLOPS"] = benchmark::Counter(std::accumulate(operations.begin(), operations.end(), 0.0),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

void MobileNet(benchmark::State& state) {
  const int size = static_cast<int>(state.range(0));
  TestNetwork net = MobileNetPoseNet();
  RunNetwork(state, net, {1, size, size, 3}, static_cast<int>(state.range(1)));
}
BENCHMARK(MobileNet)
    ->ArgNames({"size", "threads"})
    ->ArgsProduct({{257, 513}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void OneConv(benchmark::State& state, const Conv2d& conv) {
  const int size = static_cast<int>(state.range(0));
  const int channels = static_cast<int>(state.range(1));
  TestNetwork net(channels);
  net.AddOutput(net.AddConv(0, conv));
  RunNetwork(state, net, {1, size, size, channels}, 1);
}

void FirstConv(benchmark::State& state) { OneConv(state, {{3, 3, 2, 2, 1, 1, {}}, 32, 1, {}, {}, Activation::kRelu6}); }
BENCHMARK(FirstConv)->ArgNames({"size", "channels"})->Args({257, 3});

void Pointwise(benchmark::State& state) {
  OneConv(state, {{}, static_cast<int>(state.range(2)), 1, {}, {}, Activation::kRelu6});
}
BENCHMARK(Pointwise)
    ->ArgNames({"size", "channels", "out"})
    ->Args({129, 32, 64})
    ->Args({65, 64, 128})
    ->Args({65, 128, 128})
    ->Args({33, 128, 256})
    ->Args({33, 256, 256})
    ->Args({17, 256, 512})
    ->Args({17, 512, 512})
    ->Args({17, 512, 1024})
    ->Args({17, 1024, 1024})
    ->Args({17, 1024, 34});

void Depthwise(benchmark::State& state) {
  const int stride = static_cast<int>(state.range(2));
  const int dilation = static_cast<int>(state.range(3));
  const int channels = static_cast<int>(state.range(1));
  OneConv(state, {{3, 3, stride, stride, dilation, dilation, {}}, channels, channels, {}, {}, Activation::kRelu6});
}
BENCHMARK(Depthwise)
    ->ArgNames({"size", "channels", "stride", "dilation"})
    ->Args({129, 32, 1, 1})
    ->Args({129, 64, 2, 1})
    ->Args({65, 128, 1, 1})
    ->Args({33, 256, 1, 1})
    ->Args({17, 512, 1, 1})
    ->Args({17, 1024, 1, 2});

void Conv3x3(benchmark::State& state) {
  OneConv(state, {{3, 3, 1, 1, 1, 1, {}}, static_cast<int>(state.range(1)), 1, {}, {}, Activation::kRelu});
}
BENCHMARK(Conv3x3)->ArgNames({"size", "channels"})->Args({33, 128})->Args({17, 256});

}  // namespace
}  // namespace posenet::nn
