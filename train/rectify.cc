// SPDX-License-Identifier: Apache-2.0
#include "train/rectify.h"

#include <cmath>
#include <cstdint>
#include <utility>

#include "nn/graph/bfloat16.h"

namespace posenet::train {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

constexpr const char* kUpper = "upper";
constexpr std::int64_t kGrain = 1 << 15;  // Elements per task.

const std::uint16_t* BitsOf(const Tensor& tensor) {
  return reinterpret_cast<const std::uint16_t*>(tensor.data_ptr<at::BFloat16>());
}
std::uint16_t* BitsOf(Tensor& tensor) { return reinterpret_cast<std::uint16_t*>(tensor.data_ptr<at::BFloat16>()); }

// `gradient` where `result` is strictly between 0 and `upper`, otherwise 0. Positive floats are ordered like their bits
// read as unsigned integers, and negative zero is larger than all of them; so one unsigned comparison checks both
// bounds.
Tensor Passed(const Tensor& gradient, const Tensor& result, double upper) {
  if (!result.device().is_cpu() || gradient.strides() != result.strides()) {
    return torch::where((result > 0.0).logical_and(result < upper), gradient, torch::zeros_like(gradient));
  }
  Tensor passed = torch::empty_like(result);
  const auto range = static_cast<std::uint16_t>(nn::ToBFloat16(static_cast<float>(upper)) - 1);
  const std::uint16_t* const in = BitsOf(gradient);
  const std::uint16_t* const at = BitsOf(result);
  std::uint16_t* const out = BitsOf(passed);
  at::parallel_for(0, result.numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::uint16_t bits = in[i];  // Loaded unconditionally, so that the loop vectorizes.
      const bool is_between = static_cast<std::uint16_t>(at[i] - 1) < range;
      out[i] = is_between ? bits : std::uint16_t{0};
    }
  });
  return passed;
}

struct Rectify : torch::autograd::Function<Rectify> {
  static Tensor forward(AutogradContext* context, Tensor value, double upper) {
    if (std::isinf(upper)) {
      value.clamp_min_(0.0);
    } else {
      value.clamp_(0.0, upper);
    }
    context->mark_dirty({value});
    context->save_for_backward({value});
    context->saved_data[kUpper] = upper;
    return value;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const Tensor result = context->get_saved_variables()[0];
    return {Passed(gradients[0], result, context->saved_data[kUpper].toDouble()), Tensor()};
  }
};

}  // namespace

Tensor RectifyBFloat16InPlace(Tensor value, double upper) { return Rectify::apply(std::move(value), upper); }

}  // namespace posenet::train
