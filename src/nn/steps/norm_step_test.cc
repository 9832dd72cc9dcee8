// SPDX-License-Identifier: Apache-2.0
// Local response normalization against the reference, and the reference against torch.
#include <gtest/gtest.h>

#include <cmath>

#include "nn/testing/run_plan.h"

namespace posenet::nn {
namespace {

TEST(LocalResponseNormTest, MatchesReference) {
  for (const int channels : {1, 2, 4, 7, 16, 33, 64}) {
    for (const int size : {1, 3, 5, 101}) {
      for (const float beta : {0.75F, 0.5F, 1.3F}) {
        SCOPED_TRACE(base::StrCat(channels, " channels, size ", size, ", beta ", beta));
        TestLayer(LocalResponseNorm{size, 0.7F, beta, 1.5F}, {2, 3, 5, channels});
      }
    }
  }
}

TEST(LocalResponseNormTest, ReferenceMatchesTorch) {
  // torch.nn.functional.local_response_norm(torch.tensor([[1., 2., 3.]]).unsqueeze(-1), 3, alpha=1.5, beta=0.75, k=2):
  // the sums of squares are 5, 14 and 13, and half of each is added to k = 2.
  const ReferenceTensor out = ReferenceLocalResponseNorm({3, 1.5F, 0.75F, 2.0F}, {{.channels = 3}, {1.0F, 2.0F, 3.0F}});
  EXPECT_NEAR(out.values[0], 1.0 / std::pow(4.5, 0.75), 1e-6);
  EXPECT_NEAR(out.values[1], 2.0 / std::pow(9.0, 0.75), 1e-6);
  EXPECT_NEAR(out.values[2], 3.0 / std::pow(8.5, 0.75), 1e-6);
}

}  // namespace
}  // namespace posenet::nn
