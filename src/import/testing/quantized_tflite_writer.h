// SPDX-License-Identifier: Apache-2.0
// Writes small uint8 TFLite models.
#ifndef POSENET_IMPORT_TESTING_QUANTIZED_TFLITE_WRITER_H_
#define POSENET_IMPORT_TESTING_QUANTIZED_TFLITE_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/model_spec.h"
#include "tflite_generated.h"

namespace posenet::importer {

/// The quantization of a tensor in a file.
struct WrittenQuantization {
  std::vector<float> scales;
  std::vector<std::int64_t> zero_points;
};

struct QuantizedForm {
  std::vector<std::int32_t> input_shape = {1, 65, 97, 3};
  tflite::TensorType input_type = tflite::TensorType::UINT8;
  /// Replaces the valid quantization, by tensor name: "image", "conv0", "conv0/weights", "conv0/biases", "dw1", "dw2",
  /// "pw3", "heatmap", "offset", "fwd", "bwd", "displacement", and the "/weights" and "/biases" of each.
  std::map<std::string, WrittenQuantization> quantization = {};
  /// The custom options of a PosenetDecoderOp after the maps; without a value there is none.
  std::optional<std::vector<std::uint8_t>> decoder = {};
  bool has_dilation_in_batches = false;                ///< dw2 by SPACE_TO_BATCH_ND.
  std::optional<tflite::Operator> last_operator = {};  ///< Replaces the concatenation.
};

struct QuantizedTflite {
  std::vector<std::byte> bytes;
  model::LoadedModel model;  ///< The expected network and its weights.
};

/// A PoseNet of output stride 16 with random weights: a convolution, two depthwise ones (one dilated, one of two
/// results for each channel), a pointwise one, four heads, of which two are concatenated.
QuantizedTflite WriteQuantizedTflite(const QuantizedForm& form = {});

/// Custom options as in Coral's models.
std::vector<std::uint8_t> DecoderOptions(int max_detections, float score_threshold, float nms_radius, int stride);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_TESTING_QUANTIZED_TFLITE_WRITER_H_
