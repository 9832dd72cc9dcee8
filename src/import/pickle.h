// SPDX-License-Identifier: Apache-2.0
// The part of Python's pickle format that torch.save uses for dictionaries of tensors. A pickle is a program for a
// stack machine that may call any function; this reader calls none. Source: Python's Lib/pickletools.py (protocols 2
// and 4), torch/serialization.py and torch/_utils.py.
#ifndef POSENET_IMPORT_PICKLE_H_
#define POSENET_IMPORT_PICKLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "posenet/result.h"

namespace posenet::importer {

/// Index into Pickle::values. Values refer to each other by index, so that a memoized value that is used many times
/// exists once; cycles are possible.
using PickleIndex = std::uint32_t;

struct PickleNone {};
/// A Python name in the pickle, such as collections.OrderedDict or torch.FloatStorage.
struct PickleGlobal {
  std::string_view module;
  std::string_view name;
};
struct PickleTuple {
  std::vector<PickleIndex> items;
};
struct PickleList {
  std::vector<PickleIndex> items;
};
/// In the order of insertion; keys may repeat.
struct PickleDict {
  std::vector<std::pair<PickleIndex, PickleIndex>> items;
};
/// A reference to data outside of the pickle.
struct PickleStorage {
  std::string_view type;  ///< FloatStorage, LongStorage, ...
  std::string_view key;
  std::int64_t count = 0;  ///< At least 0.
};
/// A view of a storage, not checked against its size. `strides` has as many elements as `shape`; all numbers are in
/// elements and not negative.
struct PickleTensor {
  PickleIndex storage = 0;
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
};

using PickleValue = std::variant<PickleNone, bool, std::int64_t, double, std::string_view, PickleGlobal, PickleTuple,
                                 PickleList, PickleDict, PickleStorage, PickleTensor>;

/// The contents of a pickle. Strings point into its bytes.
struct Pickle {
  std::vector<PickleValue> values;
  PickleIndex root = 0;
  std::size_t byte_count = 0;  ///< Length of the pickle, which others may follow.

  /// Value `index` if it is a T, else null.
  template <typename T>
  [[nodiscard]] const T* As(PickleIndex index) const {
    return std::get_if<T>(&values[index]);
  }
};

/// Reads the pickle at the start of `bytes`. Nothing is executed: the only callable names are collections.OrderedDict,
/// torch._utils._rebuild_tensor, _rebuild_tensor_v2 and _rebuild_parameter, which are reimplemented here.
/// Errors: kUnsupported naming any other global or operation; kCorruptData for pickles that are truncated, pop from an
/// empty stack or read memo entries that do not exist; kResourceExhausted for more than 2^20 values or 64 MiB.
Result<Pickle> ReadPickle(std::span<const std::byte> bytes);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_PICKLE_H_
