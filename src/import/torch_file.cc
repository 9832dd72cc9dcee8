// SPDX-License-Identifier: Apache-2.0
#include "import/torch_file.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "import/byte_cursor.h"
#include "import/pickle.h"
#include "import/torch_state.h"
#include "import/zip_directory.h"

namespace posenet::importer {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::string_view kPickleName = "/data.pkl";
constexpr std::int64_t kSequenceVersion = 1001;

// The pickle of the number 0x1950a86a20f9469cfc6c in protocol 2, with which torch.save began files before they were
// archives.
constexpr std::array<std::uint8_t, 15> kSequenceStart = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                                                         0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e};

bool IsSequence(Bytes bytes) {
  return bytes.size() >= kSequenceStart.size() &&
         std::equal(kSequenceStart.begin(), kSequenceStart.end(), bytes.begin(),
                    [](std::uint8_t expected, std::byte byte) { return byte == std::byte{expected}; });
}

Result<SourceTensors> ReadArchive(Bytes bytes) {
  POSENET_ASSIGN_OR_RETURN(const ZipFiles files, ReadZipDirectory(bytes));
  const auto pickle_file = std::find_if(files.begin(), files.end(), [](const auto& file) {
    return file.first.ends_with(kPickleName) && file.first.find('/') + kPickleName.size() == file.first.size();
  });
  if (pickle_file == files.end()) {
    return base::Fail(ErrorCode::kUnsupported, "is a zip archive, but not of torch.save: it has no data.pkl");
  }
  const std::string folder = pickle_file->first.substr(0, pickle_file->first.size() - kPickleName.size());
  if (const auto order = files.find(folder + "/byteorder"); order != files.end()) {
    POSENET_ASSIGN_OR_RETURN(const std::string_view text, ByteCursor(order->second).TakeText(order->second.size()));
    if (text != "little") return base::Fail(ErrorCode::kUnsupported, "the byte order \"", base::Printable(text), "\"");
  }
  const std::string data = folder + "/data/";
  TorchStorages storages;
  for (auto file = files.lower_bound(data); file != files.end() && file->first.starts_with(data); ++file) {
    storages.emplace(file->first.substr(data.size()), file->second);
  }
  auto pickle = ReadPickle(pickle_file->second);
  if (!pickle) return base::FailIn(pickle.error(), "data.pkl");
  return ReadTorchState(*pickle, storages);
}

// The dictionary that describes the machine that wrote the file.
Result<void> CheckMachine(const Pickle& info) {
  const auto* dict = info.As<PickleDict>(info.root);
  if (dict == nullptr) return base::Fail(ErrorCode::kCorruptData, "its third pickle is not a dictionary");
  for (const auto& [key, value] : dict->items) {
    const auto* name = info.As<std::string_view>(key);
    const auto* is_little = info.As<bool>(value);
    if (name != nullptr && *name == "little_endian" && is_little != nullptr && !*is_little) {
      return base::Fail(ErrorCode::kUnsupported, "was written by a big-endian machine");
    }
  }
  return {};
}

// Reads the next pickle of a sequence and moves the cursor past it.
Result<Pickle> TakePickle(Bytes bytes, ByteCursor& cursor) {
  auto pickle = ReadPickle(bytes.subspan(cursor.position()));
  if (!pickle) return base::FailIn(pickle.error(), "the pickle at byte ", cursor.position());
  POSENET_RETURN_IF_ERROR(cursor.Take(pickle->byte_count));
  return pickle;
}

// Storages follow in the order of `keys`, each after its number of elements, whose type is in the state dictionary.
Result<TorchStorages> ReadStorages(const Pickle& keys, const Pickle& state, ByteCursor& cursor) {
  std::map<std::string_view, const PickleStorage*> known;
  for (const PickleValue& value : state.values) {
    if (const auto* storage = std::get_if<PickleStorage>(&value)) known.emplace(storage->key, storage);
  }
  const auto* list = keys.As<PickleList>(keys.root);
  if (list == nullptr) return base::Fail(ErrorCode::kCorruptData, "its last pickle is not the list of storages");
  TorchStorages storages;
  for (const PickleIndex item : list->items) {
    const auto* key = keys.As<std::string_view>(item);
    const auto found = key == nullptr ? known.end() : known.find(*key);
    if (found == known.end()) return base::Fail(ErrorCode::kCorruptData, "has a storage that no tensor reads");
    POSENET_ASSIGN_OR_RETURN(const auto count, cursor.TakeNumber<std::uint64_t>());
    if (count != static_cast<std::uint64_t>(found->second->count)) {
      return base::Fail(ErrorCode::kCorruptData, "storage ", base::Printable(*key), " has ", count,
                        " elements; expected ", found->second->count);
    }
    POSENET_ASSIGN_OR_RETURN(const std::size_t byte_count, ByteCountOf(*found->second));
    POSENET_ASSIGN_OR_RETURN(const Bytes content, cursor.Take(byte_count));
    storages.emplace(*key, content);
  }
  return storages;
}

// Five pickles (a magic number, a version, the machine, the state, the keys of its storages), then the storages.
Result<SourceTensors> ReadSequence(Bytes bytes) {
  ByteCursor cursor(bytes);
  POSENET_RETURN_IF_ERROR(cursor.Take(kSequenceStart.size()));
  POSENET_ASSIGN_OR_RETURN(const Pickle version, TakePickle(bytes, cursor));
  const auto* number = version.As<std::int64_t>(version.root);
  if (number == nullptr || *number != kSequenceVersion) {
    return base::Fail(ErrorCode::kUnsupported, "another version of torch.save's format than ", kSequenceVersion);
  }
  POSENET_ASSIGN_OR_RETURN(const Pickle machine, TakePickle(bytes, cursor));
  POSENET_RETURN_IF_ERROR(CheckMachine(machine));
  POSENET_ASSIGN_OR_RETURN(const Pickle state, TakePickle(bytes, cursor));
  POSENET_ASSIGN_OR_RETURN(const Pickle keys, TakePickle(bytes, cursor));
  POSENET_ASSIGN_OR_RETURN(const TorchStorages storages, ReadStorages(keys, state, cursor));
  return ReadTorchState(state, storages);
}

}  // namespace

bool IsTorchFile(Bytes bytes) { return IsZip(bytes) || IsSequence(bytes); }

Result<SourceTensors> ReadTorchFile(Bytes bytes) { return IsZip(bytes) ? ReadArchive(bytes) : ReadSequence(bytes); }

}  // namespace posenet::importer
