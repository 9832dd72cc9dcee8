// SPDX-License-Identifier: Apache-2.0
// Damaged and malicious pickles and archives: always an error, never a crash, and nothing is called.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/matchers.h"
#include "import/pickle.h"
#include "import/testing/torch_writer.h"
#include "import/torch_file.h"
#include "import/zip_directory.h"

namespace posenet::importer {
namespace {

Result<Pickle> Read(const std::string& bytes) { return ReadPickle(AsBytes(bytes)); }

std::string Repeat(const std::string& text, int count) {
  std::string repeated;
  for (int i = 0; i < count; ++i) repeated += text;
  return repeated;
}

TEST(HostilePickleTest, RefusesOtherGlobals) {
  const std::string call = "X" + LittleEndian(4, 4) + "true\x85R";
  for (const auto& [module, name] :
       {std::pair("os", "system"), std::pair("builtins", "eval"), std::pair("torch._utils", "_rebuild_qtensor"),
        std::pair("torch", "load"), std::pair("collections", "Counter"), std::pair("torch.nn", "FloatStorage")}) {
    const std::string message = std::string(module) + "." + name + ": only tensors are supported";
    EXPECT_THAT(Read(WholePickle(PickleGlobalName(module, name) + call)),
                base::FailsWith(ErrorCode::kUnsupported, message));
    EXPECT_THAT(Read(WholePickle(PickleText(module) + PickleText(name) + "\x93" + call)),
                base::FailsWith(ErrorCode::kUnsupported, message));
  }
  EXPECT_THAT(ReadTorchFile(AsBytes(TorchArchive(WholePickle(PickleGlobalName("os", "system") + call), {}))),
              base::FailsWith(ErrorCode::kUnsupported, "data.pkl: os.system"));
}

TEST(HostilePickleTest, StorageTypesAreNotCallable) {
  EXPECT_THAT(Read(WholePickle(PickleGlobalName("torch", "FloatStorage") + ")R")),
              base::FailsWith(ErrorCode::kUnsupported, "torch.FloatStorage: is not callable"));
  EXPECT_THAT(Read(WholePickle(PickleInt(1) + ")R")), base::FailsWith(ErrorCode::kCorruptData, "not a function"));
  EXPECT_THAT(Read(WholePickle(PickleGlobalName("collections", "OrderedDict") + "NR")),
              base::FailsWith(ErrorCode::kCorruptData, "not a function"));
}

TEST(HostilePickleTest, OtherOperations) {
  // INST, OBJ, NEWOBJ, EXT1, PERSID and LONG4 call functions, or have lengths of more than a byte.
  for (const char opcode : {'i', 'o', '\x81', '\x82', 'P', '\x8b', '\xFF'}) {
    EXPECT_THAT(Read(WholePickle(std::string(1, opcode))), base::FailsWith(ErrorCode::kUnsupported, "operation 0x"));
  }
  EXPECT_THAT(Read("\x80\x09N."), base::FailsWith(ErrorCode::kUnsupported, "protocol 9"));
  EXPECT_THAT(Read(WholePickle("N}b")), base::FailsWith(ErrorCode::kUnsupported, "attributes"));
}

TEST(HostilePickleTest, StacksThatAreEmpty) {
  const std::string empty_stack = "empty stack";
  for (const char* value : {"", "R", "NR", "b", "s", "Ns", "NNs", "a", "Na", "\x85", "N\x86", "NN\x87", "Q", "\x93",
                            "q\1", "\x94", "}(s", "N(\x85", "(q\1"}) {
    EXPECT_THAT(Read(WholePickle(value)), base::FailsWith(ErrorCode::kCorruptData, empty_stack)) << value;
  }
  for (const char* value : {"t", "u", "e", "Nt"}) {
    EXPECT_THAT(Read(WholePickle(value)), base::FailsWith(ErrorCode::kCorruptData, "mark")) << value;
  }
  EXPECT_THAT(Read(WholePickle("h\7")), base::FailsWith(ErrorCode::kCorruptData, "does not exist"));
}

TEST(HostilePickleTest, OperationsOnOtherThings) {
  EXPECT_THAT(Read(WholePickle("NNNs")), base::FailsWith(ErrorCode::kCorruptData, "not a dictionary"));
  EXPECT_THAT(Read(WholePickle("}(Nu")), base::FailsWith(ErrorCode::kCorruptData, "without a value"));
  EXPECT_THAT(Read(WholePickle("}Na")), base::FailsWith(ErrorCode::kCorruptData, "not a list"));
  EXPECT_THAT(Read(WholePickle("NQ")), base::FailsWith(ErrorCode::kCorruptData, "persistent id"));
  EXPECT_THAT(Read(WholePickle("NN\x93")), base::FailsWith(ErrorCode::kCorruptData, "not a string"));
  EXPECT_THAT(Read(WholePickle(PickleGlobalName("torch._utils", "_rebuild_tensor_v2") + ")R")),
              base::FailsWith(ErrorCode::kCorruptData, "too few"));
  EXPECT_THAT(Read(WholePickle(PickleGlobalName("torch._utils", "_rebuild_parameter") + "N\x85R")),
              base::FailsWith(ErrorCode::kCorruptData, "not a tensor"));
}

TEST(HostilePickleTest, Lengths) {
  EXPECT_THAT(Read("\x80\x02X" + LittleEndian(0xFFFFFFFF, 4) + "abc."),
              base::FailsWith(ErrorCode::kCorruptData, "truncated"));
  EXPECT_THAT(Read("\x80\x02\x8a\xFF."), base::FailsWith(ErrorCode::kCorruptData, "truncated"));
  EXPECT_THAT(Read(WholePickle("\x8a\x09"
                               "123456789")),
              base::FailsWith(ErrorCode::kUnsupported, "64 bits"));
  EXPECT_THAT(Read("c" + std::string(1000, 'a')), base::FailsWith(ErrorCode::kCorruptData, "a name of more than"));
}

TEST(HostilePickleTest, Numbers) {
  const auto number = [](const std::string& bytes) {
    const auto pickle = Read(WholePickle(bytes));
    EXPECT_THAT(pickle, base::Succeeds());
    return pickle ? *pickle->As<std::int64_t>(pickle->root) : 0;
  };
  EXPECT_EQ(number(std::string("\x8a\0", 2)), 0);
  EXPECT_EQ(number("\x8a\x01\xFF"), -1);
  EXPECT_EQ(number("\x8a\x02\xFF\x7F"), 32767);
  EXPECT_EQ(number("\x8a\x08" + LittleEndian(0x8000000000000000, 8)), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(number(PickleInt(-5)), -5);
  EXPECT_EQ(number("K\xFF"), 255);
  EXPECT_EQ(number("M\xFF\xFF"), 65535);
}

TEST(HostilePickleTest, DeepNestingDoesNotRecurse) {
  const auto marks = Read("\x80\x02" + std::string(2'000'000, '(') + ".");
  EXPECT_THAT(marks, base::FailsWith(ErrorCode::kResourceExhausted, "nested"));
  EXPECT_THAT(Read("\x80\x02N" + std::string(500'000, '\x85') + "."), base::Succeeds());
  const std::string nested =
      "\x80\x02" + Repeat("}" + PickleText("state_dict"), 50'000) + "}" + std::string(50'000, 's');
  EXPECT_THAT(Read(nested + "."), base::Succeeds());
  EXPECT_THAT(ReadTorchFile(AsBytes(TorchArchive(nested + ".", {}))),
              base::FailsWith(ErrorCode::kUnsupported, "no state dictionary"));
}

TEST(HostilePickleTest, DictionariesThatContainThemselves) {
  EXPECT_THAT(ReadTorchFile(AsBytes(TorchArchive(WholePickle("}q\1" + PickleText("state_dict") + "h\1s"), {}))),
              base::FailsWith(ErrorCode::kUnsupported, "no state dictionary"));
}

TEST(HostilePickleTest, Bombs) {
  EXPECT_THAT(Read("\x80\x02" + std::string(3'000'000, 'N') + "."),
              base::FailsWith(ErrorCode::kResourceExhausted, "values"));
  EXPECT_THAT(Read("\x80\x02N" + std::string(3'000'000, '\x94') + "."),
              base::FailsWith(ErrorCode::kResourceExhausted, "memoizes"));
  // Each level contains the one below ten times: 10^30 in total.
  std::string doubling = "]q";
  doubling += '\0';
  for (char level = 1; level < 30; ++level) {
    doubling += "](";
    for (int i = 0; i < 10; ++i) doubling += std::string("h") + static_cast<char>(level - 1);
    doubling += std::string("eq") + level;
  }
  EXPECT_THAT(Read(WholePickle(doubling)), base::Succeeds());
  // One long list is converted to a dictionary many times.
  const std::string pairs = "](" + Repeat("NN\x86", 100'000) + "eq\1";
  const std::string again = PickleGlobalName("collections", "OrderedDict") + "h\1\x85R";
  EXPECT_THAT(Read(WholePickle(pairs + Repeat(again, 1000))),
              base::FailsWith(ErrorCode::kResourceExhausted, "dictionaries"));
}

TEST(HostileZipTest, InvalidDirectories) {
  const std::string archive = ZipOf({{.name = "a", .content = "aaaa"}, {.name = "b", .content = "bbbb"}});
  ASSERT_THAT(ReadZipDirectory(AsBytes(archive)), base::Succeeds());
  const std::size_t end = archive.size() - 22;
  const std::size_t entry = archive.find("PK\x01\x02");
  const auto expect = [&](std::size_t offset, const std::string& bytes, ErrorCode code, const char* message) {
    std::string changed = archive;
    changed.replace(offset, bytes.size(), bytes);
    EXPECT_THAT(ReadZipDirectory(AsBytes(changed)), base::FailsWith(code, message)) << offset;
  };
  expect(end, "XX", ErrorCode::kCorruptData, "no directory at its end");
  expect(end + 4, LittleEndian(1, 2), ErrorCode::kUnsupported, "several parts");
  expect(end + 10, LittleEndian(0xFFFE, 2), ErrorCode::kCorruptData, "65534 entries");
  expect(end + 10, LittleEndian(3, 2), ErrorCode::kCorruptData, "entries");
  expect(end + 12, LittleEndian(0xFFFFFFFE, 4), ErrorCode::kCorruptData, "4294967294 bytes");
  expect(end + 16, LittleEndian(0xFFFFFFFE, 4), ErrorCode::kCorruptData, "at byte 4294967294");
  expect(end + 16, LittleEndian(0xFFFFFFFF, 4), ErrorCode::kCorruptData, "zip64");
  expect(entry, "XX", ErrorCode::kCorruptData, "has no signature");
  expect(entry + 8, LittleEndian(1, 2), ErrorCode::kUnsupported, "a in the zip archive is encrypted");
  expect(entry + 10, LittleEndian(8, 2), ErrorCode::kUnsupported, "a in the zip archive is compressed");
  expect(entry + 20, LittleEndian(5, 4), ErrorCode::kCorruptData, "two sizes: 5 and 4");
  expect(entry + 20, LittleEndian(0xFFFFFFF0, 4) + LittleEndian(0xFFFFFFF0, 4), ErrorCode::kCorruptData,
         "a in the zip archive: is truncated");
  expect(entry + 20, LittleEndian(60, 4) + LittleEndian(60, 4), ErrorCode::kCorruptData, "overlap");
  expect(entry + 20, LittleEndian(0xFFFFFFFF, 4), ErrorCode::kCorruptData, "zip64 sizes are missing");
  expect(entry + 28, LittleEndian(0xFFFF, 2), ErrorCode::kCorruptData, "truncated");
  expect(entry + 42, LittleEndian(0x7FFFFFFF, 4), ErrorCode::kCorruptData, "should be at byte 2147483647");
  expect(entry + 42, LittleEndian(1, 4), ErrorCode::kCorruptData, "is not at byte 1");
  expect(entry + 46, "b", ErrorCode::kCorruptData, "two files called b");
}

TEST(HostileZipTest, TheSameBytesUnderManyNames) {
  std::string archive = ZipOf({{.name = "a", .content = "aaaa"}, {.name = "b", .content = "bbbb"}});
  const std::size_t second = archive.find("PK\x01\x02", archive.find("PK\x01\x02") + 1);
  archive.replace(second + 42, 4, LittleEndian(0, 4));
  EXPECT_THAT(ReadZipDirectory(AsBytes(archive)), base::FailsWith(ErrorCode::kCorruptData, "overlap"));
}

class TorchMutationTest : public ::testing::TestWithParam<bool> {
 protected:
  static std::string Original() {
    const std::vector<TestTensor> tensors = {{"module.a.weight", {2, 3}, {1, 2, 3, 4, 5, 6}},
                                             {"module.a.bias", {2}, {7, 8}}};
    return GetParam() ? TorchArchiveOf(tensors) : TorchSequenceOf(tensors);
  }
  static void ExpectTensorsOrError(const std::string& bytes, const std::string& what) {
    const std::vector<char> copy(bytes.begin(),
                                 bytes.end());  // Of exactly this length, so that sanitizers detect reads beyond it.
    if (!IsTorchFile(AsBytes({copy.data(), copy.size()}))) return;
    const auto read = ReadTorchFile(AsBytes({copy.data(), copy.size()}));
    if (!read) {
      EXPECT_FALSE(read.error().message.empty()) << what;
      EXPECT_EQ(read.error().message.find('\n'), std::string::npos) << what;
      return;
    }
    for (const auto& [name, tensor] : read->tensors) {
      EXPECT_EQ(tensor.bytes.size(), static_cast<std::size_t>(tensor.ElementCount()) * nn::SizeOf(tensor.dtype));
      static_cast<void>(nn::ToFloat(tensor).has_value());
    }
  }
};

TEST_P(TorchMutationTest, TruncatedAnywhere) {
  const std::string original = Original();
  for (std::size_t length = 0; length < original.size(); ++length) {
    const std::string cut = original.substr(0, length);
    ExpectTensorsOrError(cut, "cut at " + std::to_string(length));
    EXPECT_FALSE(ReadTorchFile(AsBytes(cut)).has_value()) << length;
  }
}

TEST_P(TorchMutationTest, AnyBytesChanged) {
  const std::string original = Original();
  std::mt19937 random(20'240'602);
  for (int round = 0; round < 20'000; ++round) {
    std::string changed = original;
    for (unsigned i = 0; i <= random() % 4; ++i) changed[random() % changed.size()] = static_cast<char>(random());
    ExpectTensorsOrError(changed, "round " + std::to_string(round));
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, TorchMutationTest, ::testing::Bool(),
                         [](const auto& tested) { return tested.param ? "archive" : "sequence"; });

}  // namespace
}  // namespace posenet::importer
