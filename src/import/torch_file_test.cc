// SPDX-License-Identifier: Apache-2.0
// Files of torch.save, of both formats, and the pickles in them.
#include "import/torch_file.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/matchers.h"
#include "import/pickle.h"
#include "import/testing/models.h"
#include "import/testing/torch_writer.h"
#include "import/zip_directory.h"

namespace posenet::importer {
namespace {

using ::testing::ElementsAre;
using Floats = std::vector<float>;
using Shape = std::vector<std::int64_t>;

std::vector<TestTensor> TwoTensors() { return {{"a.weight", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"a.bias", {2}, {7, 8}}}; }

void ExpectTwoTensors(const std::string& file) {
  const auto read = ReadTorchFile(AsBytes(file));
  ASSERT_THAT(read, base::Succeeds());
  EXPECT_EQ(read->tensors.size(), 2U);
  EXPECT_EQ(read->tensors.at("a.weight").shape, Shape({2, 3}));
  EXPECT_THAT(NumbersOf(read, "a.weight"), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(NumbersOf(read, "a.bias"), ElementsAre(7, 8));
  EXPECT_TRUE(read->copies.empty());
}

// A file with one tensor "t" that reads `storage`, of type `type`.
Result<SourceTensors> ReadOne(const std::string& type, const std::string& storage, std::int64_t count,
                              std::int64_t offset, const Shape& shape, const Shape& strides) {
  static std::string file;  // What the last result points into.
  file = TorchArchive(
      WholePickle(PickleDictOf({{"t", PickleTensorOf(PickleStorageId(type, "0", count), offset, shape, strides)}})),
      {storage});
  return ReadTorchFile(AsBytes(file));
}

TEST(TorchFileTest, Archives) { ExpectTwoTensors(TorchArchiveOf(TwoTensors())); }

TEST(TorchFileTest, FilesFromBeforeArchives) { ExpectTwoTensors(TorchSequenceOf(TwoTensors())); }

TEST(TorchFileTest, BothFormatsAreRecognized) {
  EXPECT_TRUE(IsTorchFile(AsBytes(TorchArchiveOf({}))));
  EXPECT_TRUE(IsTorchFile(AsBytes(TorchSequenceOf({}))));
  EXPECT_FALSE(IsTorchFile(AsBytes(WholePickle(PickleInt(3)))));
  EXPECT_FALSE(IsTorchFile({}));
}

TEST(TorchFileTest, Zip64) {
  std::vector<ZipTestFile> files = {{.name = "x/data.pkl", .content = WholePickle(StateDictOf(TwoTensors()))}};
  for (std::size_t i = 0; i < 2; ++i) {
    files.push_back({.name = "x/data/" + std::to_string(i), .content = BytesOfNumbers(TwoTensors()[i].numbers)});
  }
  for (ZipTestFile& file : files) file.zip64 = true;
  ExpectTwoTensors(ZipOf(files));
}

TEST(TorchFileTest, CommentsAfterTheDirectory) {
  std::string file = TorchArchiveOf(TwoTensors());
  file[file.size() - 2] = 5;
  ExpectTwoTensors(file + "hello");
}

TEST(TorchFileTest, Wrappers) {
  const std::string state = StateDictOf(TwoTensors());
  const std::vector<std::string> storages = {BytesOfNumbers(Floats{1, 2, 3, 4, 5, 6}), BytesOfNumbers(Floats{7, 8})};
  for (const char* wrapper : {"state_dict", "model", "model_state_dict"}) {
    const std::string dict = PickleDictOf({{"epoch", PickleInt(3)}, {"optimizer", PickleDictOf({})}, {wrapper, state}});
    ExpectTwoTensors(TorchArchive(WholePickle(dict), storages));
  }
  ExpectTwoTensors(TorchArchive(WholePickle(PickleDictOf({{"net", PickleDictOf({{"state_dict", state}})}})), storages));
}

TEST(TorchFileTest, RemovesAModulePrefixThatAllNamesHave) {
  std::vector<TestTensor> tensors = TwoTensors();
  for (TestTensor& tensor : tensors) tensor.name = "module." + tensor.name;
  ExpectTwoTensors(TorchArchiveOf(tensors));
  tensors[1].name = "bias";
  const std::string file = TorchArchiveOf(tensors);
  const auto read = ReadTorchFile(AsBytes(file));
  ASSERT_THAT(read, base::Succeeds());
  EXPECT_TRUE(read->tensors.contains("module.a.weight"));
}

TEST(TorchFileTest, Strides) {
  const std::string storage = BytesOfNumbers(Floats{0, 1, 2, 3, 4, 5, 6, 7});
  const auto numbers = [&](std::int64_t offset, const Shape& shape, const Shape& strides) {
    return NumbersOf(ReadOne("FloatStorage", storage, 8, offset, shape, strides), "t");
  };
  EXPECT_THAT(numbers(2, {2, 3}, {3, 1}), ElementsAre(2, 3, 4, 5, 6, 7));
  EXPECT_THAT(numbers(2, {3, 2}, {1, 3}), ElementsAre(2, 5, 3, 6, 4, 7));
  EXPECT_THAT(numbers(0, {2, 2, 2}, {1, 4, 2}), ElementsAre(0, 2, 4, 6, 1, 3, 5, 7));
  EXPECT_THAT(numbers(5, {1, 3}, {99, 1}), ElementsAre(5, 6, 7));
  EXPECT_THAT(numbers(3, {4}, {0}), ElementsAre(3, 3, 3, 3));
  EXPECT_THAT(numbers(7, {}, {}), ElementsAre(7));
  EXPECT_THAT(ReadOne("FloatStorage", storage, 8, 8, {0, 7}, {7, 1}), base::Succeeds());
}

TEST(TorchFileTest, ElementTypes) {
  EXPECT_THAT(NumbersOf(ReadOne("DoubleStorage", BytesOfNumbers(std::vector<double>{0.5, 2, 3}), 3, 1, {2}, {1}), "t"),
              ElementsAre(2, 3));
  EXPECT_THAT(
      NumbersOf(ReadOne("HalfStorage", BytesOfNumbers(std::vector<std::uint16_t>{0x3C00}), 1, 0, {1}, {1}), "t"),
      ElementsAre(1));
  EXPECT_THAT(
      NumbersOf(ReadOne("BFloat16Storage", BytesOfNumbers(std::vector<std::uint16_t>{0x3F80}), 1, 0, {1}, {1}), "t"),
      ElementsAre(1));
  const auto longs = ReadOne("LongStorage", BytesOfNumbers(std::vector<std::int64_t>{7}), 1, 0, {}, {});
  ASSERT_THAT(longs, base::Succeeds());
  EXPECT_EQ(longs->tensors.at("t").dtype, nn::DType::kInt64);
  EXPECT_THAT(ReadOne("ComplexFloatStorage", "12345678", 1, 0, {1}, {1}),
              base::FailsWith(ErrorCode::kUnsupported, "torch.ComplexFloatStorage"));
}

TEST(TorchFileTest, TensorsBeyondTheirStorage) {
  const std::string storage = BytesOfNumbers(Floats{0, 1, 2, 3});
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  const auto expect_corrupt = [&](std::int64_t count, std::int64_t offset, const Shape& shape, const Shape& strides,
                                  const char* message) {
    EXPECT_THAT(ReadOne("FloatStorage", storage, count, offset, shape, strides),
                base::FailsWith(ErrorCode::kCorruptData, message));
  };
  expect_corrupt(4, 1, {4}, {1}, "tensor t: reaches beyond the 4 elements");
  expect_corrupt(4, 4, {1}, {1}, "beyond");
  expect_corrupt(4, 5, {0}, {1}, "beyond");
  expect_corrupt(4, 0, {2, 2}, {3, 1}, "beyond");
  expect_corrupt(4, kHuge, {1}, {1}, "beyond");
  expect_corrupt(4, 0, {kHuge, 8}, {1, 1}, "beyond");
  expect_corrupt(4, 0, {3, 3}, {kHuge, kHuge}, "beyond");
  expect_corrupt(4, -1, {1}, {1}, "the arguments of a tensor");
  expect_corrupt(4, 0, {-1}, {1}, "the arguments of a tensor");
  expect_corrupt(4, 0, {2}, {-1}, "the arguments of a tensor");
  expect_corrupt(4, 0, {2, 2}, {1}, "the arguments of a tensor");
  expect_corrupt(5, 0, {4}, {1}, "has 16 bytes; expected 20");
  expect_corrupt(kHuge, 0, {4}, {1}, "would have");
  expect_corrupt(-4, 0, {4}, {1}, "persistent id");
  EXPECT_THAT(ReadOne("FloatStorage", storage, 4, 0, {1000, 1000}, {0, 0}),
              base::FailsWith(ErrorCode::kUnsupported, "more than once"));
}

TEST(TorchFileTest, MissingStorages) {
  EXPECT_THAT(ReadTorchFile(AsBytes(TorchArchive(WholePickle(StateDictOf(TwoTensors())), {}))),
              base::FailsWith(ErrorCode::kCorruptData, "tensor a.weight: its storage 0 is not in the file"));
}

TEST(TorchFileTest, FilesWithoutStateDictionaries) {
  for (const std::string& value : {PickleInt(7), PickleDictOf({}), std::string("]"),
                                   PickleDictOf({{"a", PickleInt(1)}}), PickleDictOf({{"state_dict", PickleInt(1)}})}) {
    EXPECT_THAT(ReadTorchFile(AsBytes(TorchArchive(WholePickle(value), {}))),
                base::FailsWith(ErrorCode::kUnsupported, "no state dictionary"));
  }
  EXPECT_THAT(ReadTorchFile(AsBytes(ZipOf({{.name = "word/document.xml", .content = "<xml>"}}))),
              base::FailsWith(ErrorCode::kUnsupported, "no data.pkl"));
}

TEST(TorchFileTest, BigEndianFiles) {
  EXPECT_THAT(ReadTorchFile(AsBytes(ZipOf({{.name = "x/data.pkl", .content = WholePickle(PickleDictOf({}))},
                                           {.name = "x/byteorder", .content = "big"}}))),
              base::FailsWith(ErrorCode::kUnsupported, "byte order \"big\""));
  std::string old = TorchSequenceOf(TwoTensors());
  old[old.find("\x88u")] = '\x89';
  EXPECT_THAT(ReadTorchFile(AsBytes(old)), base::FailsWith(ErrorCode::kUnsupported, "big-endian"));
}

TEST(TorchFileTest, SequencesWithOtherCounts) {
  std::string file = TorchSequenceOf({{"t", {2}, {1, 2}}});
  file[file.size() - 16] = 3;
  EXPECT_THAT(ReadTorchFile(AsBytes(file)),
              base::FailsWith(ErrorCode::kCorruptData, "storage 0 has 3 elements; expected 2"));
}

}  // namespace
}  // namespace posenet::importer
