// SPDX-License-Identifier: Apache-2.0
// Owns the tensors that quantization creates.
#ifndef POSENET_QUANTIZE_TENSOR_STORE_H_
#define POSENET_QUANTIZE_TENSOR_STORE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nn/graph/weights.h"

namespace posenet::quantize {

using NamedTensors = std::vector<std::pair<std::string, nn::TensorView>>;

/// Owns the elements of tensors; views of them are valid as long as the store.
class TensorStore {
 public:
  template <typename T>
  nn::TensorView Add(nn::DType dtype, const std::vector<std::int64_t>& shape, const std::vector<T>& elements) {
    auto bytes = std::make_unique<std::vector<std::byte>>(elements.size() * sizeof(T));
    std::memcpy(bytes->data(), elements.data(), bytes->size());
    tensors_.push_back(std::move(bytes));
    return {.dtype = dtype, .shape = shape, .bytes = *tensors_.back()};
  }

 private:
  std::vector<std::unique_ptr<const std::vector<std::byte>>> tensors_;
};

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_TENSOR_STORE_H_
