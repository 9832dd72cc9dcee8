// SPDX-License-Identifier: Apache-2.0
// Makes tensors of the pickle of a state dictionary and the bytes of its storages.
#ifndef POSENET_IMPORT_TORCH_STATE_H_
#define POSENET_IMPORT_TORCH_STATE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "import/pickle.h"
#include "import/source_tensors.h"
#include "posenet/result.h"

namespace posenet::importer {

/// The bytes of storages by key.
using TorchStorages = std::map<std::string, std::span<const std::byte>, std::less<>>;

/// The size of `storage` in the file: element count times element size. Errors: kUnsupported for unknown types,
/// kCorruptData for more than 2^62 bytes.
Result<std::size_t> ByteCountOf(const PickleStorage& storage);

/// The tensors of the state dictionary in `pickle`. Errors: as ReadTorchFile.
Result<SourceTensors> ReadTorchState(const Pickle& pickle, const TorchStorages& storages);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TORCH_STATE_H_
