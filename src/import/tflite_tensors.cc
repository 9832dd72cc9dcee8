// SPDX-License-Identifier: Apache-2.0
#include "import/tflite_tensors.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/strings.h"
#include "nn/graph/weights.h"

namespace posenet::importer {
namespace {

constexpr std::size_t kMaxIntegerBytes = std::size_t{1} << 18;  // Of a bias with the maximum number of channels.
constexpr std::size_t kMaxTfliteNameBytes = 1000;

nn::DType TypeOfElements(tflite::TensorType type) {
  switch (type) {
    case tflite::TensorType::UINT8:
      return nn::DType::kUint8;
    case tflite::TensorType::INT8:
      return nn::DType::kInt8;
    case tflite::TensorType::INT32:
      return nn::DType::kInt32;
    default:
      return nn::DType::kFloat32;
  }
}

TensorQuantization QuantizationOf(const tflite::Tensor& tensor) {
  const auto* quantization = tensor.quantization();
  if (quantization == nullptr) return {};
  TensorQuantization result = {.scale_count = VectorSize(quantization->scale()),
                               .zero_point_count = VectorSize(quantization->zero_point())};
  if (result.scale_count > 0) result.scale = quantization->scale()->Get(0);
  if (result.zero_point_count > 0) result.zero_point = quantization->zero_point()->Get(0);
  return result;
}

// The integers in `bytes`; nothing if one exceeds 32 bits.
template <typename T>
std::optional<std::vector<std::int32_t>> ToInts(std::span<const std::byte> bytes) {
  std::vector<std::int32_t> ints(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < ints.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    if (!std::in_range<std::int32_t>(value)) return std::nullopt;
    ints[i] = static_cast<std::int32_t>(value);
  }
  return ints;
}

// The shape of `tensor`, whose data must have that many elements of `element_bytes`.
Result<std::vector<std::int64_t>> CheckedShape(const tflite::Tensor& tensor, const Node& node, std::size_t bytes,
                                               std::size_t element_bytes) {
  const std::size_t rank = VectorSize(tensor.shape());
  std::vector<std::int64_t> shape;
  std::size_t expected = element_bytes;
  for (std::size_t i = 0; i < std::min(rank, kMaxTfliteRank); ++i) {
    const std::int32_t extent = tensor.shape()->Get(static_cast<flatbuffers::uoffset_t>(i));
    // No overflow: at most 2^31 bytes before.
    if (extent < 1 || expected > bytes) break;
    expected *= static_cast<std::size_t>(extent);
    shape.push_back(extent);
  }
  if (shape.size() != rank || expected != bytes) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), ": its ", bytes, " bytes do not match its shape");
  }
  return shape;
}

}  // namespace

Result<void> TfliteTensorReader::CountElements(std::size_t count) {
  element_count_ += count;
  if (element_count_ > kMaxWeightElements) {
    return base::Fail(ErrorCode::kResourceExhausted, "its weights have more than ", kMaxWeightElements, " elements");
  }
  return {};
}

Result<void> TfliteTensorReader::ReadData(const tflite::Tensor& tensor, std::span<const std::byte> bytes, Node& node) {
  using tflite::TensorType;
  const TensorType type = tensor.type();
  Constant constant;
  if (type == TensorType::FLOAT32 || type == TensorType::FLOAT16) {
    const nn::DType dtype = type == TensorType::FLOAT32 ? nn::DType::kFloat32 : nn::DType::kFloat16;
    const std::size_t element_bytes = nn::SizeOf(dtype);
    POSENET_ASSIGN_OR_RETURN(constant.shape, CheckedShape(tensor, node, bytes.size(), element_bytes));
    POSENET_RETURN_IF_ERROR(CountElements(bytes.size() / element_bytes));
    auto floats = nn::ToFloat({dtype, constant.shape, bytes});
    if (!floats) return base::FailIn(floats.error(), Describe(node));
    constant.floats = *std::move(floats);
  } else if ((type == TensorType::INT32 || type == TensorType::INT64) && bytes.size() <= kMaxIntegerBytes) {
    auto ints = type == TensorType::INT32 ? ToInts<std::int32_t>(bytes) : ToInts<std::int64_t>(bytes);
    POSENET_ASSIGN_OR_RETURN(constant.shape,
                             CheckedShape(tensor, node, bytes.size(), type == TensorType::INT32 ? 4 : 8));
    if (!ints) return base::Fail(ErrorCode::kUnsupported, Describe(node), " has integers beyond 32 bits");
    constant.ints = *std::move(ints);
  } else if (type == TensorType::UINT8 || type == TensorType::INT8) {
    POSENET_ASSIGN_OR_RETURN(constant.shape, CheckedShape(tensor, node, bytes.size(), 1));
    POSENET_RETURN_IF_ERROR(CountElements(bytes.size()));
    constant.bytes.assign(bytes.begin(), bytes.end());
  } else {
    node.problem = Error{ErrorCode::kUnsupported, base::StrCat(Describe(node), " has an unknown type")};
    return {};
  }
  node.op = Op::kConstant;
  node.kind = "constant";
  node.constant = std::make_shared<const Constant>(std::move(constant));
  node.problem.reset();
  return {};
}

Result<Node> TfliteTensorReader::Read(const tflite::Tensor& tensor) {
  Node node;
  if (tensor.name() != nullptr) node.name = tensor.name()->str().substr(0, kMaxTfliteNameBytes);
  node.kind = "tensor";
  node.type = TypeOfElements(tensor.type());
  node.quantization = QuantizationOf(tensor);
  node.problem = Error{ErrorCode::kCorruptData, base::StrCat(Describe(node), " is the output of no operator")};
  if (tensor.buffer() >= VectorSize(model_.buffers())) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), " has buffer ", tensor.buffer(), " of ",
                      VectorSize(model_.buffers()));
  }
  const auto* data = model_.buffers()->Get(tensor.buffer())->data();
  if (VectorSize(data) > 0) {
    POSENET_RETURN_IF_ERROR(ReadData(tensor, std::as_bytes(std::span(data->data(), data->size())), node));
  }
  return node;
}

}  // namespace posenet::importer
