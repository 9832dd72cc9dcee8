// SPDX-License-Identifier: Apache-2.0
// Times our engine on a network, without pre- and postprocessing, and prints one line of JSON with the milliseconds of
// each run.
//
//   network_bench MODEL.safetensors PRECISION INPUT.f32 SIZE THREADS REPEATS [HEATMAP.f32]
//
// The programs in peers/ do the same for other engines, with the same command line (network_program.h); peers/run calls
// them all. bf16 is unsupported here on CPUs without instructions for it, because emulation is not worth measuring.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "base/thread_pool.h"
#include "human/precision.h"
#include "model/model_file.h"
#include "network_program.h"
#include "nn/plan.h"

namespace posenet::bench {
namespace {

template <typename T>
T ValueOrThrow(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

Precision PrecisionOf(const std::string& name) {
  if (name == "bf16") return Precision::kBFloat16;
  return name == "int8" ? Precision::kInt8 : Precision::kFloat32;
}

class OurNetwork final : public MeasuredNetwork {
 public:
  explicit OurNetwork(const NetworkArguments& arguments) : threads_(arguments.threads) {
    const model::LoadedModel model = ValueOrThrow(model::LoadModelFile(arguments.model));
    PoseEstimatorOptions options = {.precision = PrecisionOf(arguments.precision)};
    const nn::PackOptions pack = ValueOrThrow(human::ResolvePrecision(model, options));
    if (options.precision == Precision::kBFloat16 && !nn::TraitsOfInstructionSet().has_bfloat16) {
      throw Unsupported("this CPU has no bfloat16 products; they would be emulated");
    }
    auto packed = ValueOrThrow(nn::PackedNetwork::Create(model.spec.network, model.weights, pack));
    instructions_ = packed->instruction_set();
    const nn::Shape shape = {.height = arguments.size_px, .width = arguments.size_px, .channels = 3};
    plan_ = ValueOrThrow(nn::Plan::Create(std::move(packed), shape));
    context_ = ValueOrThrow(nn::Context::Create(plan_, arguments.threads));
    for (int i = 0; i < plan_->output_count(); ++i) {
      const bool is_heatmap =
          plan_->output_name(i) == model::kHeatmapOutput || plan_->output_name(i) == model::kKeypointHeatmapOutput;
      if (is_heatmap) heatmap_ = i;
    }
    if (heatmap_ < 0) throw std::runtime_error(arguments.model + ": has no heatmap");
  }

  void SetInput(std::span<const float> input_hwc) override {
    std::copy(input_hwc.begin(), input_hwc.end(), context_->input().begin());
  }
  void Run() override { plan_->Run(*context_, threads_); }
  std::vector<float> Heatmap() override {
    const std::span<const float> heatmap = context_->output(heatmap_);
    return {heatmap.begin(), heatmap.end()};
  }
  [[nodiscard]] std::string Instructions() const override { return instructions_; }

 private:
  base::ThreadPool threads_;
  std::shared_ptr<const nn::Plan> plan_;
  std::unique_ptr<nn::Context> context_;
  std::string instructions_;
  int heatmap_ = -1;
};

std::unique_ptr<MeasuredNetwork> Prepare(const NetworkArguments& arguments) {
  return std::make_unique<OurNetwork>(arguments);
}

}  // namespace
}  // namespace posenet::bench

int main(int argc, char** argv) {
  const posenet::bench::NetworkProgram program({.program = "network_bench", .name = "PoseNet", .version = ""},
                                               posenet::bench::Prepare);
  return program.Main(argc, argv);
}
