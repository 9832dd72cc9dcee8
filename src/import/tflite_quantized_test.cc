// SPDX-License-Identifier: Apache-2.0
// uint8 TFLite models against the networks that they were written from, and with wrong quantization.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <random>
#include <vector>

#include "base/file.h"
#include "import/import.h"
#include "import/testing/models.h"
#include "import/testing/quantized_tflite_writer.h"
#include "model/model_file.h"
#include "model/output_stride.h"
#include "nn/testing/reference.h"

namespace posenet::importer {
namespace {

namespace fs = std::filesystem;

Result<model::LoadedModel> ImportBytes(const std::vector<std::byte>& bytes) {
  const base::TemporaryFolder folder;
  const fs::path path = folder.path() / "model.tflite";
  EXPECT_THAT(base::WriteFile(path, bytes), base::Succeeds());
  return ImportModel(path);
}

Result<model::LoadedModel> ImportForm(const QuantizedForm& form) {
  return ImportBytes(WriteQuantizedTflite(form).bytes);
}

// The outputs of a model for a random image, computed by the reference.
std::vector<nn::ReferenceTensor> MapsOf(const model::LoadedModel& model, const nn::Shape& shape) {
  std::mt19937 random(3);
  std::vector<float> input(static_cast<std::size_t>(shape.ElementCount()));
  for (float& value : input) value = static_cast<float>(random() % 256) * 0.0078125F - 1.0F;
  auto maps = nn::ReferenceRun(model.spec.network, model.weights, input, shape);
  EXPECT_THAT(maps, base::Succeeds());
  return *std::move(maps);
}

void ExpectEqualMaps(const model::LoadedModel& actual, const model::LoadedModel& expected) {
  const nn::Shape shape = {1, 65, 97, 3};
  const auto expected_maps = MapsOf(expected, shape);
  const auto actual_maps = MapsOf(actual, shape);
  ASSERT_EQ(actual_maps.size(), expected_maps.size());
  for (std::size_t i = 0; i < actual_maps.size(); ++i) {
    EXPECT_EQ(actual_maps[i].shape, expected_maps[i].shape);
    EXPECT_EQ(actual_maps[i].values, expected_maps[i].values) << actual.spec.network.outputs[i].name;
    const auto [least, most] = std::minmax_element(actual_maps[i].values.begin(), actual_maps[i].values.end());
    EXPECT_LT(*least, *most) << "hardly a test";
  }
}

TEST(QuantizedTfliteTest, ImportsWhatWasWritten) {
  for (const bool in_batches : {false, true}) {
    const QuantizedTflite tflite = WriteQuantizedTflite({.has_dilation_in_batches = in_batches});
    const auto imported = ImportBytes(tflite.bytes);
    ASSERT_THAT(imported, base::Succeeds());
    ExpectEqualMaps(*imported, tflite.model);
    const model::ModelSpec& spec = imported->spec;
    EXPECT_EQ(spec.output_stride, 16);
    EXPECT_EQ(spec.input_width_px, 97);
    EXPECT_EQ(spec.input_height_px, 65);
    EXPECT_EQ(spec.fit, ImageFit::kStretch);
    EXPECT_EQ(spec.resampling, Resampling::kNearest);
    EXPECT_FLOAT_EQ(spec.input_scale, 0.0078125F);
    EXPECT_FLOAT_EQ(spec.input_bias[2], -1.0F);
    // The parameters in all of Coral's models with a decoder.
    ASSERT_TRUE(spec.decoder.has_value());
    EXPECT_EQ(spec.decoder->decoder, PoseDecoder::kCoral);
    EXPECT_EQ(spec.decoder->options.max_poses, 10);
  }
}

TEST(QuantizedTfliteTest, ReplacesTheDecoderAndKeepsItsParameters) {
  const QuantizedTflite tflite = WriteQuantizedTflite({.decoder = DecoderOptions(7, 0.3F, 12.5F, 16)});
  const auto imported = ImportBytes(tflite.bytes);
  ASSERT_THAT(imported, base::Succeeds());
  ExpectEqualMaps(*imported, tflite.model);
  ASSERT_TRUE(imported->spec.decoder.has_value());
  EXPECT_EQ(imported->spec.decoder->decoder, PoseDecoder::kCoral);
  EXPECT_EQ(imported->spec.decoder->options.max_poses, 7);
  EXPECT_FLOAT_EQ(imported->spec.decoder->options.score_threshold, 0.3F);
  EXPECT_FLOAT_EQ(imported->spec.decoder->options.nms_radius_px, 12.5F);
}

TEST(QuantizedTfliteTest, RoundTripsThroughAModelFile) {
  const auto imported = ImportForm({.decoder = DecoderOptions(7, 0.3F, 12.5F, 16)});
  ASSERT_THAT(imported, base::Succeeds());
  const base::TemporaryFolder folder;
  const fs::path path = folder.path() / "model.safetensors";
  ASSERT_THAT(model::WriteModelFile(path, *imported), base::Succeeds());
  ASSERT_THAT(model::VerifyModelFile(path), base::Succeeds());
  const auto loaded = model::LoadModelFile(path);
  ASSERT_THAT(loaded, base::Succeeds());
  ExpectEqualMaps(*loaded, *imported);
  EXPECT_EQ(loaded->spec.input_width_px, 97);
  EXPECT_EQ(loaded->spec.input_height_px, 65);
  EXPECT_EQ(loaded->spec.fit, ImageFit::kStretch);
  EXPECT_EQ(loaded->spec.resampling, Resampling::kNearest);
  ASSERT_TRUE(loaded->spec.decoder.has_value());
  EXPECT_EQ(loaded->spec.decoder->options.max_poses, 7);
  EXPECT_FLOAT_EQ(loaded->spec.decoder->options.nms_radius_px, 12.5F);
}

TEST(QuantizedTfliteTest, HasOneOutputStride) {
  const auto imported = ImportForm({});
  ASSERT_THAT(imported, base::Succeeds());
  EXPECT_THAT(model::WithOutputStride(imported->spec.network, 8),
              base::FailsWith(ErrorCode::kUnsupported, "quantized networks"));
}

TEST(QuantizedTfliteHostileTest, WrongQuantizationIsRefused) {
  struct Fault {
    const char* tensor;
    WrittenQuantization written;
    ErrorCode code;
    const char* message;
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const Fault faults[] = {
      {"conv0", {{}, {0}}, ErrorCode::kCorruptData, "has no scale"},
      {"conv0", {{0.1F}, {}}, ErrorCode::kCorruptData, "has no zero point"},
      {"conv0", {{0.0F}, {0}}, ErrorCode::kCorruptData, "has the scale 0"},
      {"conv0", {{-0.1F}, {0}}, ErrorCode::kCorruptData, "has the scale -0.1"},
      {"conv0", {{nan}, {0}}, ErrorCode::kCorruptData, "has the scale nan"},
      {"conv0", {{infinity}, {0}}, ErrorCode::kCorruptData, "has the scale inf"},
      {"conv0", {{0.1F}, {256}}, ErrorCode::kCorruptData, "has the zero point 256; expected 0 to 255"},
      {"conv0", {{0.1F}, {-1}}, ErrorCode::kCorruptData, "has the zero point -1"},
      {"conv0", {{0.1F, 0.2F}, {0, 0}}, ErrorCode::kUnsupported, "has 2 scales"},
      {"image", {{}, {}}, ErrorCode::kCorruptData, "has no scale"},
      {"image", {{0.0F}, {128}}, ErrorCode::kCorruptData, "has the scale 0"},
      {"image", {{0.1F}, {std::numeric_limits<std::int64_t>::max()}}, ErrorCode::kCorruptData, "zero point"},
      {"displacement", {{}, {}}, ErrorCode::kCorruptData, "has no scale"},
      {"dw1/weights", {{}, {}}, ErrorCode::kCorruptData, "has no scale"},
      {"dw1/weights", {{0.0F}, {0}}, ErrorCode::kCorruptData, "has the scale 0"},
      {"dw1/weights", {{0.1F}, {300}}, ErrorCode::kCorruptData, "zero point 300"},
      {"dw1/weights",
       {std::vector<float>(16, 0.1F), std::vector<std::int64_t>(16)},
       ErrorCode::kUnsupported,
       "has 16 scales; expected one for the whole tensor"},
      {"pw3/biases", {{}, {}}, ErrorCode::kCorruptData, "0 scales"},
      {"pw3/biases", {{1.0F}, {0}}, ErrorCode::kCorruptData, "has the scale 1"},
      {"pw3/biases", {{nan}, {0}}, ErrorCode::kCorruptData, "has the scale nan"},
      {"pw3/biases", {{0.0005F}, {1}}, ErrorCode::kCorruptData, "zero point 1"},
  };
  for (const Fault& fault : faults) {
    SCOPED_TRACE(std::string(fault.tensor) + ": " + fault.message);
    EXPECT_THAT(ImportForm({.quantization = {{fault.tensor, fault.written}}}),
                base::FailsWith(fault.code, fault.message));
  }
}

TEST(QuantizedTfliteHostileTest, WrongDecodersAreRefused) {
  const auto expect = [](const std::vector<std::uint8_t>& options, const char* message) {
    EXPECT_THAT(ImportForm({.decoder = options}), base::FailsWith(ErrorCode::kCorruptData, message));
  };
  expect({}, "are not a flexbuffer");
  expect({1, 2, 3}, "are not a");
  expect(DecoderOptions(0, 0.2F, 10.0F, 16), "max_detections is 0");
  expect(DecoderOptions(10, 1.5F, 10.0F, 16), "score_threshold is 1.5");
  expect(DecoderOptions(10, std::numeric_limits<float>::quiet_NaN(), 10.0F, 16), "score_threshold is nan");
  expect(DecoderOptions(10, 0.2F, 0.0F, 16), "nms_radius is 0");
  expect(DecoderOptions(10, 0.2F, 10.0F, 32), "expects an output stride of 32");
  std::vector<std::uint8_t> options = DecoderOptions(10, 0.2F, 10.0F, 16);
  for (std::size_t length = 0; length < options.size(); ++length) {
    EXPECT_FALSE(ImportForm({.decoder = std::vector(options.begin(), options.begin() + static_cast<int>(length))}));
  }
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint8_t> changed = options;
    changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
    (void)ImportForm({.decoder = changed});  // Must not crash.
  }
}

TEST(QuantizedTfliteHostileTest, OtherIntegersAndOperationsAreRefused) {
  EXPECT_THAT(ImportForm({.input_type = tflite::TensorType::INT8}),
              base::FailsWith(ErrorCode::kUnsupported, "values of int8 or int16 are not supported; expected uint8"));
  EXPECT_THAT(ImportForm({.input_type = tflite::TensorType::FLOAT32}),
              base::FailsWith(ErrorCode::kUnsupported, "is quantized but reads floats"));
  EXPECT_THAT(ImportForm({.last_operator = tflite::Operator::MEAN}),
              base::FailsWith(ErrorCode::kUnsupported, "is not supported in uint8"));
  EXPECT_THAT(ImportForm({.input_shape = {1, 65, 97, 4}}), base::FailsWith(ErrorCode::kUnsupported, "is not an image"));
  EXPECT_THAT(ImportForm({.input_shape = {}}), base::FailsWith(ErrorCode::kUnsupported, "is not an image"));
}

TEST(QuantizedTfliteHostileTest, DamagedFilesDoNotCrash) {
  const std::vector<std::byte> bytes =
      WriteQuantizedTflite({.decoder = DecoderOptions(10, 0.2F, 10.0F, 16), .has_dilation_in_batches = true}).bytes;
  std::mt19937 random(5);
  int failures = 0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::byte> changed = bytes;
    for (int k = 0; k < 4; ++k) changed[random() % bytes.size()] = static_cast<std::byte>(random());
    if (!ImportBytes(changed)) ++failures;
  }
  EXPECT_GT(failures, 50);
}

TEST(QuantizedTfliteTest, ImportsCoralsModels) {
  const fs::path folder = fs::path(POSENET_EXTRA_DATA_DIR) / "coral";
  if (!fs::exists(folder)) GTEST_SKIP() << "no models in " << folder;
  int count = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".tflite") continue;
    ++count;
    const auto imported = ImportModel(entry.path());
    ASSERT_THAT(imported, base::Succeeds());
    EXPECT_EQ(imported->spec.name, "mobilenet075-uint8");
    EXPECT_EQ(imported->spec.output_stride, 16);
    EXPECT_EQ(imported->spec.input_width_px, 481);
    EXPECT_EQ(imported->spec.input_height_px, 353);
    ASSERT_TRUE(imported->spec.decoder.has_value());
    EXPECT_EQ(imported->spec.decoder->options.max_poses, 10);
    EXPECT_FLOAT_EQ(imported->spec.decoder->options.score_threshold, 0.2F);
    EXPECT_FLOAT_EQ(imported->spec.decoder->options.nms_radius_px, 10.0F);
  }
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace posenet::importer
