// SPDX-License-Identifier: Apache-2.0
#include "nn/graph/weights.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "nn/graph/bfloat16.h"

namespace posenet::nn {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are read from little-endian files as they are");

template <typename T>
T LoadUnaligned(const std::byte* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

float FromFloat16(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t{half} >> 15 << 31;
  const std::uint32_t exponent = (half >> 10) & 31U;
  const std::uint32_t mantissa = half & 1023U;
  if (exponent == 0) {  // Zero or subnormal: a multiple of 2^-24.
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  // The exponent is biased by 15 in float16 and by 127 in float32; all ones means infinity or NaN in both.
  const std::uint32_t wide_exponent = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | wide_exponent << 23 | mantissa << 13);
}

float LoadElement(DType dtype, const std::byte* bytes) {
  switch (dtype) {
    case DType::kFloat16:
      return FromFloat16(LoadUnaligned<std::uint16_t>(bytes));
    case DType::kBFloat16:
      return FromBFloat16(LoadUnaligned<std::uint16_t>(bytes));
    default:
      return LoadUnaligned<float>(bytes);
  }
}

bool IsFloat(DType dtype) { return dtype == DType::kFloat32 || dtype == DType::kFloat16 || dtype == DType::kBFloat16; }

}  // namespace

std::size_t SizeOf(DType dtype) {
  switch (dtype) {
    case DType::kUint8:
    case DType::kInt8:
      return 1;
    case DType::kFloat16:
    case DType::kBFloat16:
    case DType::kUint16:
      return 2;
    case DType::kInt64:
      return 8;
    case DType::kFloat32:
    case DType::kInt32:
      break;
  }
  return 4;
}

std::int64_t TensorView::ElementCount() const {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; })) return -1;
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size == 0) return 0;
    count = count > kMax / size ? kMax : count * size;
  }
  return count;
}

Result<std::vector<float>> ToFloat(const TensorView& tensor) {
  if (!IsFloat(tensor.dtype)) return base::Fail(ErrorCode::kUnsupported, "an integer tensor; expected floating point");
  const std::size_t element_bytes = SizeOf(tensor.dtype);
  const std::size_t count = tensor.bytes.size() / element_bytes;
  const std::int64_t expected = tensor.ElementCount();
  if (tensor.bytes.size() % element_bytes != 0 || expected < 0 || static_cast<std::uint64_t>(expected) != count) {
    return base::Fail(ErrorCode::kCorruptData, tensor.bytes.size(), " bytes; expected ", expected, " elements of ",
                      element_bytes, " bytes");
  }
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = LoadElement(tensor.dtype, tensor.bytes.data() + i * element_bytes);
    if (!std::isfinite(values[i])) return base::Fail(ErrorCode::kCorruptData, "element ", i, " is not finite");
  }
  return values;
}

}  // namespace posenet::nn
