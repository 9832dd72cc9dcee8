// SPDX-License-Identifier: Apache-2.0
// Single layers in float on every instruction set of this CPU against the reference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "nn/testing/run_plan.h"

namespace posenet::nn {
namespace {

TEST(KernelsTest, PointwiseWithEveryRemainder) {
  for (const int channels : {1, 3, 17, 64}) {
    for (const int out_channels : {1, 2, 15, 16, 17, 24, 32, 34, 65}) {
      TestConv(Conv(SquareWindow(1), out_channels), {1, 3, 5, channels});
    }
  }
  for (int width = 1; width <= 29; ++width) TestConv(Conv(SquareWindow(1), 33), {1, 1, width, 5});
}

TEST(KernelsTest, PointwiseInSeveralBlocks) {
  // More rows than a block holds; so many channels that a block is small; all activations.
  for (const Activation activation : kActivations) {
    TestConv(Conv(SquareWindow(1), 40, 1, activation), {2, 23, 31, 100});
    TestConv(Conv(SquareWindow(1), 16, 1, activation), {1, 4, 25, 2048});
  }
}

TEST(KernelsTest, ConvolutionsWithEveryWindow) {
  for (const int kernel : {1, 2, 3, 5}) {
    for (const int stride : {1, 2, 3}) {
      for (const int dilation : {1, 2, 3}) {
        for (const Padding& padding : kPaddings) {
          if (padding.mode == PaddingMode::kExplicit && kernel < 3) continue;
          for (const int channels : {3, 17}) {
            TestConv(Conv(SquareWindow(kernel, stride, dilation, padding), 9, 1, Activation::kRelu),
                     {2, 13, 14, channels});
          }
        }
      }
    }
  }
}

// Convolutions by Winograd's algorithm: tiles that stick out of the image, channel counts that are no multiple of a
// vector, more tiles than a block holds.
TEST(KernelsTest, WinogradConvolutions) {
  for (const Padding& padding : kPaddings) {
    for (const int channels : {16, 21, 64}) {
      for (const int out_channels : {16, 35}) {
        TestConv(Conv(SquareWindow(3, 1, 1, padding), out_channels, 1, Activation::kRelu), {2, 7, 10, channels});
      }
    }
  }
  for (const int size : {1, 2, 3, 4, 5}) TestConv(Conv(SquareWindow(3), 24), {1, size, 6 - size, 32});
  TestConv(Conv(SquareWindow(3), 48, 1, Activation::kRelu6), {1, 33, 40, 128});
}

TEST(KernelsTest, ConvolutionsWithUnequalSides) {
  const Window window = {3, 7, 2, 1, 1, 2, {}};
  for (const int channels : {1, 3, 15, 16, 24}) TestConv(Conv(window, 20), {1, 9, 6, channels});
  TestConv(Conv({1, 7, 1, 1, 1, 1, {}}, 20), {1, 9, 6, 20});
  TestConv(Conv({7, 1, 1, 3, 1, 1, {}}, 20, 1, Activation::kSigmoid), {1, 9, 6, 3});
}

TEST(KernelsTest, GroupedConvolutions) {
  for (const int groups : {2, 3, 6}) {
    for (const int stride : {1, 2}) {
      TestConv(Conv(SquareWindow(3, stride), 12, groups), {1, 7, 8, 24});
      TestConv(Conv(SquareWindow(1, stride), 102, groups, Activation::kSigmoid), {1, 7, 8, 12});
    }
  }
}

TEST(KernelsTest, DepthwiseWithEveryWindow) {
  for (const int kernel : {1, 2, 3, 5}) {
    for (const int stride : {1, 2, 3}) {
      for (const int dilation : {1, 2, 4}) {
        for (const Padding& padding : kPaddings) {
          if (padding.mode == PaddingMode::kExplicit && kernel < 3) continue;
          const Shape shape = {2, 18, 19, 24};
          TestConv(Conv(SquareWindow(kernel, stride, dilation, padding), 24, 24, Activation::kRelu6), shape);
        }
      }
    }
  }
}

TEST(KernelsTest, DepthwiseOfEverySize) {
  for (const int channels : {2, 3, 16, 17, 24, 34, 64, 67}) {
    for (const int size : {1, 2, 3, 4, 6, 9}) {
      for (const Activation activation : kActivations) {
        TestConv(Conv(SquareWindow(3), channels, channels, activation), {1, size, 10 - size, channels});
        TestConv(Conv(SquareWindow(3, 2), channels, channels, activation), {1, 10 - size, size, channels});
      }
      // At dilation 4, most taps of a small input lie on the padding.
      TestConv(Conv(SquareWindow(3, 1, 4), channels, channels), {1, size, size, channels});
    }
  }
}

// Results that are so large that the two layers are fused.
TEST(KernelsTest, LargeDepthwiseBeforePointwise) {
  for (const Activation activation : {Activation::kNone, Activation::kRelu6}) {
    for (const int stride : {1, 2}) {
      TestNetwork net(34);
      const int depthwise = net.AddConv(0, Conv(SquareWindow(3, stride), 34, 34, activation));
      net.AddOutput(net.AddConv(depthwise, Conv(SquareWindow(1), 19, 1, activation)));
      const int size = 85 * stride;
      ExpectMatchesReference(net, {2, size, size - 3, 34});
      // A result that is an output cannot be fused away.
      net.AddOutput(depthwise);
      ExpectMatchesReference(net, {2, size, size - 3, 34});
    }
  }
}

TEST(KernelsTest, DepthwiseWithChannelMultiplier) {
  for (const int multiplier : {2, 3, 17}) {
    for (const int channels : {1, 5, 16}) {
      TestConv(Conv(SquareWindow(3, 2), channels * multiplier, channels, Activation::kRelu), {1, 7, 6, channels});
    }
  }
}

TEST(KernelsTest, Pools) {
  for (const PoolKind kind : {PoolKind::kMax, PoolKind::kAverage}) {
    for (const Window& window :
         {SquareWindow(2, 2), SquareWindow(3, 1), SquareWindow(3, 2), Window{2, 5, 1, 3, 1, 1, {}},
          SquareWindow(3, 2, 1, {PaddingMode::kValid}), SquareWindow(4, 1, 1, {PaddingMode::kExplicit, 3, 1, 0, 3})}) {
      for (const int channels : {1, 3, 17, 24, 64}) {
        TestNetwork net(channels);
        net.AddOutput(net.AddOther({0}, Pool{kind, window}));
        ExpectMatchesReference(net, {2, 9, 8, channels});
      }
    }
  }
}

TEST(KernelsTest, GlobalAveragePool) {
  for (const int channels : {1, 17, 64, 200}) {
    TestNetwork net(channels);
    net.AddOutput(net.AddOther({0}, GlobalAveragePool{}));
    ExpectMatchesReference(net, {3, 7, 5, channels});
  }
}

TEST(KernelsTest, SumsAndActivations) {
  for (const Activation activation : kActivations) {
    for (const Shape& shape : {Shape{1, 1, 1, 1}, Shape{2, 5, 7, 17}, Shape{1, 33, 31, 24}}) {
      TestNetwork net(shape.channels);
      const int activated = net.AddOther({0}, Activate{activation});
      net.AddOutput(activated);
      net.AddOutput(net.AddOther({0, activated}, Add{activation}));
      net.AddOutput(net.AddOther({0, activated, 0, 0}, Add{activation}));
      ExpectMatchesReference(net, shape);
    }
  }
}

TEST(KernelsTest, ConvolutionWithoutBias) {
  TestNetwork net(3);
  net.AddOutput(net.AddConv(0, Conv(SquareWindow(3), 8)));
  std::get<Conv2d>(net.network().layers[0].operation).bias.clear();
  ExpectMatchesReference(net, {1, 4, 4, 3});
}

TEST(KernelsTest, SigmoidOfExtremes) {
  for (const std::string& instruction_set : SupportedInstructionSets()) {
    TestNetwork net(4);
    net.AddOutput(net.AddOther({0}, Activate{Activation::kSigmoid}));
    const auto plan = MakePlan(net, {1, 1, 1, 4}, instruction_set);
    const auto context = Context::Create(plan);
    base::ThreadPool pool(1);
    constexpr float kMax = std::numeric_limits<float>::max();
    EXPECT_THAT(RunPlan(*plan, **context, std::vector<float>{-kMax, -100.0F, 100.0F, kMax}, pool)[0],
                ::testing::Pointwise(::testing::FloatNear(1e-30F), {0.0F, 0.0F, 1.0F, 1.0F}));
  }
}

TEST(KernelsTest, Concat) {
  TestNetwork net(5);
  const int wide = net.AddConv(0, Conv(SquareWindow(1), 130));
  net.AddOutput(net.AddOther({wide, 0, 0, wide}, Concat{}));
  ExpectMatchesReference(net, {2, 6, 7, 5});
}

TEST(KernelsTest, Upsample) {
  for (const int factor : {2, 3, 4, 7}) {
    for (const Shape& shape : {Shape{1, 1, 1, 1}, Shape{2, 3, 4, 17}, Shape{1, 5, 2, 24}, Shape{1, 2, 9, 64}}) {
      TestLayer(Upsample{factor}, shape);
    }
  }
}

TEST(KernelsTest, UpsampleReferenceHasHalfPixelCenters) {
  // tf.image.resize([[0, 4], [8, 4]], [4, 4], "bilinear") of TensorFlow 2.
  const ReferenceTensor out = ReferenceUpsample({2}, {{1, 2, 2, 1}, {0.0F, 4.0F, 8.0F, 4.0F}});
  EXPECT_EQ(out.shape, (Shape{1, 4, 4, 1}));
  EXPECT_THAT(out.values, ::testing::Pointwise(::testing::FloatEq(), {0.0F, 1.0F, 3.0F, 4.0F,  //
                                                                      2.0F, 2.5F, 3.5F, 4.0F,  //
                                                                      6.0F, 5.5F, 4.5F, 4.0F,  //
                                                                      8.0F, 7.0F, 5.0F, 4.0F}));
}

TEST(KernelsTest, FullyConnected) {
  for (const int batch : {1, 2, 30}) {
    for (const Activation activation : kActivations) {
      TestNetwork net(7);
      net.AddOutput(net.AddFullyConnected(0, {33, {}, {}, activation}, 5 * 3 * 7));
      ExpectMatchesReference(net, {batch, 5, 3, 7});
    }
  }
}

}  // namespace
}  // namespace posenet::nn
