// SPDX-License-Identifier: Apache-2.0
// Python pickles, as far as torch.save writes them for dictionaries of tensors. A pickle is a program for a stack
// machine that may call anything; this machine calls nothing. Source: Python's Lib/pickletools.py (protocols 2 and 4),
// torch/serialization.py and torch/_utils.py.
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

/// Number of a value in Pickle::values. Values refer to each other by number, so that one that is remembered and used
/// a thousand times is there once; cycles are possible.
using PickleIndex = std::uint32_t;

struct PickleNone {};
/// A name that the pickle wants to call or mention: collections.OrderedDict, torch.FloatStorage.
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
/// Numbers outside of the pickle.
struct PickleStorage {
  std::string_view type;  ///< FloatStorage, LongStorage, ...
  std::string_view key;
  std::int64_t count = 0;  ///< At least 0.
};
/// A view of a storage, not yet checked against it. `strides` has as many elements as `shape`; all numbers are at
/// least 0 and count elements.
struct PickleTensor {
  PickleIndex storage = 0;
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
};

using PickleValue = std::variant<PickleNone, bool, std::int64_t, double, std::string_view, PickleGlobal, PickleTuple,
                                 PickleList, PickleDict, PickleStorage, PickleTensor>;

/// What a pickle describes. Texts point into its bytes.
struct Pickle {
  std::vector<PickleValue> values;
  PickleIndex root = 0;
  std::size_t byte_count = 0;  ///< Up to the end of the pickle; more may follow.

  /// Value `index` as a T, or nothing when it is something else.
  template <typename T>
  [[nodiscard]] const T* As(PickleIndex index) const {
    return std::get_if<T>(&values[index]);
  }
};

/// Reads the pickle that `bytes` starts with. Nothing is executed: the only names that may be called are
/// collections.OrderedDict, torch._utils._rebuild_tensor, _rebuild_tensor_v2 and _rebuild_parameter, and each is a few
/// lines here.
/// Errors: kUnsupported naming any other global or operation; kCorruptData for pickles that are cut off, take from an
/// empty stack or recall what was not remembered; kResourceExhausted for more than 2^20 values or 64 MiB.
Result<Pickle> ReadPickle(std::span<const std::byte> bytes);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_PICKLE_H_
