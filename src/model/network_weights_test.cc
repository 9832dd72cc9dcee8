// SPDX-License-Identifier: Apache-2.0
#include "model/network_weights.h"

#include <gtest/gtest.h>

#include "model/testing/bytes.h"

namespace posenet::model {
namespace {

using testing::ElementsAre;

class NetworkWeights : public testing::Test {
 protected:
  NetworkWeights() {
    network_.layers = {
        {"conv", {0}, nn::Conv2d{{.kernel_height = 5, .kernel_width = 3, .padding = {}}, 8, 1, "w", "b"}},
        {"grouped", {1}, nn::Conv2d{{}, 6, 2, "g", ""}},
        {"joined", {1, 2}, nn::Concat{}},
        {"full", {3}, nn::FullyConnected{10, "fw", "fb"}}};
    network_.outputs = {{"out", 4}};
    tensors_["w"].shape = {5, 3, 3, 8};
    tensors_["b"].shape = {8};
    tensors_["g"].shape = {1, 1, 4, 6};
    tensors_["fw"].shape = {14 * 9, 10};
    tensors_["fb"].shape = {10};
  }

  nn::Network network_;
  nn::TensorMap tensors_;
};

TEST_F(NetworkWeights, AreTheTensorsThatLayersRead) {
  const auto uses = WeightsOf(network_);
  ASSERT_THAT(uses, base::Succeeds());
  EXPECT_EQ(uses->size(), 5U);
  EXPECT_THAT(uses->at("w").shape, ElementsAre(5, 3, 3, 8));
  EXPECT_THAT(uses->at("b").shape, ElementsAre(8));
  EXPECT_THAT(uses->at("g").shape, ElementsAre(1, 1, 4, 6));
  EXPECT_THAT(uses->at("fw").shape, ElementsAre(14, 10));
  EXPECT_EQ(uses->at("fw").rule, ShapeRule::kMultipleOfFirst);
  EXPECT_EQ(uses->at("g").layer, "grouped");
  EXPECT_THAT(ValidateWeights(network_, tensors_), base::Succeeds());
}

TEST_F(NetworkWeights, MissingTensorsAreNamed) {
  for (const std::string name : {"w", "b", "g", "fw", "fb"}) {
    nn::TensorMap without = tensors_;
    without.erase(name);
    EXPECT_THAT(ValidateWeights(network_, without),
                base::FailsWith(ErrorCode::kCorruptData, "tensor " + name + " of layer "));
  }
}

TEST_F(NetworkWeights, ShapesMustFit) {
  const std::pair<const char*, std::vector<std::int64_t>> kWrong[] = {
      {"w", {3, 5, 3, 8}}, {"w", {360}},    {"b", {}},    {"b", {1, 8}},       {"g", {1, 1, 8, 6}},
      {"fw", {15, 10}},    {"fw", {0, 10}}, {"fw", {14}}, {"fw", {14, 10, 1}}, {"fw", {14, 11}}};
  for (const auto& [name, shape] : kWrong) {
    nn::TensorMap damaged = tensors_;
    damaged[name].shape = shape;
    EXPECT_THAT(ValidateWeights(network_, damaged), base::FailsWith(ErrorCode::kCorruptData, "has shape [")) << name;
  }
}

TEST_F(NetworkWeights, IntegersAreRefused) {
  tensors_["w"].dtype = nn::DType::kUint8;
  EXPECT_THAT(ValidateWeights(network_, tensors_), base::FailsWith(ErrorCode::kUnsupported, "integer"));
  tensors_["w"].dtype = nn::DType::kBFloat16;
  EXPECT_THAT(ValidateWeights(network_, tensors_), base::Succeeds());
}

TEST_F(NetworkWeights, OneTensorHasOneShape) {
  std::get<nn::Conv2d>(network_.layers[1].operation).weights = "w";
  EXPECT_THAT(WeightsOf(network_), base::FailsWith(ErrorCode::kInvalidArgument, "layer grouped: reads tensor w as"));
}

}  // namespace
}  // namespace posenet::model
