// SPDX-License-Identifier: Apache-2.0
#include "nn/kernels/kernel_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/kernels/upsample.cc"
#include "nn/kernels/targets.h"
//
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "nn/kernels/vector_blocks-inl.h"

HWY_BEFORE_NAMESPACE();
namespace posenet::nn::HWY_NAMESPACE {
namespace {

// output[i] = a[i] + (b[i] - a[i]) * b_weight.
HWY_INLINE void Blend(const float* a, const float* b, float b_weight, std::ptrdiff_t count, float* output) {
  ForEachVector(count, [&](auto d, std::ptrdiff_t i) HWY_ATTR {
    const auto first = hn::LoadU(d, a + i);
    hn::StoreU(hn::MulAdd(hn::Sub(hn::LoadU(d, b + i), first), hn::Set(d, b_weight), first), d, output + i);
  });
}

void UpsampleRow(const UpsampleRowArgs& args) {
  const std::ptrdiff_t channels = args.channels;
  Blend(args.row, args.neighbor, args.neighbor_weight, args.columns * channels, args.blended);
  const float step = 1.0F / static_cast<float>(args.factor);
  float* output = args.output;
  for (int column = 0; column < args.columns; ++column) {
    const float* const here = args.blended + column * channels;
    const float* const before = column > 0 ? here - channels : here;
    const float* const after = column + 1 < args.columns ? here + channels : here;
    for (int part = 0; part < args.factor; ++part) {
      // From the center of this cell, in cells.
      const float distance = (static_cast<float>(part) + 0.5F) * step - 0.5F;
      if (distance < 0.0F) {
        Blend(here, before, -distance, channels, output);
      } else {
        Blend(here, after, distance, channels, output);
      }
      output += channels;
    }
  }
}

void SetKernels(Kernels& kernels) { kernels.upsample_row = &UpsampleRow; }

}  // namespace
}  // namespace posenet::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
POSENET_EXPORT_KERNELS(SetUpsampleKernels)
#endif
