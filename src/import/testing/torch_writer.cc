// SPDX-License-Identifier: Apache-2.0
#include "import/testing/torch_writer.h"

#include "base/strings.h"

namespace posenet::importer {
namespace {

std::vector<std::int64_t> ContiguousStrides(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

// Everything of a local header and of a directory's entry between their first bytes and the name.
std::string ZipNumbers(const ZipTestFile& file) {
  const std::uint64_t size = file.zip64 ? 0xFFFFFFFF : file.content.size();
  return base::StrCat(LittleEndian(0, 2), LittleEndian(file.method, 2), LittleEndian(0, 8), LittleEndian(size, 4),
                      LittleEndian(size, 4), LittleEndian(file.name.size(), 2));
}

std::string Zip64Extra(const ZipTestFile& file, std::uint64_t offset) {
  if (!file.zip64) return "";
  return base::StrCat(LittleEndian(1, 2), LittleEndian(24, 2), LittleEndian(file.content.size(), 8),
                      LittleEndian(file.content.size(), 8), LittleEndian(offset, 8));
}

}  // namespace

std::string LittleEndian(std::uint64_t number, std::size_t byte_count) {
  std::string bytes;
  for (std::size_t i = 0; i < byte_count; ++i, number >>= 8) bytes += static_cast<char>(number);
  return bytes;
}

std::string PickleText(std::string_view text) {
  return base::StrCat("X", LittleEndian(text.size(), 4), std::string(text));
}

std::string PickleInt(std::int32_t number) {
  return base::StrCat("J", LittleEndian(static_cast<std::uint32_t>(number), 4));
}

std::string PickleInts(const std::vector<std::int64_t>& numbers) {
  std::string tuple = "(";
  for (const std::int64_t number : numbers)
    tuple += base::StrCat("\x8a\x08", LittleEndian(static_cast<std::uint64_t>(number), 8));
  return base::StrCat(tuple, "t");
}

std::string PickleGlobalName(std::string_view module, std::string_view name) {
  return base::StrCat("c", std::string(module), "\n", std::string(name), "\n");
}

std::string PickleStorageId(std::string_view type, std::string_view key, std::int64_t count) {
  return base::StrCat("(", PickleText("storage"), PickleGlobalName("torch", type), PickleText(key), PickleText("cpu"),
                      "\x8a\x08", LittleEndian(static_cast<std::uint64_t>(count), 8), "tQ");
}

std::string PickleTensorOf(const std::string& storage, std::int64_t offset, const std::vector<std::int64_t>& shape,
                           const std::vector<std::int64_t>& strides) {
  return base::StrCat(PickleGlobalName("torch._utils", "_rebuild_tensor_v2"), "(", storage, "\x8a\x08",
                      LittleEndian(static_cast<std::uint64_t>(offset), 8), PickleInts(shape), PickleInts(strides),
                      "\x89", PickleDictOf({}), "tR");
}

std::string PickleDictOf(const std::vector<std::pair<std::string, std::string>>& items) {
  std::string dict = base::StrCat(PickleGlobalName("collections", "OrderedDict"), ")R");
  if (items.empty()) return dict;
  dict += "(";
  for (const auto& [name, value] : items) dict += base::StrCat(PickleText(name), value);
  return base::StrCat(dict, "u");
}

std::string WholePickle(const std::string& value) { return base::StrCat("\x80\x02", value, "."); }

std::string StateDictOf(const std::vector<TestTensor>& tensors) {
  std::vector<std::pair<std::string, std::string>> items;
  for (const TestTensor& tensor : tensors) {
    const std::string storage =
        PickleStorageId("FloatStorage", std::to_string(items.size()), static_cast<std::int64_t>(tensor.numbers.size()));
    items.emplace_back(tensor.name, PickleTensorOf(storage, 0, tensor.shape, ContiguousStrides(tensor.shape)));
  }
  return PickleDictOf(items);
}

std::string ZipOf(const std::vector<ZipTestFile>& files) {
  std::string archive;
  std::string directory;
  bool is_zip64 = false;
  for (const ZipTestFile& file : files) {
    const std::uint64_t offset = archive.size();
    const std::string extra = Zip64Extra(file, offset);
    archive +=
        base::StrCat("PK\x03\x04", LittleEndian(45, 2), ZipNumbers(file), LittleEndian(0, 2), file.name, file.content);
    directory += base::StrCat("PK\x01\x02", LittleEndian(45, 2), LittleEndian(45, 2), ZipNumbers(file),
                              LittleEndian(extra.size(), 2), LittleEndian(0, 10),
                              LittleEndian(file.zip64 ? 0xFFFFFFFF : offset, 4), file.name, extra);
    is_zip64 = is_zip64 || file.zip64;
  }
  const std::uint64_t start = archive.size();
  archive += directory;
  if (is_zip64) {
    const std::uint64_t end = archive.size();
    archive += base::StrCat("PK\x06\x06", LittleEndian(44, 8), LittleEndian(45, 2), LittleEndian(45, 2),
                            LittleEndian(0, 8), LittleEndian(files.size(), 8), LittleEndian(files.size(), 8),
                            LittleEndian(directory.size(), 8), LittleEndian(start, 8));
    archive += base::StrCat("PK\x06\x07", LittleEndian(0, 4), LittleEndian(end, 8), LittleEndian(1, 4));
  }
  return base::StrCat(archive, "PK\x05\x06", LittleEndian(0, 4), LittleEndian(is_zip64 ? 0xFFFF : files.size(), 2),
                      LittleEndian(is_zip64 ? 0xFFFF : files.size(), 2), LittleEndian(directory.size(), 4),
                      LittleEndian(is_zip64 ? 0xFFFFFFFF : start, 4), LittleEndian(0, 2));
}

std::string TorchArchive(const std::string& pickle, const std::vector<std::string>& storages) {
  std::vector<ZipTestFile> files = {{.name = "weights/data.pkl", .content = pickle}};
  for (std::size_t i = 0; i < storages.size(); ++i) {
    files.push_back({.name = "weights/data/" + std::to_string(i), .content = storages[i]});
  }
  files.push_back({.name = "weights/version", .content = "3\n"});
  return ZipOf(files);
}

std::string TorchArchiveOf(const std::vector<TestTensor>& tensors) {
  std::vector<std::string> storages;
  storages.reserve(tensors.size());
  for (const TestTensor& tensor : tensors) storages.push_back(BytesOfNumbers(tensor.numbers));
  return TorchArchive(WholePickle(StateDictOf(tensors)), storages);
}

std::string TorchSequenceOf(const std::vector<TestTensor>& tensors) {
  constexpr unsigned char kMagic[] = {0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};
  std::string keys = "](";
  std::string storages;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    keys += PickleText(std::to_string(i));
    storages += base::StrCat(LittleEndian(tensors[i].numbers.size(), 8), BytesOfNumbers(tensors[i].numbers));
  }
  return base::StrCat(WholePickle({reinterpret_cast<const char*>(kMagic), sizeof(kMagic)}),
                      WholePickle(PickleInt(1001)), WholePickle("}(" + PickleText("little_endian") + "\x88u"),
                      WholePickle(StateDictOf(tensors)), WholePickle(keys + "e"), storages);
}

}  // namespace posenet::importer
