// SPDX-License-Identifier: Apache-2.0
// Files of torch.save (.pth, .pt): zip archives or, before PyTorch 1.6, sequences of pickles.
#ifndef POSENET_IMPORT_TORCH_FILE_H_
#define POSENET_IMPORT_TORCH_FILE_H_

#include <cstddef>
#include <span>

#include "import/source_tensors.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Whether `bytes` start like a file of torch.save of either kind. True for all zip archives.
bool IsTorchFile(std::span<const std::byte> bytes);

/// The tensors of a state dictionary, without executing its pickle (import/pickle.h). It may be nested in other
/// dictionaries as "state_dict", "model_state_dict" or "model"; a common prefix "module." of all names is removed.
/// Doubles become floats, views are made contiguous, and entries that are not tensors are left out. `bytes` must
/// outlive the result. Errors: those of ReadZipDirectory and ReadPickle; kCorruptData for tensors beyond their storage
/// and storages beyond the file, kUnsupported for files without a state dictionary, big-endian ones and other element
/// types; kResourceExhausted for more than kMaxCopiedBytes of copies.
Result<SourceTensors> ReadTorchFile(std::span<const std::byte> bytes);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TORCH_FILE_H_
