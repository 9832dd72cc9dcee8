// SPDX-License-Identifier: Apache-2.0
#include "import/coral_decoder.h"

#include <flatbuffers/flexbuffers.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/error.h"

namespace posenet::importer {
namespace {

constexpr std::size_t kMaxOptionBytes = std::size_t{1} << 16;  // Coral's have 165.
constexpr double kMaxDetections = kMaxPoses;
constexpr double kMaxDecoderStride = 1 << 15;
constexpr double kMaxRadiusPx = 1e6;

// The number called `key`, from `min` to `max`.
Result<double> NumberIn(const flexbuffers::Map& map, const char* key, double min, double max) {
  const flexbuffers::Reference value = map[key];
  if (!value.IsNumeric()) return base::Fail(ErrorCode::kCorruptData, "its custom options have no number ", key);
  const double number = value.AsDouble();
  if (!(number >= min && number <= max)) {
    return base::Fail(ErrorCode::kCorruptData, key, " is ", number, "; expected ", min, " to ", max);
  }
  return number;
}

}  // namespace

Result<EmbeddedDecoder> ReadCoralDecoder(std::span<const std::byte> custom_options) {
  // A copy, because flexbuffers must be aligned.
  std::vector<std::uint8_t> bytes(custom_options.size());
  if (!bytes.empty()) std::memcpy(bytes.data(), custom_options.data(), bytes.size());
  std::vector<std::uint8_t> reuse_tracker;
  if (bytes.empty() || bytes.size() > kMaxOptionBytes ||
      !flexbuffers::VerifyBuffer(bytes.data(), bytes.size(), &reuse_tracker)) {
    return base::Fail(ErrorCode::kCorruptData, "its custom options are not a flexbuffer");
  }
  const flexbuffers::Reference root = flexbuffers::GetRoot(bytes.data(), bytes.size());
  if (!root.IsMap()) return base::Fail(ErrorCode::kCorruptData, "its custom options are not a map");
  const flexbuffers::Map map = root.AsMap();
  POSENET_ASSIGN_OR_RETURN(const double max_poses, NumberIn(map, "max_detections", 1.0, kMaxDetections));
  POSENET_ASSIGN_OR_RETURN(const double score_threshold, NumberIn(map, "score_threshold", 0.0, 1.0));
  POSENET_ASSIGN_OR_RETURN(const double nms_radius, NumberIn(map, "nms_radius", 1e-6, kMaxRadiusPx));
  POSENET_ASSIGN_OR_RETURN(const double stride, NumberIn(map, "stride", 1.0, kMaxDecoderStride));
  return EmbeddedDecoder{.spec = {.decoder = PoseDecoder::kCoral,
                                  .options = {.max_poses = static_cast<int>(max_poses),
                                              .score_threshold = static_cast<float>(score_threshold),
                                              .nms_radius_px = static_cast<float>(nms_radius)}},
                         .output_stride = static_cast<int>(stride)};
}

model::DecoderSpec DefaultCoralDecoder() {
  return {.decoder = PoseDecoder::kCoral,
          .options = {.max_poses = 10, .score_threshold = 0.2F, .nms_radius_px = 10.0F}};
}

}  // namespace posenet::importer
