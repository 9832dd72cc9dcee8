// SPDX-License-Identifier: Apache-2.0
#include "model/mobilenet.h"

#include <gtest/gtest.h>

#include <ostream>

#include "model/network_weights.h"
#include "model/output_stride.h"
#include "model/random_weights.h"
#include "model/testing/bytes.h"
#include "posenet/model.h"

namespace posenet::model {
namespace {

struct Released {
  float multiplier;
  std::int64_t parameter_count;  // Heads included; 0.75's is that of the weights manifest of the released model.
  int native_stride;
  int last_channels;

  friend std::ostream& operator<<(std::ostream& out, const Released& released) { return out << released.multiplier; }
};

class MobileNet : public testing::TestWithParam<Released> {};

INSTANTIATE_TEST_SUITE_P(Multipliers, MobileNet,
                         testing::Values(Released{0.50F, 577'459, 16, 256}, Released{0.75F, 1'258'195, 16, 384},
                                         Released{1.0F, 3'313'907, 32, 1024}));

TEST_P(MobileNet, HasTheParametersOfTheReleasedModel) {
  for (const int output_stride : {8, 16, 32}) {
    const auto model = MakeModel(*RandomModel(MobileNetV1Network(GetParam().multiplier, output_stride), 1));
    ASSERT_THAT(model, base::Succeeds());
    EXPECT_EQ(model->info().parameter_count, GetParam().parameter_count);
    EXPECT_EQ(model->info().output_stride, std::min(output_stride, GetParam().native_stride));
  }
}

TEST_P(MobileNet, HasFourOutputsOfTheRightSize) {
  const nn::Network network = MobileNetV1Network(GetParam().multiplier, 16);
  const auto shapes = nn::InferShapes(network, {.height = 257, .width = 321, .channels = 3});
  ASSERT_THAT(shapes, base::Succeeds());
  ASSERT_EQ(network.outputs.size(), 4U);
  const int kChannels[] = {17, 34, 32, 32};
  for (std::size_t i = 0; i < 4; ++i) {
    const nn::Shape expected{.height = 17, .width = 21, .channels = kChannels[i]};
    EXPECT_EQ((*shapes)[static_cast<std::size_t>(network.outputs[i].value)], expected);
  }
  EXPECT_EQ((*shapes)[27].channels, GetParam().last_channels);
}

TEST(MobileNetTensors, AreNamedAfterLayers) {
  const auto uses = WeightsOf(MobileNetV1Network(1.0F, 16));
  ASSERT_THAT(uses, base::Succeeds());
  for (const char* name : {"conv0/weights", "conv0/biases", "block1/depthwise/weights", "block13/pointwise/biases",
                           "heatmap/weights", "displacement_bwd/biases"}) {
    EXPECT_EQ(uses->count(name), 1U) << name;
  }
}

}  // namespace
}  // namespace posenet::model
