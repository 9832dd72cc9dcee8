// SPDX-License-Identifier: Apache-2.0
#include "import/names.h"

#include <gtest/gtest.h>

namespace posenet::importer {
namespace {

TEST(NamesTest, OmitScopesAndOperations) {
  EXPECT_EQ(WeightedLayerName("MobilenetV1/Conv2d_0/BatchNorm/batchnorm_1/add_1/conv"), "Conv2d_0");
  EXPECT_EQ(WeightedLayerName("MobilenetV1/MobilenetV1/Conv2d_3_depthwise/depthwise"), "Conv2d_3_depthwise");
  EXPECT_EQ(WeightedLayerName("MobilenetV1/heatmap_2/BiasAdd"), "heatmap_2");
  EXPECT_EQ(WeightedLayerName("resnet_v1_50/block1/unit_2/bottleneck_v1/conv1/Conv2D"),
            "block1/unit_2/bottleneck_v1/conv1");
  EXPECT_EQ(PlainLayerName("resnet_v1_50/block1/unit_2/bottleneck_v1/add"), "block1/unit_2/bottleneck_v1/add");
}

TEST(NamesTest, UseTheFirstOfJoinedNames) {
  EXPECT_EQ(WeightedLayerName("MobilenetV1/Conv2d_0/Relu6;MobilenetV1/Conv2d_0/BatchNorm/add_1"), "Conv2d_0");
}

TEST(NamesTest, KeepTheFirstWordEvenIfItIsAnOperation) {
  EXPECT_EQ(WeightedLayerName("Conv2D_17"), "Conv2D_17");
  EXPECT_EQ(WeightedLayerName("block1/depthwise/Relu6"), "block1/depthwise");
}

TEST(NamesTest, AreNeverEmptyAndAlwaysPrintable) {
  EXPECT_EQ(WeightedLayerName(""), "layer");
  EXPECT_EQ(WeightedLayerName("///"), "layer");
  EXPECT_EQ(PlainLayerName("a\nb"), "a?b");
  EXPECT_LE(PlainLayerName(std::string(100'000, 'x')).size(), 200U);
}

}  // namespace
}  // namespace posenet::importer
