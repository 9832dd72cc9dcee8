// SPDX-License-Identifier: Apache-2.0
// PoseNet's decoders, for the raw outputs of any runtime: heatmaps, offsets and displacements in, poses out.
#ifndef POSENET_DECODE_H_
#define POSENET_DECODE_H_

#include <vector>

#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet {

/// One output map of the network, row-major: channel `c` of cell (x, y) is
/// `data[(y * width + x) * pixel_stride + c]`. Owned by the caller.
struct MapView {
  const float* data = nullptr;
  int pixel_stride = 0;  ///< Floats from one cell to the next; 0 means the map's own channel count.
};

/// Whether a heatmap still needs the sigmoid.
enum class HeatmapKind { kLogits, kProbabilities };

/// The four output maps of a PoseNet, all `height` x `width` cells, in the units of the network:
/// pixels of the network's input image, y channels before x channels. Values that are not finite do no harm: in a
/// heatmap they count as certain or impossible (NaN), in the other maps, like lengths above 1e6 px, as 0.
struct PoseMaps {
  int height = 0;         ///< Cells; (input height - 1) / output_stride + 1.
  int width = 0;          ///< Cells; (input width - 1) / output_stride + 1.
  int output_stride = 0;  ///< Input pixels from one cell to the next: 8, 16 or 32.
  HeatmapKind heatmap_kind = HeatmapKind::kLogits;
  MapView heatmap = {};           ///< 17 channels, one a Part.
  MapView offsets = {};           ///< 34 channels: 17 y, then 17 x; from the cell's corner to the keypoint.
  MapView displacement_fwd = {};  ///< 32 channels: 16 y, then 16 x; parent to child along kPoseChain.
  MapView displacement_bwd = {};  ///< 32 channels: 16 y, then 16 x; child to parent along kPoseChain.
};

/// Options of the multi-person decoders, with TensorFlow.js' defaults.
struct MultiPoseOptions {
  int max_poses = 5;             ///< At least 1; costs nothing beyond the poses there are.
  float score_threshold = 0.5F;  ///< In [0, 1].
  float nms_radius_px = 20.0F;   ///< Above 0; pixels of the network's input.
};

/// How the network's maps become poses.
enum class PoseDecoder {
  kTfjsSingle,    ///< DecodeSinglePose: one person, the fastest.
  kTfjsMultiple,  ///< DecodeMultiplePoses.
  kCoral,         ///< DecodeMultiplePosesCoral.
};

/// Decodes the one person of an image: for each part the best cell of its heatmap, plus the offset there. The pose
/// score is the mean of the 17 scores. With several people in view, parts of different people may be mixed.
/// Needs no displacements. Positions are in pixels of the network's input.
/// Errors: kInvalidArgument for missing maps or impossible sizes.
/// Source: TensorFlow.js PoseNet, single_pose.
Result<Pose> DecodeSinglePose(const PoseMaps& maps);

/// Decodes every person as TensorFlow.js PoseNet does: local maxima of the heatmaps above `score_threshold` are
/// visited best first, each one outside the NMS radius of the same part of an accepted pose becomes the root of a new
/// pose, whose other parts are found along the displacements with two offset refinements. The pose score counts only
/// parts that no earlier pose covers. Poses come in the order they were found. Positions are in pixels of the
/// network's input.
/// Errors: kInvalidArgument for missing maps, impossible sizes or options out of range.
/// Source: TensorFlow.js PoseNet, multi_pose; PersonLab (Papandreou et al. 2018), section 3.
Result<std::vector<Pose>> DecodeMultiplePoses(const PoseMaps& maps, const MultiPoseOptions& options = {});

/// Decodes every person as Google Coral's PoseNet decoder does: bilinear sampling, best-first traversal over the whole
/// part graph, five refinement steps, soft keypoint NMS between poses; `score_threshold` applies to the root and to the
/// final pose score, which orders the result. Coral's own models embed max_poses 10, score_threshold 0.2 and
/// nms_radius_px 10.
/// Errors: kInvalidArgument for missing maps, impossible sizes or options out of range.
/// Source: libcoral, pose_estimation/posenet_decoder.
Result<std::vector<Pose>> DecodeMultiplePosesCoral(const PoseMaps& maps, const MultiPoseOptions& options = {});

}  // namespace posenet

#endif  // POSENET_DECODE_H_
