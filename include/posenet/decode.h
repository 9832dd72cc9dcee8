// SPDX-License-Identifier: Apache-2.0
// PoseNet decoders for the raw outputs of any runtime: heatmaps, offsets and displacements in, poses out.
//
//   posenet::PoseMaps maps{.height = 33, .width = 33, .output_stride = 16, .heatmap = {heatmap}, .offsets = {offsets},
//                          .displacement_fwd = {fwd}, .displacement_bwd = {bwd}};
//   auto poses = posenet::DecodeMultiplePoses(maps);
//
// The functions are pure and thread-safe.
#ifndef POSENET_DECODE_H_
#define POSENET_DECODE_H_

#include <vector>

#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet {

/// One output map of the network, row-major with interleaved channels: channel `c` of cell (x, y) is
/// `data[(y * width + x) * pixel_stride + c]`. Owned by the caller.
struct MapView {
  const float* data = nullptr;
  int pixel_stride = 0;  ///< Floats from one cell to the next; 0 means the number of channels of the map.
};

/// Whether the sigmoid has been applied to a heatmap.
enum class HeatmapKind { kLogits, kProbabilities };

/// The four output maps of a PoseNet, all `height` x `width` cells. Vectors are in pixels of the network's input, with
/// the y channels before the x channels. Non-finite values are harmless: in a heatmap, infinities saturate and NaN
/// counts as probability 0; in the other maps they count as 0, as do vectors longer than 1e6 px.
struct PoseMaps {
  int height = 0;         ///< Cells; (input height - 1) / output_stride + 1.
  int width = 0;          ///< Cells; (input width - 1) / output_stride + 1.
  int output_stride = 0;  ///< Input pixels per cell: 8, 16 or 32.
  HeatmapKind heatmap_kind = HeatmapKind::kLogits;
  MapView heatmap = {};           ///< 17 channels, one per Part.
  MapView offsets = {};           ///< 34 channels: 17 y, then 17 x; from the cell's origin to the keypoint.
  MapView displacement_fwd = {};  ///< 32 channels: 16 y, then 16 x; from parent to child along kPoseChain.
  MapView displacement_bwd = {};  ///< 32 channels: 16 y, then 16 x; from child to parent along kPoseChain.
};

inline constexpr int kMaxPoses = 10'000;  ///< Largest MultiPoseOptions::max_poses.

/// Options of the multi-person decoders, with the defaults of TensorFlow.js. DefaultMultiPoseOptions has those of each
/// decoder.
struct MultiPoseOptions {
  int max_poses = 5;             ///< 1 to kMaxPoses. Free beyond the number of people in the image.
  float score_threshold = 0.5F;  ///< In [0, 1]; of root keypoints, or of poses, depending on the decoder.
  float nms_radius_px = 20.0F;   ///< Radius of non-maximum suppression; above 0, in pixels of the network's input.
};

/// The default options of DecodeMultiplePosesHough. Its threshold applies to whole poses: a person with half of the
/// keypoints in view scores about 0.2 to 0.5, and 0.1 is two clear keypoints of 17.
inline constexpr MultiPoseOptions kHoughDefaults = {.max_poses = 20, .score_threshold = 0.1F, .nms_radius_px = 10.0F};

/// The algorithm that turns the maps into poses.
enum class PoseDecoder {
  kTfjsSingle,       ///< DecodeSinglePose: one person, the fastest.
  kTfjsMultiple,     ///< DecodeMultiplePoses.
  kCoral,            ///< DecodeMultiplePosesCoral.
  kHough,            ///< DecodeMultiplePosesHough: the most accurate.
  kMoveNetSingle,    ///< DecodeMoveNetSingle (posenet/movenet.h), for MoveNet models.
  kMoveNetMultiple,  ///< DecodeMoveNetMultiple (posenet/movenet.h), for MoveNet MultiPose.
};

/// The default options of a decoder; those of single-person decoders have no effect.
constexpr MultiPoseOptions DefaultMultiPoseOptions(PoseDecoder decoder) {
  if (decoder == PoseDecoder::kHough) return kHoughDefaults;
  if (decoder == PoseDecoder::kMoveNetMultiple) return {.max_poses = 6, .score_threshold = 0.25F};
  return {};
}

/// Decodes a single person: for each part, the best cell of its heatmap plus the offset there. The pose score is the
/// mean of the 17 keypoint scores. With several people in view, parts of different people may be mixed. Does not use
/// displacements. Positions are in pixels of the network's input.
/// Errors: kInvalidArgument for missing maps or invalid sizes.
/// Source: TensorFlow.js PoseNet, single_pose.
Result<Pose> DecodeSinglePose(const PoseMaps& maps);

/// Decodes every person as TensorFlow.js PoseNet does. Local maxima of the heatmaps above `score_threshold` are visited
/// in descending order of score. Each one outside the NMS radius of the same part of all accepted poses becomes the
/// root of a new pose, whose other parts are found along the displacements with two offset refinements. The pose score
/// counts only keypoints that no earlier pose covers. Poses are returned in the order in which they were found.
/// Positions are in pixels of the network's input.
/// Errors: kInvalidArgument for missing maps, invalid sizes or options out of range.
/// Source: TensorFlow.js PoseNet, multi_pose; PersonLab (Papandreou et al. 2018), section 3.
Result<std::vector<Pose>> DecodeMultiplePoses(const PoseMaps& maps, const MultiPoseOptions& options = {});

/// Decodes every person as the PoseNet decoder of Google Coral does: bilinear sampling, best-first traversal of the
/// whole part graph, five refinement steps and soft keypoint NMS between poses. `score_threshold` applies to the root
/// and to the final pose score, which orders the result. Coral's own models embed max_poses 10, score_threshold 0.2 and
/// nms_radius_px 10. Positions are in pixels of the network's input.
/// Errors: kInvalidArgument for missing maps, invalid sizes or options out of range.
/// Source: libcoral, pose_estimation/posenet_decoder.
Result<std::vector<Pose>> DecodeMultiplePosesCoral(const PoseMaps& maps, const MultiPoseOptions& options = {});

/// Decodes every person by Hough voting, as PersonLab does. Each cell where a part is likely votes for the position
/// that its offset leads to. Maxima of the votes of all parts, in descending order, that are outside the NMS radius of
/// the same part of all accepted poses become roots of poses. Their other parts are found along the displacements, with
/// two offset refinements, and moved to the nearest mode of the votes (mean shift). The pose score is the mean expected
/// OKS (object keypoint similarity) of its parts: for each, the probability that it is visible times the agreement of
/// its votes, within the tolerance for a person of that size; 0 for parts within the NMS radius of the same part of a
/// better pose. `score_threshold` applies to the pose score, which orders the result. The score of a keypoint is the
/// heatmap's probability at its position. More accurate than the other decoders: most keypoints are means of a dozen
/// votes. Positions are in pixels of the network's input.
/// Errors: kInvalidArgument for missing maps, invalid sizes or options out of range.
/// Source: PersonLab (Papandreou et al. 2018), sections 3.2 and 3.3.
Result<std::vector<Pose>> DecodeMultiplePosesHough(const PoseMaps& maps,
                                                   const MultiPoseOptions& options = kHoughDefaults);

}  // namespace posenet

#endif  // POSENET_DECODE_H_
