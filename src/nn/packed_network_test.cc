// SPDX-License-Identifier: Apache-2.0
#include "nn/packed_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "nn/testing/run_plan.h"
#include "posenet/runtime.h"

namespace posenet::nn {
namespace {

using ::testing::HasSubstr;

class PackedNetworkErrorTest : public testing::Test {
 protected:
  PackedNetworkErrorTest() : net_(3) {
    net_.AddOutput(net_.AddConv(0, Conv(SquareWindow(3), 8)));
    conv_ = &std::get<Conv2d>(net_.network().layers[0].operation);
    tensors_ = net_.Tensors();
  }

  void ExpectCorrupt(const std::string& message) {
    const auto packed = PackedNetwork::Create(net_.network(), tensors_);
    ASSERT_FALSE(packed.has_value());
    EXPECT_EQ(packed.error().code, ErrorCode::kCorruptData);
    EXPECT_THAT(packed.error().message, HasSubstr(message));
    EXPECT_THAT(packed.error().message, HasSubstr("layer layer0"));
  }

  TestNetwork net_;
  Conv2d* conv_;
  TensorMap tensors_;
};

TEST_F(PackedNetworkErrorTest, MissingTensor) {
  tensors_.erase(conv_->weights);
  ExpectCorrupt("tensor tensor0 is missing");
}

TEST_F(PackedNetworkErrorTest, WrongShape) {
  tensors_[conv_->bias].shape = {4, 2};
  ExpectCorrupt("tensor tensor1 has shape [4, 2]; expected [8]");
}

TEST_F(PackedNetworkErrorTest, NotFinite) {
  std::vector<float> values(8, 1.0F);
  values[5] = std::numeric_limits<float>::infinity();
  tensors_[conv_->bias].bytes = std::as_bytes(std::span(values));
  ExpectCorrupt("tensor tensor1: element 5 is not finite");
}

TEST_F(PackedNetworkErrorTest, BytesThatDoNotFitTheShape) {
  tensors_[conv_->weights].bytes = tensors_[conv_->weights].bytes.first(100);
  ExpectCorrupt("tensor tensor0: 100 bytes");
}

TEST_F(PackedNetworkErrorTest, UnknownInstructionSet) {
  const auto packed = PackedNetwork::Create(net_.network(), tensors_, {.instruction_set = "MMX"});
  ASSERT_FALSE(packed.has_value());
  EXPECT_EQ(packed.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(packed.error().message, HasSubstr("MMX"));
}

TEST(InstructionSetTraitsTest, OnlyInstructionsAreFast) {
  for (const std::string& name : SupportedInstructionSets()) {
    const InstructionSetTraits traits = TraitsOfInstructionSet(name);
    EXPECT_TRUE(traits.has_bfloat16 || !traits.is_bfloat16_fast) << name;
  }
  EXPECT_FALSE(TraitsOfInstructionSet("MMX").is_bfloat16_fast);
}

}  // namespace
}  // namespace posenet::nn
