// SPDX-License-Identifier: Apache-2.0
// Runs a backbone with pretrained weights and writes its features, to compare them with those of another runtime.
//
//   run_backbone BACKBONE WEIGHTS IMAGE HEIGHT WIDTH OUTPUT_FOLDER
//
// IMAGE holds HEIGHT x WIDTH x 3 float32: red, green, blue, 0 to 255. Writes the features to OUTPUT_FOLDER/features.f32
// and the inputs of auxiliary regressors to auxiliary0.f32 and so on, and prints their names and shapes, one per line.
#include <charconv>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/thread_pool.h"
#include "import/pretrained.h"
#include "model/backbone.h"
#include "model/network_builder.h"
#include "nn/plan.h"

namespace posenet {
namespace {

Result<int> ParseSize(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "not a positive number: ", base::Printable(text));
  }
  return number;
}

nn::Network NetworkOf(model::Backbone backbone) {
  constexpr int kColorChannels = 3;
  model::NetworkBuilder builder(kColorChannels);
  const model::BackboneTaps taps = model::AppendBackbone(backbone, builder);
  builder.Output("features", taps.features.value);
  for (std::size_t i = 0; i < taps.auxiliary.size(); ++i) {
    builder.Output(base::StrCat("auxiliary", i), taps.auxiliary[i].value);
  }
  return std::move(builder).Build();
}

Result<void> FillInput(const std::filesystem::path& path, const model::BackboneInput& meaning, std::span<float> input) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<std::byte> bytes, base::ReadFile(path, input.size_bytes()));
  if (bytes.size() != input.size_bytes()) {
    return base::Fail(ErrorCode::kInvalidArgument, base::Printable(path.string()), ": is ", bytes.size(),
                      " bytes long, expected ", input.size_bytes());
  }
  std::memcpy(input.data(), bytes.data(), bytes.size());
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = input[i] * meaning.scale + meaning.bias[i % 3];
  return {};
}

Result<void> RunBackbone(std::span<char* const> argv) {
  if (argv.size() != 7) {
    return base::Fail(ErrorCode::kInvalidArgument,
                      "usage: run_backbone BACKBONE WEIGHTS IMAGE HEIGHT WIDTH OUTPUT_FOLDER");
  }
  POSENET_ASSIGN_OR_RETURN(const model::Backbone backbone, model::BackboneOf(argv[1]));
  POSENET_ASSIGN_OR_RETURN(const importer::LoadedWeights weights, importer::ReadBackboneWeights(argv[2], backbone));
  POSENET_ASSIGN_OR_RETURN(const int height, ParseSize(argv[4]));
  POSENET_ASSIGN_OR_RETURN(const int width, ParseSize(argv[5]));
  POSENET_ASSIGN_OR_RETURN(const auto packed, nn::PackedNetwork::Create(NetworkOf(backbone), weights.tensors));
  POSENET_ASSIGN_OR_RETURN(const auto plan, nn::Plan::Create(packed, {1, height, width, 3}));
  POSENET_ASSIGN_OR_RETURN(const auto context, nn::Context::Create(plan));
  POSENET_RETURN_IF_ERROR(FillInput(argv[3], model::InputOf(backbone), context->input()));
  base::ThreadPool pool(base::AvailableCores());
  plan->Run(*context, pool);
  const std::filesystem::path folder = argv[6];
  for (int i = 0; i < plan->output_count(); ++i) {
    const nn::Shape& shape = plan->output_shape(i);
    POSENET_RETURN_IF_ERROR(
        base::WriteFile(folder / (plan->output_name(i) + ".f32"), std::as_bytes(context->output(i))));
    std::cout << plan->output_name(i) << ' ' << shape.height << ' ' << shape.width << ' ' << shape.channels << '\n';
  }
  return {};
}

}  // namespace
}  // namespace posenet

int main(int argc, char** argv) {
  const auto done = posenet::RunBackbone(std::span(argv, static_cast<std::size_t>(argc)));
  if (done) return 0;
  std::cerr << "run_backbone: " << done.error().message << '\n';
  return 1;
}
