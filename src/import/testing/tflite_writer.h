// SPDX-License-Identifier: Apache-2.0
// Writes TFLite models.
#ifndef POSENET_IMPORT_TESTING_TFLITE_WRITER_H_
#define POSENET_IMPORT_TESTING_TFLITE_WRITER_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "model/model_spec.h"
#include "tflite_generated.h"

namespace posenet::importer {

enum class TfliteStorage { kFloat32, kFloat16 };
enum class TfliteDilation { kAttribute, kSpaceToBatch };

struct TfliteForm {
  TfliteStorage storage = TfliteStorage::kFloat32;
  TfliteDilation dilation = TfliteDilation::kAttribute;
  int size = 33;  // Of the image, for SPACE_TO_BATCH_ND's paddings.
  // Names of the outputs by role; by default the role itself.
  std::map<std::string, std::string> output_names = {};
  tflite::TensorType input_type = tflite::TensorType::FLOAT32;
};

/// `model` as the bytes of a TFLite file: explicit padding by PAD, activations fused if TFLite supports it.
std::vector<std::byte> ToTflite(const model::LoadedModel& model, const TfliteForm& form = {});

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TESTING_TFLITE_WRITER_H_
