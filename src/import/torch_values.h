// SPDX-License-Identifier: Apache-2.0
// The few things of PyTorch that pickles of tensors name, and what they make.
#ifndef POSENET_IMPORT_TORCH_VALUES_H_
#define POSENET_IMPORT_TORCH_VALUES_H_

#include "import/pickle.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Whether a pickle may name `global`. Errors: kUnsupported naming it.
Result<void> CheckGlobal(const PickleGlobal& global);

/// What `function`, a value that CheckGlobal has passed, makes of the tuple `arguments`: a new value or an old one.
/// Errors: kCorruptData for other arguments than it takes; kUnsupported for what cannot be called.
Result<PickleValue> CallGlobal(const Pickle& pickle, PickleIndex function, PickleIndex arguments);

/// The storage that `id`, a persistent id, stands for: ("storage", type, key, device, count), or None behind these.
/// Errors: kCorruptData, kUnsupported for views of storages.
Result<PickleStorage> StorageOfId(const Pickle& pickle, PickleIndex id);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TORCH_VALUES_H_
