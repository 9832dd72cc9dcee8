// SPDX-License-Identifier: Apache-2.0
#include "import/torch_values.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace posenet::importer {
namespace {

constexpr std::string_view kStorageEnding = "Storage";
constexpr std::size_t kMaxTensorRank = 32;  // Tensors of networks have up to 4; PyTorch's maximum is 64.

bool IsOrderedDict(const PickleGlobal& global) {
  return global.module == "collections" && global.name == "OrderedDict";
}

bool IsTensorRebuilder(const PickleGlobal& global) {
  return global.module == "torch._utils" && (global.name == "_rebuild_tensor" || global.name == "_rebuild_tensor_v2");
}

bool IsParameterRebuilder(const PickleGlobal& global) {
  return global.module == "torch._utils" && global.name == "_rebuild_parameter";
}

bool IsStorageType(const PickleGlobal& global) {
  return global.module == "torch" && global.name.ends_with(kStorageEnding);
}

// A short tuple or list of non-negative integers.
std::optional<std::vector<std::int64_t>> Extents(const Pickle& pickle, PickleIndex index) {
  const auto* tuple = pickle.As<PickleTuple>(index);
  const auto* list = pickle.As<PickleList>(index);
  if (tuple == nullptr && list == nullptr) return std::nullopt;
  const std::vector<PickleIndex>& items = tuple != nullptr ? tuple->items : list->items;
  if (items.size() > kMaxTensorRank) return std::nullopt;
  std::vector<std::int64_t> extents;
  for (const PickleIndex item : items) {
    const auto* extent = pickle.As<std::int64_t>(item);
    if (extent == nullptr || *extent < 0) return std::nullopt;
    extents.push_back(*extent);
  }
  return extents;
}

// (storage, offset, shape, strides), and in version 2 whether it requires a gradient, and hooks.
Result<PickleTensor> RebuildTensor(const Pickle& pickle, const std::vector<PickleIndex>& arguments) {
  if (arguments.size() < 4) return base::Fail(ErrorCode::kCorruptData, "a tensor has too few arguments");
  const auto* offset = pickle.As<std::int64_t>(arguments[1]);
  auto shape = Extents(pickle, arguments[2]);
  auto strides = Extents(pickle, arguments[3]);
  if (pickle.As<PickleStorage>(arguments[0]) == nullptr || offset == nullptr || *offset < 0 || !shape || !strides ||
      shape->size() != strides->size()) {
    return base::Fail(ErrorCode::kCorruptData,
                      "the arguments of a tensor are not a storage, an offset, a shape and strides");
  }
  return PickleTensor{arguments[0], *offset, *std::move(shape), *std::move(strides)};
}

// Python 2 constructs non-empty dictionaries from a list of pairs, each a list or tuple.
Result<PickleDict> MakeDict(const Pickle& pickle, const std::vector<PickleIndex>& arguments) {
  PickleDict dict;
  if (arguments.empty()) return dict;
  const auto* pairs = pickle.As<PickleList>(arguments[0]);
  if (arguments.size() != 1 || pairs == nullptr) {
    return base::Fail(ErrorCode::kCorruptData, "the argument of a dictionary is not a list");
  }
  for (const PickleIndex index : pairs->items) {
    const auto* list = pickle.As<PickleList>(index);
    const auto* tuple = pickle.As<PickleTuple>(index);
    if ((list == nullptr && tuple == nullptr) || (list != nullptr ? list->items : tuple->items).size() != 2) {
      return base::Fail(ErrorCode::kCorruptData, "the argument of a dictionary is not a list of pairs");
    }
    const std::vector<PickleIndex>& pair = list != nullptr ? list->items : tuple->items;
    dict.items.emplace_back(pair[0], pair[1]);
  }
  return dict;
}

}  // namespace

Result<void> CheckGlobal(const PickleGlobal& global) {
  if (IsOrderedDict(global) || IsTensorRebuilder(global) || IsParameterRebuilder(global) || IsStorageType(global)) {
    return {};
  }
  return base::Fail(ErrorCode::kUnsupported, base::Printable(global.module), ".", base::Printable(global.name),
                    ": only tensors are supported; save the model's state_dict() instead");
}

Result<PickleValue> CallGlobal(const Pickle& pickle, PickleIndex function, PickleIndex arguments) {
  const auto* global = pickle.As<PickleGlobal>(function);
  const auto* tuple = pickle.As<PickleTuple>(arguments);
  if (global == nullptr || tuple == nullptr)
    return base::Fail(ErrorCode::kCorruptData, "calls a value that is not a function");
  if (IsOrderedDict(*global)) {
    POSENET_ASSIGN_OR_RETURN(PickleDict dict, MakeDict(pickle, tuple->items));
    return PickleValue(std::move(dict));
  }
  if (IsTensorRebuilder(*global)) {
    POSENET_ASSIGN_OR_RETURN(PickleTensor tensor, RebuildTensor(pickle, tuple->items));
    return PickleValue(std::move(tensor));
  }
  if (IsParameterRebuilder(*global)) {
    const auto* tensor = tuple->items.empty() ? nullptr : pickle.As<PickleTensor>(tuple->items[0]);
    if (tensor == nullptr) return base::Fail(ErrorCode::kCorruptData, "the argument of a parameter is not a tensor");
    return PickleValue(*tensor);
  }
  return base::Fail(ErrorCode::kUnsupported, "torch.", base::Printable(global->name), ": is not callable");
}

Result<PickleStorage> StorageOfId(const Pickle& pickle, PickleIndex id) {
  constexpr std::size_t kFields = 5;
  const auto* tuple = pickle.As<PickleTuple>(id);
  if (tuple == nullptr || tuple->items.size() < kFields) {
    return base::Fail(ErrorCode::kCorruptData, "a persistent id is not that of a storage");
  }
  const auto* kind = pickle.As<std::string_view>(tuple->items[0]);
  const auto* type = pickle.As<PickleGlobal>(tuple->items[1]);
  const auto* key = pickle.As<std::string_view>(tuple->items[2]);
  const auto* count = pickle.As<std::int64_t>(tuple->items[4]);
  if (kind == nullptr || *kind != "storage" || type == nullptr || !IsStorageType(*type) || key == nullptr ||
      count == nullptr || *count < 0) {
    return base::Fail(ErrorCode::kCorruptData, "a persistent id is not that of a storage");
  }
  if (tuple->items.size() > kFields && pickle.As<PickleNone>(tuple->items[kFields]) == nullptr) {
    return base::Fail(ErrorCode::kUnsupported,
                      "has a storage that is a view of another; save the file again with a newer PyTorch");
  }
  return PickleStorage{type->name, *key, *count};
}

}  // namespace posenet::importer
