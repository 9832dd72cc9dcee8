// SPDX-License-Identifier: Apache-2.0
// The functions of PyTorch that occur in pickles of tensors, reimplemented.
#ifndef POSENET_IMPORT_TORCH_VALUES_H_
#define POSENET_IMPORT_TORCH_VALUES_H_

#include "import/pickle.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Whether a pickle may name `global`. Errors: kUnsupported naming it.
Result<void> CheckGlobal(const PickleGlobal& global);

/// The result of `function`, which CheckGlobal accepts, for the tuple `arguments`.
/// Errors: kCorruptData for invalid arguments; kUnsupported for values that are not callable.
Result<PickleValue> CallGlobal(const Pickle& pickle, PickleIndex function, PickleIndex arguments);

/// The storage with the persistent id `id`: ("storage", type, key, device, count), optionally followed by None.
/// Errors: kCorruptData, kUnsupported for views of storages.
Result<PickleStorage> StorageOfId(const Pickle& pickle, PickleIndex id);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TORCH_VALUES_H_
