// SPDX-License-Identifier: Apache-2.0
#include "test_files.h"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "human/testing/movenet_maps.h"
#include "image/image.h"
#include "media/image_file.h"
#include "model/model_file.h"
#include "model/model_spec.h"

namespace posenet::cli {
namespace {

using std::string_view_literals::operator""sv;

// A model that owns its tensors, put together layer by layer.
class TinyModel {
 public:
  TinyModel() {
    model_.spec.name = "tiny";
    model_.spec.architecture = "tiny";
    model_.spec.output_stride = 16;
    model_.spec.source = "test";
    model_.spec.license = "Apache-2.0";
    model_.spec.input_scale = 2.0F / 255.0F;
    model_.spec.input_bias = {-1.0F, -1.0F, -1.0F};
    // Constant maps have no keypoint on which votes agree; for TensorFlow.js' decoder, every cell is a person.
    model_.spec.decoder = model::DecoderSpec{.decoder = PoseDecoder::kTfjsMultiple};
  }

  // A square convolution of value `input` with zero weights; returns its value.
  int Conv(const std::string& name, int input, int in_channels, int out_channels, int kernel, int stride, float bias) {
    nn::Conv2d conv;
    if (kernel > 1) conv.activation = nn::Activation::kRelu6;
    conv.window.kernel_height = conv.window.kernel_width = kernel;
    conv.window.stride_height = conv.window.stride_width = stride;
    conv.out_channels = out_channels;
    conv.weights = name + "/weights";
    conv.bias = name + "/bias";
    AddTensor(conv.weights, {kernel, kernel, in_channels, out_channels}, 0.0F);
    AddTensor(conv.bias, {out_channels}, bias);
    auto& layers = model_.spec.network.layers;
    layers.push_back({.name = name, .inputs = {input}, .operation = conv});
    return static_cast<int>(layers.size());
  }

  void Output(const char* name, int value) { model_.spec.network.outputs.push_back({.name = name, .value = value}); }

  [[nodiscard]] const model::LoadedModel& model() const { return model_; }

 private:
  void AddTensor(const std::string& name, const std::vector<std::int64_t>& shape, float value) {
    std::size_t count = 1;
    for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
    const std::vector<float>& elements = elements_[name] = std::vector<float>(count, value);
    model_.weights[name] = {.dtype = nn::DType::kFloat32, .shape = shape, .bytes = std::as_bytes(std::span(elements))};
  }

  model::LoadedModel model_;
  std::map<std::string, std::vector<float>> elements_;
};

}  // namespace

std::string WriteTinyModel(const std::filesystem::path& file, Sees sees) {
  constexpr int kChannels = 4;
  TinyModel tiny;
  int value = tiny.Conv("conv0", 0, 3, kChannels, 3, 2, 0.0F);
  for (const char* name : {"conv1", "conv2", "conv3"}) value = tiny.Conv(name, value, kChannels, kChannels, 3, 2, 0.0F);
  // The sigmoid of 2 is 0.88, that of -9 is 0.0001.
  const float heatmap_bias = sees == Sees::kPeople ? 2.0F : -9.0F;
  tiny.Output(model::kHeatmapOutput, tiny.Conv("heatmap", value, kChannels, 17, 1, 1, heatmap_bias));
  tiny.Output(model::kOffsetOutput, tiny.Conv("offset", value, kChannels, 34, 1, 1, 0.0F));
  tiny.Output(model::kDisplacementFwdOutput, tiny.Conv("displacement_fwd", value, kChannels, 32, 1, 1, 0.0F));
  tiny.Output(model::kDisplacementBwdOutput, tiny.Conv("displacement_bwd", value, kChannels, 32, 1, 1, 0.0F));
  const Result<void> written = model::WriteModelFile(file, tiny.model());
  if (!written.has_value()) throw std::runtime_error(written.error().message);
  return file.native();
}

std::string WriteTinyMoveNet(const std::filesystem::path& file, TinyMoveNet kind) {
  constexpr float kStepPx = 0.5F;
  const model::LoadedModel movenet = kind == TinyMoveNet::kMultiPose
                                         ? human::RandomMultiPose()
                                         : human::StandingMoveNet(kind == TinyMoveNet::kWalking ? kStepPx : 0.0F);
  const Result<void> written = model::WriteModelFile(file, movenet);
  if (!written.has_value()) throw std::runtime_error(written.error().message);
  return file.native();
}

std::string WriteImage(const std::filesystem::path& file, int width_px, int height_px) {
  image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      for (const int channel : {x * 3, y * 5, x ^ y}) image.rgb.push_back(static_cast<std::uint8_t>(channel));
    }
  }
  const Result<void> written = media::WriteImageFile(file, image);
  if (!written.has_value()) throw std::runtime_error(written.error().message);
  return file.native();
}

std::string HugePng() {
  // Signature, then IHDR: 30000 x 30000, 8-bit RGB, with its checksum, then the start of IDAT.
  return std::string(
      "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0\xE9\x45\x6F\xED\0\0\0\x10IDAT\x78\x9C pixels"sv);
}

std::string HugeBmp() {
  // File header, then a BITMAPINFOHEADER: 30000 x 30000, 1 plane, 24 bits, and 24 bytes of defaults.
  std::string bytes("BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x30\x75\0\0\x30\x75\0\0\x01\0\x18\0"sv);
  return bytes.append(24, '\0').append("pixels");
}

std::string ReadText(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void WriteText(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

}  // namespace posenet::cli
