// SPDX-License-Identifier: Apache-2.0
#include "import/torch_state.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace posenet::importer {
namespace {

using Bytes = std::span<const std::byte>;
using nn::DType;

constexpr int kMaxWrappers = 8;
constexpr std::int64_t kMaxElements = std::int64_t{1} << 59;  // The number of bytes fits in 64 bits.
constexpr std::string_view kModulePrefix = "module.";         // Of networks trained with DataParallel.

struct StorageType {
  std::string_view name;
  DType dtype;
  std::size_t element_bytes;
};

constexpr std::string_view kDoubleStorage = "DoubleStorage";  // Has no DType; converted to float.
constexpr std::array<StorageType, 8> kStorageTypes = {{{"FloatStorage", DType::kFloat32, 4},
                                                       {"HalfStorage", DType::kFloat16, 2},
                                                       {"BFloat16Storage", DType::kBFloat16, 2},
                                                       {kDoubleStorage, DType::kFloat32, 8},
                                                       {"LongStorage", DType::kInt64, 8},
                                                       {"IntStorage", DType::kInt32, 4},
                                                       {"CharStorage", DType::kInt8, 1},
                                                       {"ByteStorage", DType::kUint8, 1}}};

Result<StorageType> TypeOf(const PickleStorage& storage) {
  for (const StorageType& type : kStorageTypes) {
    if (type.name == storage.type) return type;
  }
  return base::Fail(ErrorCode::kUnsupported, "elements of the type torch.", base::Printable(storage.type));
}

// The product of a tensor's extents; nothing beyond kMaxElements.
std::optional<std::int64_t> CountOf(const PickleTensor& tensor) {
  std::int64_t count = 1;
  for (const std::int64_t extent : tensor.shape) {
    if (__builtin_mul_overflow(count, extent, &count) || count > kMaxElements) return std::nullopt;
  }
  return count;
}

// Whether all elements are in a storage of `available` elements.
bool StaysWithin(const PickleTensor& tensor, std::int64_t available) {
  std::int64_t last = tensor.offset;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    std::int64_t step = 0;
    if (tensor.shape[i] == 0) return tensor.offset <= available;
    if (__builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &step)) return false;
    if (__builtin_add_overflow(last, step, &last)) return false;
  }
  return last < available;
}

bool IsContiguous(const PickleTensor& tensor) {
  std::int64_t expected = 1;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    if (tensor.shape[i] != 1 && tensor.strides[i] != expected) return false;
    expected *= tensor.shape[i];
  }
  return true;
}

// The elements of `tensor`, which are all in `storage`, in row-major order.
std::vector<std::byte> Gather(const PickleTensor& tensor, Bytes storage, std::size_t element_bytes, std::size_t count) {
  std::vector<std::byte> gathered(count * element_bytes);
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  std::int64_t from = tensor.offset;
  for (std::size_t to = 0; to < count; ++to) {
    std::memcpy(&gathered[to * element_bytes], &storage[static_cast<std::size_t>(from) * element_bytes], element_bytes);
    for (std::size_t axis = index.size(); axis-- > 0;) {
      if (++index[axis] < tensor.shape[axis]) {
        from += tensor.strides[axis];
        break;
      }
      from -= tensor.strides[axis] * (tensor.shape[axis] - 1);
      index[axis] = 0;
    }
  }
  return gathered;
}

std::vector<std::byte> ToFloats(Bytes doubles) {
  std::vector<std::byte> floats(doubles.size() / sizeof(double) * sizeof(float));
  for (std::size_t i = 0; i < floats.size() / sizeof(float); ++i) {
    double number = 0.0;
    std::memcpy(&number, &doubles[i * sizeof(double)], sizeof(number));
    const auto rounded = static_cast<float>(number);
    std::memcpy(&floats[i * sizeof(float)], &rounded, sizeof(rounded));
  }
  return floats;
}

class StateReader {
 public:
  StateReader(const Pickle& pickle, const TorchStorages& storages) : pickle_(pickle), storages_(storages) {}

  Result<SourceTensors> Read();

 private:
  // The dictionary of tensors, at the root or under one of the names that are in use.
  Result<const PickleDict*> FindState() const;
  const PickleDict* Unwrap(const PickleDict& dict) const;
  [[nodiscard]] bool HasTensors(const PickleDict& dict) const;
  Result<nn::TensorView> ReadTensor(const PickleTensor& tensor);
  Result<Bytes> Keep(std::vector<std::byte> copy);
  Result<void> CheckCopy(std::size_t bytes) const;

  const Pickle& pickle_;
  const TorchStorages& storages_;
  SourceTensors read_;
  std::size_t copied_bytes_ = 0;
};

bool StateReader::HasTensors(const PickleDict& dict) const {
  return std::any_of(dict.items.begin(), dict.items.end(), [&](const auto& item) {
    return pickle_.As<std::string_view>(item.first) != nullptr && pickle_.As<PickleTensor>(item.second) != nullptr;
  });
}

const PickleDict* StateReader::Unwrap(const PickleDict& dict) const {
  for (const std::string_view wrapper : {"state_dict", "model_state_dict", "model"}) {
    for (const auto& [key, value] : dict.items) {
      const auto* name = pickle_.As<std::string_view>(key);
      const auto* inner = pickle_.As<PickleDict>(value);
      if (name != nullptr && *name == wrapper && inner != nullptr) return inner;
    }
  }
  return dict.items.size() == 1 ? pickle_.As<PickleDict>(dict.items[0].second) : nullptr;
}

Result<const PickleDict*> StateReader::FindState() const {
  const auto* dict = pickle_.As<PickleDict>(pickle_.root);
  for (int depth = 0; dict != nullptr && depth < kMaxWrappers; ++depth) {
    if (HasTensors(*dict)) return dict;
    dict = Unwrap(*dict);
  }
  return base::Fail(ErrorCode::kUnsupported,
                    "has no state dictionary: no tensors by name, at the root or under \"state_dict\"");
}

Result<void> StateReader::CheckCopy(std::size_t bytes) const {
  if (bytes <= kMaxCopiedBytes - copied_bytes_) return {};
  return base::Fail(ErrorCode::kResourceExhausted, "more than ", kMaxCopiedBytes,
                    " bytes of tensors that are doubles or not contiguous");
}

Result<Bytes> StateReader::Keep(std::vector<std::byte> copy) {
  copied_bytes_ += copy.size();
  read_.copies.push_back(std::move(copy));
  return Bytes(read_.copies.back());
}

Result<nn::TensorView> StateReader::ReadTensor(const PickleTensor& tensor) {
  const auto& storage = *pickle_.As<PickleStorage>(tensor.storage);
  POSENET_ASSIGN_OR_RETURN(const StorageType type, TypeOf(storage));
  POSENET_ASSIGN_OR_RETURN(const std::size_t storage_bytes, ByteCountOf(storage));
  const auto found = storages_.find(storage.key);
  if (found == storages_.end()) {
    return base::Fail(ErrorCode::kCorruptData, "its storage ", base::Printable(storage.key), " is not in the file");
  }
  if (found->second.size() != storage_bytes) {
    return base::Fail(ErrorCode::kCorruptData, "its storage ", base::Printable(storage.key), " has ",
                      found->second.size(), " bytes; expected ", storage_bytes);
  }
  const std::optional<std::int64_t> count = CountOf(tensor);
  if (!count || !StaysWithin(tensor, storage.count)) {
    return base::Fail(ErrorCode::kCorruptData, "reaches beyond the ", storage.count, " elements of its storage");
  }
  const std::size_t size = static_cast<std::size_t>(*count) * type.element_bytes;
  nn::TensorView view = {.dtype = type.dtype, .shape = tensor.shape, .bytes = {}};
  if (*count == 0 || IsContiguous(tensor)) {
    view.bytes = found->second.subspan(static_cast<std::size_t>(tensor.offset) * type.element_bytes, size);
  } else if (*count > storage.count) {
    return base::Fail(ErrorCode::kUnsupported, "uses elements of its storage more than once");
  } else {
    POSENET_RETURN_IF_ERROR(CheckCopy(size));
    POSENET_ASSIGN_OR_RETURN(view.bytes,
                             Keep(Gather(tensor, found->second, type.element_bytes, static_cast<std::size_t>(*count))));
  }
  if (type.name == kDoubleStorage) {
    POSENET_RETURN_IF_ERROR(CheckCopy(size / 2));
    POSENET_ASSIGN_OR_RETURN(view.bytes, Keep(ToFloats(view.bytes)));
  }
  return view;
}

Result<SourceTensors> StateReader::Read() {
  POSENET_ASSIGN_OR_RETURN(const PickleDict* const state, FindState());
  bool has_prefix = true;
  for (const auto& [key, value] : state->items) {
    const auto* name = pickle_.As<std::string_view>(key);
    const auto* tensor = pickle_.As<PickleTensor>(value);
    if (name == nullptr || tensor == nullptr) continue;
    auto view = ReadTensor(*tensor);
    if (!view) return base::FailIn(view.error(), "tensor ", base::Printable(*name));
    if (!read_.tensors.emplace(*name, *std::move(view)).second) {
      return base::Fail(ErrorCode::kCorruptData, "two tensors are called ", base::Printable(*name));
    }
    has_prefix = has_prefix && name->starts_with(kModulePrefix);
  }
  if (has_prefix) {
    nn::TensorMap stripped;
    for (auto& [name, view] : read_.tensors) stripped.emplace(name.substr(kModulePrefix.size()), std::move(view));
    read_.tensors = std::move(stripped);
  }
  return std::move(read_);
}

}  // namespace

Result<std::size_t> ByteCountOf(const PickleStorage& storage) {
  POSENET_ASSIGN_OR_RETURN(const StorageType type, TypeOf(storage));
  if (storage.count > kMaxElements) {
    return base::Fail(ErrorCode::kCorruptData, "storage ", base::Printable(storage.key), " would have ", storage.count,
                      " elements");
  }
  return static_cast<std::size_t>(storage.count) * type.element_bytes;
}

Result<SourceTensors> ReadTorchState(const Pickle& pickle, const TorchStorages& storages) {
  return StateReader(pickle, storages).Read();
}

}  // namespace posenet::importer
