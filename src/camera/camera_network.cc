// SPDX-License-Identifier: Apache-2.0
#include "camera/camera_network.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace posenet::camera {
namespace {

constexpr auto kNone = nn::Activation::kNone;

// The auxiliary towers: Szegedy et al. 2015, section 5; Kendall et al. replace the classifiers by regressors.
constexpr int kTowerChannels = 128;
constexpr int kTowerFeatures = 1024;
constexpr float kTowerDropout = 0.7F;

int GridRows(int feature_count) {
  int rows = 1;
  while (4 * std::int64_t{rows} * rows <= feature_count) rows *= 2;
  return rows;
}

// The states of LSTMs that read `input` forward and in reverse.
std::vector<int> BothDirections(const std::string& name, int input, nn::Lstm lstm, model::NetworkBuilder& builder) {
  lstm.direction = nn::Direction::kForward;
  const int forward = builder.Lstm(name + "_forward", input, lstm);
  lstm.direction = nn::Direction::kReverse;
  return {forward, builder.Lstm(name + "_reverse", input, lstm)};
}

// LSTMs that read `input` as a grid.
int GridLstms(const std::string& prefix, int input, int feature_count, int hidden, model::NetworkBuilder& builder) {
  nn::Lstm lstm = {.hidden = hidden, .scan = nn::Scan::kRows, .rows = GridRows(feature_count)};
  std::vector<int> states = BothDirections(prefix + "/rows", input, lstm, builder);
  lstm.scan = nn::Scan::kColumns;
  const std::vector<int> columns = BothDirections(prefix + "/columns", input, lstm, builder);
  states.insert(states.end(), columns.begin(), columns.end());
  return builder.Concat(prefix + "/memory", std::move(states));
}

// The two regressors on `input`, as outputs whose names begin with `output_prefix`.
void Regress(const std::string& prefix, const std::string& output_prefix, int input, RotationParameters rotation,
             model::NetworkBuilder& builder) {
  builder.Output(output_prefix + kPositionOutput, builder.FullyConnected(prefix + "/position", input, 3, kNone));
  builder.Output(output_prefix + kRotationOutput,
                 builder.FullyConnected(prefix + "/rotation", input, RotationSize(rotation), kNone));
}

// A tower up to the dropout before its regressors or classifier.
int Tower(const std::string& prefix, int tap, model::NetworkBuilder& builder) {
  int value = builder.AveragePool(prefix + "/pool", tap, 5, 3, model::RoundedUp(0));
  value = builder.Conv(prefix + "/conv", value, {.out_channels = kTowerChannels, .activation = nn::Activation::kRelu});
  return builder.FullyConnected(prefix + "/fc", value, kTowerFeatures, nn::Activation::kRelu);
}

std::string TowerName(std::size_t index) { return "aux" + std::to_string(index + 1); }

int FeaturesOf(const CameraArchitecture& architecture, int map, model::NetworkBuilder& builder) {
  int value = 0;
  if (architecture.grid_channels == 0) {
    value = builder.GlobalAveragePool("head/pool", map);
  } else {
    value = builder.Conv("head/squeeze", map,
                         {.out_channels = architecture.grid_channels, .activation = nn::Activation::kRelu});
  }
  return builder.FullyConnected("head/fc", value, architecture.feature_count, nn::Activation::kRelu);
}

// Dropout as published: BVLC's and torchvision's GoogLeNets, TF-slim's MobileNets; ResNets have none.
float ClassifierDropout(model::Backbone backbone) {
  switch (backbone) {
    case model::Backbone::kGoogLeNet:
      return 0.4F;
    case model::Backbone::kGoogLeNetBn:
      return 0.2F;
    case model::Backbone::kMobileNet100:
    case model::Backbone::kMobileNet075:
      return 0.001F;
    case model::Backbone::kResNet34:
      break;
  }
  return 0.0F;
}

}  // namespace

std::string_view CameraHeadName(CameraHead head) { return head == CameraHead::kLstm ? "lstm" : "fc"; }

Result<CameraHead> CameraHeadOf(std::string_view name) {
  for (const CameraHead head : {CameraHead::kFullyConnected, CameraHead::kLstm}) {
    if (name == CameraHeadName(head)) return head;
  }
  return base::Fail(ErrorCode::kInvalidArgument, "head ", base::Printable(name), "; expected fc or lstm");
}

nn::Network CameraNetwork(const CameraArchitecture& architecture, Auxiliary auxiliary) {
  model::NetworkBuilder builder(3);
  const bool has_lstms = architecture.head == CameraHead::kLstm;
  const model::BackboneTaps taps = model::AppendBackbone(architecture.backbone, builder);
  const int features = FeaturesOf(architecture, taps.features.value, builder);
  int value = features;
  if (has_lstms) value = GridLstms("head", value, architecture.feature_count, architecture.hidden, builder);
  if (architecture.sequence_length > 1) {
    const nn::Lstm frames = {.hidden = architecture.hidden, .scan = nn::Scan::kBatch};
    value = builder.Concat("head/frames", BothDirections("head/frames", value, frames, builder));
  }
  Regress("head", "", builder.Dropout("head/dropout", value, architecture.dropout), architecture.rotation, builder);
  builder.Output(kFeaturesOutput, features);
  for (std::size_t i = 0; i < taps.auxiliary.size() && auxiliary == Auxiliary::kInclude; ++i) {
    const std::string name = TowerName(i);
    int tower = Tower(name, taps.auxiliary[i].value, builder);
    if (has_lstms) tower = GridLstms(name, tower, kTowerFeatures, architecture.hidden, builder);
    Regress(name, name + "/", builder.Dropout(name + "/dropout", tower, kTowerDropout), architecture.rotation, builder);
  }
  return std::move(builder).Build();
}

nn::Network ClassifierNetwork(model::Backbone backbone, int class_count, Auxiliary auxiliary) {
  model::NetworkBuilder builder(3);
  const model::BackboneTaps taps = model::AppendBackbone(backbone, builder);
  int value = builder.GlobalAveragePool("pool", taps.features.value);
  if (const float rate = ClassifierDropout(backbone); rate > 0.0F) value = builder.Dropout("dropout", value, rate);
  builder.Output(kLogitsOutput, builder.FullyConnected("classifier", value, class_count, kNone));
  for (std::size_t i = 0; i < taps.auxiliary.size() && auxiliary == Auxiliary::kInclude; ++i) {
    const std::string name = TowerName(i);
    const int tower = builder.Dropout(name + "/dropout", Tower(name, taps.auxiliary[i].value, builder), kTowerDropout);
    builder.Output(name + "/" + kLogitsOutput, builder.FullyConnected(name + "/classifier", tower, class_count, kNone));
  }
  return std::move(builder).Build();
}

}  // namespace posenet::camera
