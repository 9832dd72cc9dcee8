// SPDX-License-Identifier: Apache-2.0
// Caffe models, and the protocol buffers in them.
#include "import/caffe_file.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "base/testing/matchers.h"
#include "import/proto_reader.h"
#include "import/testing/caffe_writer.h"
#include "import/testing/models.h"
#include "import/testing/torch_writer.h"

namespace posenet::importer {
namespace {

using ::testing::ElementsAre;
using Floats = std::vector<float>;
using Shape = std::vector<std::int64_t>;

std::string SmallNet(CaffeVersion version) {
  return base::StrCat(ProtoBytes(1, "a net"), CaffeLayer(version, "data", {}),
                      CaffeLayer(version, "conv1/7x7_s2", {{{2, 1, 1, 2}, {1, 2, 3, 4}}, {{2}, {5, 6}}}),
                      CaffeLayer(version, "pool", {}));
}

TEST(CaffeFileTest, LayersOfBothVersions) {
  for (const CaffeVersion version : {CaffeVersion::kFirst, CaffeVersion::kSecond}) {
    const std::string file = SmallNet(version);
    EXPECT_TRUE(MayBeCaffe(AsBytes(file)));
    const auto read = ReadCaffeFile(AsBytes(file));
    ASSERT_THAT(read, base::Succeeds());
    EXPECT_EQ(read->tensors.size(), 2U);
    EXPECT_EQ(read->tensors.at("conv1/7x7_s2/0").shape, Shape({2, 1, 1, 2}));
    EXPECT_THAT(NumbersOf(read, "conv1/7x7_s2/0"), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(NumbersOf(read, "conv1/7x7_s2/1"), ElementsAre(5, 6));
    EXPECT_EQ(read->tensors.at("conv1/7x7_s2/1").shape,
              version == CaffeVersion::kFirst ? Shape({1, 1, 1, 2}) : Shape({2}));
    EXPECT_TRUE(read->copies.empty());
  }
}

TEST(CaffeFileTest, NumbersInPieces) {
  const std::string shape = ProtoBytes(7, ProtoInt(1, 4));
  const auto number = [](float value) {
    return base::StrCat(static_cast<char>(5 << 3 | 5), BytesOfNumbers<float>({value}));
  };
  const std::string one_by_one = base::StrCat(number(1), number(2), shape, number(3), number(4));
  const std::string two_lists =
      base::StrCat(ProtoBytes(5, BytesOfNumbers<float>({1, 2})), ProtoBytes(5, BytesOfNumbers<float>({3, 4})), shape);
  const std::string file = base::StrCat(ProtoBytes(100, base::StrCat(ProtoBytes(1, "a"), ProtoBytes(7, one_by_one))),
                                        ProtoBytes(100, base::StrCat(ProtoBytes(7, two_lists), ProtoBytes(1, "b"))));
  const auto read = ReadCaffeFile(AsBytes(file));
  ASSERT_THAT(read, base::Succeeds());
  EXPECT_THAT(NumbersOf(read, "a/0"), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(NumbersOf(read, "b/0"), ElementsAre(1, 2, 3, 4));
}

// A net with one layer "a" whose only blob is `blob`.
Result<SourceTensors> ReadBlob(const std::string& blob) {
  return ReadCaffeFile(AsBytes(ProtoBytes(100, base::StrCat(ProtoBytes(1, "a"), ProtoBytes(7, blob)))));
}

TEST(CaffeFileTest, BlobsThatContradictThemselves) {
  const std::string numbers = ProtoBytes(5, BytesOfNumbers<float>({1, 2}));
  EXPECT_THAT(ReadBlob(base::StrCat(numbers, ProtoBytes(7, ProtoInt(1, 3)))),
              base::FailsWith(ErrorCode::kCorruptData, "blob 0 of layer a: has 8 bytes of numbers; its shape has 3"));
  EXPECT_THAT(ReadBlob(numbers), base::FailsWith(ErrorCode::kCorruptData, "its shape has 0 elements"));
  EXPECT_THAT(ReadBlob(base::StrCat(ProtoBytes(5, "12345"), ProtoBytes(7, ProtoInt(1, 1)))),
              base::FailsWith(ErrorCode::kCorruptData, "has 5 bytes"));
  EXPECT_THAT(ReadBlob(base::StrCat(numbers, ProtoBytes(7, ProtoInt(1, -2)))),
              base::FailsWith(ErrorCode::kCorruptData, "out of range"));
  std::string huge;
  for (int i = 0; i < 4; ++i) huge += ProtoInt(1, std::int64_t{1} << 31);
  EXPECT_THAT(ReadBlob(base::StrCat(numbers, ProtoBytes(7, huge))),
              base::FailsWith(ErrorCode::kCorruptData, "its shape has"));
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += ProtoInt(1, 1);
  EXPECT_THAT(ReadBlob(base::StrCat(numbers, ProtoBytes(7, deep))),
              base::FailsWith(ErrorCode::kCorruptData, "out of range"));
  EXPECT_THAT(ReadBlob(ProtoBytes(8, "12345678")), base::FailsWith(ErrorCode::kUnsupported, "doubles"));
}

TEST(CaffeFileTest, TwoLayersOfOneName) {
  const std::string layer = CaffeLayer(CaffeVersion::kSecond, "a", {{{1}, {1}}});
  EXPECT_THAT(ReadCaffeFile(AsBytes(layer + layer)), base::FailsWith(ErrorCode::kCorruptData, "are called a"));
}

TEST(CaffeFileTest, WhatIsNoMessage) {
  EXPECT_FALSE(MayBeCaffe({}));
  EXPECT_FALSE(MayBeCaffe(AsBytes("hello")));
  EXPECT_FALSE(MayBeCaffe(AsBytes("\x89HDF\r\n")));
  for (const auto& [bytes, message] :
       {std::pair(std::string("\x0a\x7f"), "truncated"), std::pair(std::string("\x0a"), "truncated"),
        std::pair(std::string(1, '\0'), "is not valid"), std::pair(std::string("\x0b"), "an unknown type"),
        std::pair(std::string(11, '\xFF'), "64 bits")}) {
    EXPECT_THAT(ReadCaffeFile(AsBytes(bytes)), base::FailsWith(ErrorCode::kCorruptData, message));
  }
}

void ExpectTensorsOrError(const std::string& bytes) {
  const std::vector<char> copy(bytes.begin(),
                               bytes.end());  // Of exactly this length, so that sanitizers detect reads beyond it.
  const auto read = ReadCaffeFile(AsBytes({copy.data(), copy.size()}));
  if (!read) {
    EXPECT_EQ(read.error().message.find('\n'), std::string::npos);
    return;
  }
  for (const auto& [name, tensor] : read->tensors) {
    EXPECT_EQ(tensor.bytes.size(), static_cast<std::size_t>(tensor.ElementCount()) * sizeof(float));
    static_cast<void>(nn::ToFloat(tensor).has_value());
  }
}

TEST(CaffeMutationTest, TruncatedAnywhere) {
  const std::string original = SmallNet(CaffeVersion::kSecond);
  for (std::size_t length = 0; length < original.size(); ++length) ExpectTensorsOrError(original.substr(0, length));
}

TEST(CaffeMutationTest, AnyBytesChanged) {
  std::mt19937 random(20'240'603);
  for (const CaffeVersion version : {CaffeVersion::kFirst, CaffeVersion::kSecond}) {
    const std::string original = SmallNet(version);
    for (int round = 0; round < 20'000; ++round) {
      std::string changed = original;
      for (unsigned i = 0; i <= random() % 4; ++i) changed[random() % changed.size()] = static_cast<char>(random());
      ExpectTensorsOrError(changed);
    }
  }
}

}  // namespace
}  // namespace posenet::importer
