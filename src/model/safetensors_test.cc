// SPDX-License-Identifier: Apache-2.0
#include "model/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "model/testing/bytes.h"

namespace posenet::model {
namespace {

using testing::ElementsAre;
using testing::Pair;

// A container with this header, followed by `data_bytes` bytes.
std::vector<std::byte> Container(std::string_view header, std::size_t data_bytes) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes.push_back(static_cast<std::byte>(header.size() >> (8 * i)));
  const std::vector<std::byte> text = BytesOf(header);
  bytes.insert(bytes.end(), text.begin(), text.end());
  bytes.resize(bytes.size() + data_bytes, std::byte{1});
  return bytes;
}

Result<SafetensorsView> Parse(std::string_view header, std::size_t data_bytes) {
  static std::vector<std::byte> bytes;
  bytes = Container(header, data_bytes);
  return ParseSafetensors(bytes);
}

TEST(Safetensors, ReadsTensorsAndMetadata) {
  const auto view = Parse(R"({"__metadata__":{"format":"pt"},)"
                          R"("b":{"dtype":"F16","shape":[2,3],"data_offsets":[4,16]},)"
                          R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},)"
                          R"("empty":{"dtype":"I64","shape":[0,5],"data_offsets":[16,16]}}  )",
                          16);
  ASSERT_THAT(view, base::Succeeds());
  EXPECT_THAT(view->metadata, ElementsAre(Pair("format", "pt")));
  ASSERT_EQ(view->tensors.size(), 3U);
  const nn::TensorView& b = view->tensors.find("b")->second;
  EXPECT_EQ(b.dtype, nn::DType::kFloat16);
  EXPECT_THAT(b.shape, ElementsAre(2, 3));
  EXPECT_EQ(b.bytes.data(), view->data.data() + 4);
  EXPECT_EQ(b.bytes.size(), 12U);
  EXPECT_EQ(view->tensors.find("a")->second.bytes.size(), 4U);
  EXPECT_EQ(view->tensors.find("empty")->second.bytes.size(), 0U);
}

TEST(Safetensors, ReadsEveryKnownType) {
  const std::pair<const char*, std::size_t> kTypes[] = {{"F32", 4}, {"F16", 2}, {"BF16", 2}, {"U8", 1},
                                                        {"I8", 1},  {"U16", 2}, {"I32", 4},  {"I64", 8}};
  for (const auto& [name, size] : kTypes) {
    const std::string header = std::string(R"({"t":{"dtype":")") + name + R"(","shape":[3],"data_offsets":[0,)" +
                               std::to_string(3 * size) + "]}}";
    EXPECT_THAT(Parse(header, 3 * size), base::Succeeds()) << name;
  }
}

TEST(Safetensors, RefusesHeadersThatDoNotFit) {
  EXPECT_THAT(ParseSafetensors({}), base::FailsWith(ErrorCode::kCorruptData, "is 0 bytes long"));
  EXPECT_THAT(ParseSafetensors(BytesOf("1234567")), base::FailsWith(ErrorCode::kCorruptData, "is 7 bytes long"));
  EXPECT_THAT(ParseSafetensors(Container("", 0)), base::FailsWith(ErrorCode::kCorruptData, "start with '{'"));
  EXPECT_THAT(ParseSafetensors(Container(" {}", 0)), base::FailsWith(ErrorCode::kCorruptData, "start with '{'"));
  std::vector<std::byte> bytes = Container("{}", 0);
  bytes.pop_back();
  EXPECT_THAT(ParseSafetensors(bytes),
              base::FailsWith(ErrorCode::kCorruptData, "its header is 2 bytes long, the file 9"));
  EXPECT_THAT(ParseSafetensors(BytesOf("\xff\xff\xff\xff\xff\xff\xff\xff{}")),
              base::FailsWith(ErrorCode::kCorruptData, "is not a safetensors file"));
  EXPECT_THAT(ParseSafetensors(BytesOf(std::string("\x01\xe1\xf5\x05\0\0\0\0{}", 10))),
              base::FailsWith(ErrorCode::kCorruptData, "its header is longer than 100000000 bytes"));
  EXPECT_THAT(ParseSafetensors(BytesOf("<html><body>not found")),
              base::FailsWith(ErrorCode::kCorruptData, "not a safetensors"));
}

struct HostileHeader {
  const char* header;
  const char* message;
};

TEST(Safetensors, RefusesHostileHeaders) {
  const HostileHeader kHeaders[] = {
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       "\"a\" appears twice"},
      {R"({"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "\"dtype\" appears twice"},
      {R"({"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]})", "nested deeper"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x)", "not valid JSON"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})", "not valid JSON"},
      {"{\"\xff\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "not valid JSON"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}})",
       "a: ends at byte 16 of the data, but the file has only 8: it is truncated"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}})", "a.data_offsets[0]: expected"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", "a.data_offsets[0]: expected"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]}})", "a.data_offsets[1]: expected"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999999]}})",
       "a.data_offsets[1]: expected"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0.0,8.0]}})", "a.data_offsets[1]: expected"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}})", "a.data_offsets: expected an array of 2"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "span 4 bytes, but the shape needs 8"},
      {R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", "a.shape[0]: expected"},
      {R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})", "a.shape[0]: expected"},
      {R"({"a":{"dtype":"F32","shape":"2","data_offsets":[0,8]}})", "a.shape: expected an array"},
      {R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}})", "a.shape: the product"},
      {R"({"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}})", "a.shape: the product"},
      {R"({"a":{"dtype":"F32","shape":[4611686018427387904,0],"data_offsets":[0,0]}})", "a.shape: the product"},
      {R"({"a":{"shape":[2],"data_offsets":[0,8]}})", "a.dtype: is missing"},
      {R"({"a":{"dtype":"F32","data_offsets":[0,8]}})", "a.shape: is missing"},
      {R"({"a":{"dtype":"F32","shape":[2]}})", "a.data_offsets: is missing"},
      {R"({"a":{"dtype":1,"shape":[2],"data_offsets":[0,8]}})", "a.dtype: expected a string"},
      {R"({"a":7})", "a: expected an object"},
      {R"({"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       "__metadata__.k: expected a string"},
      {R"({"__metadata__":"x","a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       "__metadata__: expected an object"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "the last 4 bytes belong to no tensor"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "after a gap that starts at 0"},
      {R"({})", "the last 8 bytes belong to no tensor"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       "tensor b starts at byte 4, inside the tensor before it"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       "inside the tensor before it, which ends at 8"},
  };
  for (const HostileHeader& hostile : kHeaders) {
    EXPECT_THAT(Parse(hostile.header, 8), base::FailsWith(ErrorCode::kCorruptData, hostile.message)) << hostile.header;
  }
}

TEST(Safetensors, DistinguishesUnknownTypesFromDamage) {
  EXPECT_THAT(Parse(R"({"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}})", 8),
              base::FailsWith(ErrorCode::kUnsupported, "a.dtype: the type \"F8_E4M3\" is not supported"));
  EXPECT_THAT(Parse(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"scale":2}})", 8),
              base::FailsWith(ErrorCode::kUnsupported, "a.scale"));
}

TEST(Safetensors, MessagesAreOneLine) {
  const auto view = Parse("{\"a\\n\\u001b[31m\":7}", 0);
  ASSERT_FALSE(view.has_value());
  EXPECT_EQ(view.error().message.find_first_of("\n\033"), std::string::npos) << view.error().message;
}

class WrittenSafetensors : public testing::Test {
 protected:
  WrittenSafetensors() {
    tensors_["z/weights"] = {nn::DType::kFloat32, {3}, std::as_bytes(std::span(floats_))};
    tensors_["a \"quoted\" \u00e9"] = {nn::DType::kUint8, {5, 1}, std::as_bytes(std::span(bytes_))};
    metadata_ = {{"key", "value"}, {"posenet.model", R"({"json":"in json"})"}};
  }

  const std::array<float, 3> floats_ = {1.0F, -2.0F, 3.5F};
  const std::array<std::uint8_t, 5> bytes_ = {1, 2, 3, 4, 5};
  nn::TensorMap tensors_;
  std::map<std::string, std::string> metadata_;
};

TEST_F(WrittenSafetensors, ReadsBackEqual) {
  const std::vector<std::byte> file = SerializeSafetensors(metadata_, tensors_);
  const auto view = ParseSafetensors(file);
  ASSERT_THAT(view, base::Succeeds());
  EXPECT_EQ(view->metadata, metadata_);
  ASSERT_EQ(view->tensors.size(), tensors_.size());
  for (const auto& [name, tensor] : tensors_) {
    const nn::TensorView& read = view->tensors.find(name)->second;
    EXPECT_EQ(read.dtype, tensor.dtype);
    EXPECT_EQ(read.shape, tensor.shape);
    ASSERT_EQ(read.bytes.size(), tensor.bytes.size());
    EXPECT_EQ(std::memcmp(read.bytes.data(), tensor.bytes.data(), tensor.bytes.size()), 0);
  }
}

TEST_F(WrittenSafetensors, IsAlignedOrderedAndReproducible) {
  const std::vector<std::byte> file = SerializeSafetensors(metadata_, tensors_);
  const auto view = ParseSafetensors(file);
  ASSERT_THAT(view, base::Succeeds());
  EXPECT_EQ((view->data.data() - file.data()) % 64, 0);
  EXPECT_EQ(view->tensors.begin()->second.bytes.data(), view->data.data()) << "tensors lie in the order of their names";
  EXPECT_EQ(SerializeSafetensors(metadata_, tensors_), file);
}

TEST_F(WrittenSafetensors, RefusesEveryTruncation) {
  const std::vector<std::byte> file = SerializeSafetensors(metadata_, tensors_);
  for (std::size_t size = 0; size < file.size(); ++size) {
    // A separate copy, so that AddressSanitizer sees reads beyond the end.
    const std::vector<std::byte> truncated(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(ParseSafetensors(truncated), base::FailsWith(ErrorCode::kCorruptData, "")) << size;
  }
  std::vector<std::byte> longer = file;
  longer.push_back(std::byte{0});
  EXPECT_THAT(ParseSafetensors(longer), base::FailsWith(ErrorCode::kCorruptData, "the last 1 bytes"));
}

TEST(Safetensors, AnEmptyContainerIsValid) {
  const auto view = ParseSafetensors(SerializeSafetensors({}, {}));
  ASSERT_THAT(view, base::Succeeds());
  EXPECT_TRUE(view->tensors.empty());
}

}  // namespace
}  // namespace posenet::model
