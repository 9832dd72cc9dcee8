// SPDX-License-Identifier: Apache-2.0
// Runs a model on an input from a file and writes its raw outputs, to compare them with those of another runtime.
//
//   run_network MODEL INPUT HEIGHT WIDTH OUTPUT_FOLDER [OUTPUT_STRIDE]
//
// MODEL is a model file or any file that can be imported. INPUT holds HEIGHT x WIDTH x 3 float32, already normalized.
// Writes each output to OUTPUT_FOLDER/<name>.f32 and prints its name and shape, one per line.
#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/thread_pool.h"
#include "import/import.h"
#include "model/model_file.h"
#include "model/output_stride.h"
#include "nn/plan.h"

namespace posenet {
namespace {

struct Arguments {
  std::filesystem::path model;
  std::filesystem::path input;
  int height = 0;
  int width = 0;
  std::filesystem::path output_folder;
  std::optional<int> output_stride;
};

Result<int> ParseNumber(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "not a positive number: ", base::Printable(text));
  }
  return number;
}

Result<Arguments> ParseArguments(std::span<char* const> argv) {
  if (argv.size() != 6 && argv.size() != 7) {
    return base::Fail(ErrorCode::kInvalidArgument,
                      "usage: run_network MODEL INPUT HEIGHT WIDTH OUTPUT_FOLDER [OUTPUT_STRIDE]");
  }
  Arguments arguments;
  arguments.model = argv[1];
  arguments.input = argv[2];
  POSENET_ASSIGN_OR_RETURN(arguments.height, ParseNumber(argv[3]));
  POSENET_ASSIGN_OR_RETURN(arguments.width, ParseNumber(argv[4]));
  arguments.output_folder = argv[5];
  if (argv.size() == 7) {
    POSENET_ASSIGN_OR_RETURN(arguments.output_stride, ParseNumber(argv[6]));
  }
  return arguments;
}

Result<model::LoadedModel> LoadOrImport(const std::filesystem::path& path) {
  return path.extension() == ".safetensors" ? model::LoadModelFile(path) : importer::ImportModel(path);
}

Result<void> FillInput(const std::filesystem::path& path, std::span<float> input) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<std::byte> bytes, base::ReadFile(path, input.size_bytes()));
  if (bytes.size() != input.size_bytes()) {
    return base::Fail(ErrorCode::kInvalidArgument, base::Printable(path.string()), ": is ", bytes.size(),
                      " bytes long, expected ", input.size_bytes());
  }
  std::memcpy(input.data(), bytes.data(), bytes.size());
  return {};
}

Result<void> WriteOutputs(const nn::Plan& plan, const nn::Context& context, const std::filesystem::path& folder) {
  for (int i = 0; i < plan.output_count(); ++i) {
    const nn::Shape& shape = plan.output_shape(i);
    POSENET_RETURN_IF_ERROR(base::WriteFile(folder / (plan.output_name(i) + ".f32"), std::as_bytes(context.output(i))));
    std::cout << plan.output_name(i) << ' ' << shape.height << ' ' << shape.width << ' ' << shape.channels << '\n';
  }
  return {};
}

Result<void> RunNetwork(std::span<char* const> argv) {
  POSENET_ASSIGN_OR_RETURN(const Arguments arguments, ParseArguments(argv));
  POSENET_ASSIGN_OR_RETURN(model::LoadedModel model, LoadOrImport(arguments.model));
  nn::Network& network = model.spec.network;
  if (arguments.output_stride) {
    POSENET_ASSIGN_OR_RETURN(network, model::WithOutputStride(network, *arguments.output_stride));
  }
  POSENET_ASSIGN_OR_RETURN(const auto packed, nn::PackedNetwork::Create(network, model.weights));
  POSENET_ASSIGN_OR_RETURN(const auto plan, nn::Plan::Create(packed, {1, arguments.height, arguments.width, 3}));
  POSENET_ASSIGN_OR_RETURN(const auto context, nn::Context::Create(plan));
  POSENET_RETURN_IF_ERROR(FillInput(arguments.input, context->input()));
  base::ThreadPool pool(base::AvailableCores());
  plan->Run(*context, pool);
  return WriteOutputs(*plan, *context, arguments.output_folder);
}

}  // namespace
}  // namespace posenet

int main(int argc, char** argv) {
  const auto done = posenet::RunNetwork(std::span(argv, static_cast<std::size_t>(argc)));
  if (done) return 0;
  std::cerr << "run_network: " << done.error().message << '\n';
  return 1;
}
