// SPDX-License-Identifier: Apache-2.0
#include "human/testing/movenet_maps.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "model/network_builder.h"
#include "model/random_weights.h"
#include "posenet/refine.h"

namespace posenet::human {
namespace {

constexpr int kSidePx = 64;

/// A few layers that reduce the input by 4, and a head for each output.
model::LoadedModel RandomModelWith(const std::vector<std::pair<const char*, int>>& outputs) {
  model::NetworkBuilder builder(3);
  const auto conv = [&builder](const std::string& name, int input, int kernel, int stride, int channels,
                               nn::Activation activation) {
    return builder.Conv(
        name, input,
        {.kernel = kernel, .step = {.stride = stride}, .out_channels = channels, .activation = activation});
  };
  int features = conv("one", 0, 3, 2, 8, nn::Activation::kRelu6);
  features = conv("two", features, 3, 2, 16, nn::Activation::kRelu6);
  for (const auto& [name, channels] : outputs) {
    builder.Output(name, conv(name, features, 1, 1, channels, nn::Activation::kNone));
  }
  model::LoadedModel model = model::RandomModel(std::move(builder).Build(), 5).value();
  model.spec.input_width_px = model.spec.input_height_px = kSidePx;
  model.spec.input_scale = 2.0F / 255.0F;
  model.spec.input_bias = {-1.0F, -1.0F, -1.0F};
  return model;
}

std::vector<std::pair<const char*, int>> SinglePoseOutputs() {
  return {{model::kCenterOutput, 1},
          {model::kKeypointHeatmapOutput, kPartCount},
          {model::kKeypointRegressionOutput, 2 * kPartCount},
          {model::kKeypointOffsetOutput, 2 * kPartCount}};
}

}  // namespace

MoveNetTestMaps::MoveNetTestMaps(int height, int width) : maps{.height = height, .width = width} {
  const std::size_t cells = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  center.assign(cells, -10.0F);
  heatmap.assign(cells * 17, -10.0F);
  regression.assign(cells * 34, 0.0F);
  offset.assign(cells * 34, 0.0F);
  box_offset.assign(cells * 2, 0.0F);
  box_scale.assign(cells * 2, 0.0F);
}

void MoveNetTestMaps::Set(std::vector<float>& map, int y, int x, Part part, Point cells) const {
  const std::size_t first = CellIndex(y, x) * 34 + 2 * static_cast<std::size_t>(part);
  map[first] = cells.y;
  map[first + 1] = cells.x;
}

void MoveNetTestMaps::AddPerson(const decode::Figure& person, float center_logit) {
  constexpr float kStride = kMoveNetStride;
  Point min = person[0];
  Point max = person[0];
  for (const Point& point : person) {
    min = {.x = std::min(min.x, point.x), .y = std::min(min.y, point.y)};
    max = {.x = std::max(max.x, point.x), .y = std::max(max.y, point.y)};
  }
  const Point middle = {.x = 0.5F * (min.x + max.x) / kStride, .y = 0.5F * (min.y + max.y) / kStride};
  const int center_x = static_cast<int>(std::lround(middle.x));
  const int center_y = static_cast<int>(std::lround(middle.y));
  Center(center_y, center_x) = center_logit;
  const std::size_t box = 2 * CellIndex(center_y, center_x);
  box_offset[box] = middle.y - static_cast<float>(center_y);
  box_offset[box + 1] = middle.x - static_cast<float>(center_x);
  // A margin for the cells of the outermost keypoints.
  box_scale[box] = (max.y - min.y) / kStride + 3.0F;
  box_scale[box + 1] = (max.x - min.x) / kStride + 3.0F;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const auto part = static_cast<Part>(i);
    const Point cells = {.x = person[i].x / kStride, .y = person[i].y / kStride};
    const int x = static_cast<int>(cells.x);
    const int y = static_cast<int>(cells.y);
    Set(regression, center_y, center_x, part,
        {.x = cells.x - static_cast<float>(center_x), .y = cells.y - static_cast<float>(center_y)});
    Heat(y, x, part) = 3.0F;
    Set(offset, y, x, part, {.x = cells.x - static_cast<float>(x), .y = cells.y - static_cast<float>(y)});
  }
}

MoveNetMaps MoveNetTestMaps::View() const {
  MoveNetMaps view = maps;
  view.center.data = center.data();
  view.keypoint_heatmap.data = heatmap.data();
  view.keypoint_regression.data = regression.data();
  view.keypoint_offset.data = offset.data();
  view.box_offset.data = box_offset.data();
  view.box_scale.data = box_scale.data();
  return view;
}

model::LoadedModel RandomMoveNet() { return RandomModelWith(SinglePoseOutputs()); }

model::LoadedModel StandingMoveNet(float shift_px) {
  constexpr float kMiddleCells = 0.5F * kSidePx / kMoveNetStride;
  constexpr float kFigureHeight = 160.0F;
  const float height_px = kSidePx / static_cast<float>(PersonRefinerOptions().crop_scale);
  const decode::Figure figure =
      decode::StandingFigure({.x = 0.5F * kSidePx + shift_px, .y = 0.5F * kSidePx}, height_px / kFigureHeight);
  std::map<std::string, std::vector<float>> biases = {{model::kCenterOutput, {0.0F}},
                                                      {model::kKeypointHeatmapOutput, std::vector(kPartCount, 3.0F)}};
  for (const Point& point : figure) {
    for (const float px : {point.y, point.x}) {
      const float cells = px / kMoveNetStride;
      biases[model::kKeypointRegressionOutput].push_back(cells - kMiddleCells);
      biases[model::kKeypointOffsetOutput].push_back(cells - std::round(cells));
    }
  }
  struct Storage {
    std::shared_ptr<const void> random;
    std::map<std::string, std::vector<float>> tensors;
  };
  const auto storage = std::make_shared<Storage>();
  model::LoadedModel model = RandomMoveNet();
  storage->random = model.storage;
  for (auto& [name, tensor] : model.weights) {
    const auto head = biases.find(name.substr(0, name.find('/')));
    if (head == biases.end()) continue;
    std::vector<float>& values = storage->tensors[name];
    values.assign(tensor.bytes.size() / sizeof(float), 0.0F);
    if (tensor.shape.size() == 1) values = head->second;
    tensor.bytes = std::as_bytes(std::span(std::as_const(values)));
  }
  model.storage = storage;
  return model;
}

model::LoadedModel RandomMultiPose() {
  std::vector<std::pair<const char*, int>> outputs = SinglePoseOutputs();
  outputs.insert(outputs.end(), {{model::kBoxOffsetOutput, 2}, {model::kBoxScaleOutput, 2}});
  return RandomModelWith(outputs);
}

}  // namespace posenet::human
