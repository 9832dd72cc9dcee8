// SPDX-License-Identifier: Apache-2.0
// Files of torch.save (.pth, .pt): a zip archive, or, from before PyTorch 1.6, pickles one behind the other.
#ifndef POSENET_IMPORT_TORCH_FILE_H_
#define POSENET_IMPORT_TORCH_FILE_H_

#include <cstddef>
#include <span>

#include "import/source_tensors.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Whether `bytes` start as torch.save's files of either kind do. (Any zip archive does.)
bool IsTorchFile(std::span<const std::byte> bytes);

/// The tensors of a state dictionary, without executing its pickle (import/pickle.h). The dictionary may lie in others,
/// under "state_dict", "model_state_dict" or "model", or alone; a "module." that all names begin with is taken off.
/// Doubles become floats, and views of storages that are not contiguous are made so; whatever is not a tensor is left
/// out. `bytes` must outlive the result.
/// Errors: those of ReadZipDirectory and ReadPickle; kCorruptData for tensors beyond their storage and storages beyond
/// the file, kUnsupported for files without a state dictionary, big-endian ones and other element types;
/// kResourceExhausted for more than kMaxCopiedBytes of copies.
Result<SourceTensors> ReadTorchFile(std::span<const std::byte> bytes);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TORCH_FILE_H_
