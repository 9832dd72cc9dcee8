// SPDX-License-Identifier: Apache-2.0
#include "train/stem.h"

#include <algorithm>
#include <cstddef>

#include "train/failure.h"

namespace posenet::train {

Stem::Stem(const nn::Network& network, const nn::TensorMap& weights, const nn::Shape& input, int thread_count)
    : input_(input), output_(input), workers_(static_cast<std::size_t>(thread_count)) {
  if (!network.layers.empty()) {
    plan_ = ValueOf(nn::Plan::Create(ValueOf(nn::PackedNetwork::Create(network, weights)), input));
    output_ = plan_->output_shape(0);
  }
  for (Worker& worker : workers_) {
    if (plan_ == nullptr) {
      worker.pixels.resize(static_cast<std::size_t>(input.ElementCount()));
    } else {
      worker.context = ValueOf(nn::Context::Create(plan_, 1));
      worker.pool = std::make_unique<base::ThreadPool>(1);
    }
  }
}

std::span<float> Stem::Input(int thread) {
  Worker& worker = workers_[static_cast<std::size_t>(thread)];
  return plan_ == nullptr ? std::span<float>(worker.pixels) : worker.context->input();
}

void Stem::Run(int thread, std::span<float> result) {
  Worker& worker = workers_[static_cast<std::size_t>(thread)];
  if (plan_ == nullptr) {
    std::ranges::copy(worker.pixels, result.begin());
    return;
  }
  plan_->Run(*worker.context, *worker.pool);
  std::ranges::copy(worker.context->output(0), result.begin());
}

}  // namespace posenet::train
