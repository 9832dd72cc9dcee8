// SPDX-License-Identifier: Apache-2.0
#include "model/foreign_format.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/temporary_folder.h"
#include "model/model_file.h"
#include "model/testing/bytes.h"

namespace posenet::model {
namespace {

struct KnownFile {
  std::string head;
  const char* description;
};

TEST(ForeignFormat, RecognizesFilesByTheirFirstBytes) {
  const KnownFile kFiles[] = {
      {std::string("\x1c\0\0\0TFL3", 8), "is a TensorFlow Lite model; import it first: posenet model import FILE"},
      {"\n{\"format\": \"graph-model\", \"modelTopology\": {", "is the model.json of a TensorFlow.js model; import it"},
      {"{\"frames\": []}", "is a JSON file"},
      {"PK\x03\x04rest", "is a zip archive, as PyTorch writes checkpoints"},
      {"\x80\x02\x8a\x0a", "is a Python pickle"},
      {"\x1f\x8b\x08", "is a gzip archive"},
      {"\x89HDF\r\n", "is an HDF5 file"},
      {"\x89PNG\r\n", "is an image"},
      {"\xff\xd8\xff\xe0", "is an image"},
      {"\x08\x01\x12\x40", "is a TensorFlow SavedModel"},
      {"\x08\x07\x12\x07pytorch", "is an ONNX model"},
      {"\x0a\x09GoogleNet\xa2\x06", "looks like a Caffe model"},
  };
  for (const KnownFile& file : kFiles) {
    const auto description = DescribeForeignFormat(BytesOf(file.head));
    ASSERT_TRUE(description.has_value()) << file.description;
    EXPECT_EQ(description->substr(0, std::string_view(file.description).size()), file.description);
  }
}

TEST(ForeignFormat, RecognizesNoOtherBytes) {
  for (const std::string& head : {std::string(), std::string(8, '\0'), std::string("ELF file"),
                                  std::string("\x7b\0\0\0\0\0\0\0{", 9), std::string("\x0a\x09")}) {
    EXPECT_FALSE(DescribeForeignFormat(BytesOf(head)).has_value()) << head;
  }
}

TEST(ForeignFormat, LoadModelFileSaysWhatToDo) {
  const base::TemporaryFolder folder;
  const auto path = folder.Write("x.tflite", std::string("\x1c\0\0\0TFL3\x14\0 \0", 12));
  EXPECT_THAT(LoadModelFile(path),
              base::FailsWith(ErrorCode::kUnsupported,
                              "x.tflite: is a TensorFlow Lite model; import it first: posenet model import FILE"));
}

}  // namespace
}  // namespace posenet::model
