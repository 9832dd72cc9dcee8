// SPDX-License-Identifier: Apache-2.0
#include "model/camera_network.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace posenet::model {
namespace {

constexpr auto kNone = nn::Activation::kNone;

// Of the towers: Szegedy et al. 2015, section 5; Kendall et al. put their regressors in the classifiers' place.
constexpr int kTowerChannels = 128;
constexpr int kTowerFeatures = 1024;
constexpr float kTowerDropout = 0.7F;

int GridRows(int feature_count) {
  int rows = 1;
  while (4 * std::int64_t{rows} * rows <= feature_count) rows *= 2;
  return rows;
}

// What both ways of reading `input` answer, side by side.
std::vector<int> BothWays(const std::string& name, int input, nn::Lstm lstm, NetworkBuilder& builder) {
  lstm.direction = nn::ScanDirection::kForward;
  const int forward = builder.Lstm(name + "_forward", input, lstm);
  lstm.direction = nn::ScanDirection::kReverse;
  return {forward, builder.Lstm(name + "_reverse", input, lstm)};
}

// Memories that read `input` as a grid.
int Memory(const std::string& prefix, int input, int feature_count, int hidden, NetworkBuilder& builder) {
  nn::Lstm lstm = {.hidden = hidden, .scan = nn::Scan::kRows, .rows = GridRows(feature_count)};
  std::vector<int> states = BothWays(prefix + "/rows", input, lstm, builder);
  lstm.scan = nn::Scan::kColumns;
  const std::vector<int> columns = BothWays(prefix + "/columns", input, lstm, builder);
  states.insert(states.end(), columns.begin(), columns.end());
  return builder.Concat(prefix + "/memory", std::move(states));
}

// The two regressors on `input`, as outputs whose names begin with `output_prefix`.
void Regress(const std::string& prefix, const std::string& output_prefix, int input, RotationParameters rotation,
             NetworkBuilder& builder) {
  builder.Output(output_prefix + kPositionOutput, builder.FullyConnected(prefix + "/position", input, 3, kNone));
  builder.Output(output_prefix + kRotationOutput,
                 builder.FullyConnected(prefix + "/rotation", input, RotationSize(rotation), kNone));
}

// A tower up to what its regressors or its classifier read, without dropout.
int Tower(const std::string& prefix, int tap, NetworkBuilder& builder) {
  int value = builder.AveragePool(prefix + "/pool", tap, 5, 3, RoundedUp(0));
  value = builder.Conv(prefix + "/conv", value, {.out_channels = kTowerChannels, .activation = nn::Activation::kRelu});
  return builder.FullyConnected(prefix + "/fc", value, kTowerFeatures, nn::Activation::kRelu);
}

std::string TowerName(std::size_t index) { return "aux" + std::to_string(index + 1); }

int FeaturesOf(const CameraArchitecture& architecture, int map, NetworkBuilder& builder) {
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
float ClassifierDropout(Backbone backbone) {
  switch (backbone) {
    case Backbone::kGoogLeNet:
      return 0.4F;
    case Backbone::kGoogLeNetBn:
      return 0.2F;
    case Backbone::kMobileNet100:
    case Backbone::kMobileNet075:
      return 0.001F;
    case Backbone::kResNet34:
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
  NetworkBuilder builder(3);
  const bool has_memory = architecture.head == CameraHead::kLstm;
  const BackboneTaps taps = AppendBackbone(architecture.backbone, builder);
  const int features = FeaturesOf(architecture, taps.features.value, builder);
  int value = features;
  if (has_memory) value = Memory("head", value, architecture.feature_count, architecture.hidden, builder);
  if (architecture.sequence_length > 1) {
    const nn::Lstm frames = {.hidden = architecture.hidden, .scan = nn::Scan::kBatch};
    value = builder.Concat("head/frames", BothWays("head/frames", value, frames, builder));
  }
  Regress("head", "", builder.Dropout("head/dropout", value, architecture.dropout), architecture.rotation, builder);
  builder.Output(kFeaturesOutput, features);
  for (std::size_t i = 0; i < taps.auxiliary.size() && auxiliary == Auxiliary::kInclude; ++i) {
    const std::string name = TowerName(i);
    int tower = Tower(name, taps.auxiliary[i].value, builder);
    if (has_memory) tower = Memory(name, tower, kTowerFeatures, architecture.hidden, builder);
    Regress(name, name + "/", builder.Dropout(name + "/dropout", tower, kTowerDropout), architecture.rotation, builder);
  }
  return std::move(builder).Build();
}

nn::Network ClassifierNetwork(Backbone backbone, int class_count, Auxiliary auxiliary) {
  NetworkBuilder builder(3);
  const BackboneTaps taps = AppendBackbone(backbone, builder);
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

}  // namespace posenet::model
