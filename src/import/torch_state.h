// SPDX-License-Identifier: Apache-2.0
// From the pickle of a state dictionary and the bytes of its storages to tensors.
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

/// The bytes of storages by their keys.
using TorchStorages = std::map<std::string, std::span<const std::byte>, std::less<>>;

/// Bytes of the elements of `storage` in the file: count x size. Errors: kUnsupported for types that we do not know,
/// kCorruptData for more bytes than 2^62.
Result<std::size_t> ByteCountOf(const PickleStorage& storage);

/// The tensors of the state dictionary in `pickle`. Errors: as ReadTorchFile.
Result<SourceTensors> ReadTorchState(const Pickle& pickle, const TorchStorages& storages);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TORCH_STATE_H_
