// SPDX-License-Identifier: Apache-2.0
// Writes files of torch.save for tests.
#ifndef POSENET_IMPORT_TESTING_TORCH_WRITER_H_
#define POSENET_IMPORT_TESTING_TORCH_WRITER_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posenet::importer {

struct TestTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> numbers;
};

/// `number` as `byte_count` bytes, the lowest first.
std::string LittleEndian(std::uint64_t number, std::size_t byte_count);

/// The bytes of `numbers`.
template <typename Number>
std::string BytesOfNumbers(const std::vector<Number>& numbers) {
  const auto bytes = std::as_bytes(std::span(numbers));
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::span<const std::byte> AsBytes(std::string_view text) { return std::as_bytes(std::span(text)); }

/// Pieces of pickles (protocol 2); each returns the bytes that push one value.
std::string PickleText(std::string_view text);
std::string PickleInt(std::int32_t number);
std::string PickleInts(const std::vector<std::int64_t>& numbers);  // A tuple.
std::string PickleGlobalName(std::string_view module, std::string_view name);
std::string PickleStorageId(std::string_view type, std::string_view key, std::int64_t count);
/// A tensor of `shape` with `strides` in `storage`, the result of PickleStorageId.
std::string PickleTensorOf(const std::string& storage, std::int64_t offset, const std::vector<std::int64_t>& shape,
                           const std::vector<std::int64_t>& strides);
/// An OrderedDict of names and values.
std::string PickleDictOf(const std::vector<std::pair<std::string, std::string>>& items);
/// `value` as a whole pickle.
std::string WholePickle(const std::string& value);

/// The value of a state dictionary of contiguous float tensors, the i-th of which is storage "i".
std::string StateDictOf(const std::vector<TestTensor>& tensors);

struct ZipTestFile {
  std::string name;
  std::string content;
  std::uint16_t method = 0;  ///< 8 is deflate; the contents are written uncompressed nevertheless.
  bool zip64 = false;        ///< Sizes and offset in 64 bits.
};
/// An archive, with zip64 records at its end if a file has them.
std::string ZipOf(const std::vector<ZipTestFile>& files);

/// torch.save's archive of the pickle and of storages "0", "1", ...
std::string TorchArchive(const std::string& pickle, const std::vector<std::string>& storages);
/// The same of a state dictionary.
std::string TorchArchiveOf(const std::vector<TestTensor>& tensors);
/// A state dictionary in the format from before PyTorch 1.6.
std::string TorchSequenceOf(const std::vector<TestTensor>& tensors);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TESTING_TORCH_WRITER_H_
