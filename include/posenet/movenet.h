// SPDX-License-Identifier: Apache-2.0
// MoveNet: decoders for the raw outputs of any runtime, and the crop that follows one person through a video. To run a
// MoveNet model on images, use a PoseEstimator (posenet/human.h).
#ifndef POSENET_MOVENET_H_
#define POSENET_MOVENET_H_

#include <optional>
#include <vector>

#include "posenet/decode.h"
#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet {

inline constexpr int kMoveNetStride = 4;  ///< Input pixels per cell of every map.

/// The output maps of a MoveNet before its decoding tail, all `height` x `width` cells. Maps of vectors interleave y
/// and x: channel 2 * part is the y, channel 2 * part + 1 the x of that part, in cells. Non-finite values are harmless:
/// in `center` and `keypoint_heatmap`, infinities saturate and NaN counts as probability 0; in the other maps they
/// count as 0, as do vectors longer than 1e6 cells.
struct MoveNetMaps {
  int height = 0;                    ///< Cells; input height / kMoveNetStride.
  int width = 0;                     ///< Cells; input width / kMoveNetStride.
  MapView center = {};               ///< 1 channel of logits: whether the cell is the center of a person.
  MapView keypoint_heatmap = {};     ///< 17 channels of logits, one per Part.
  MapView keypoint_regression = {};  ///< 34 channels: from the center of a person to each keypoint.
  MapView keypoint_offset = {};      ///< 34 channels: from the cell of a keypoint to the keypoint.
  MapView box_offset = {};           ///< MultiPose: y and x from the center of a person to the center of the box.
  MapView box_scale = {};            ///< MultiPose: height and width of the box, in cells.
};

/// Decodes the maps of MoveNet Lightning and Thunder as their TensorFlow.js graphs do. The person is the best cell of
/// `center` weighted by the distance from the middle of the map; each keypoint is the best cell of its heatmap weighted
/// by the distance from where the person's center expects it, plus the offset there. The pose score is the mean score
/// of the keypoints that score more than 0.2, or 0, as in TensorFlow.js pose-detection. Positions are in pixels of the
/// network's input.
/// Errors: kInvalidArgument for missing maps or invalid sizes.
Result<Pose> DecodeMoveNetSingle(const MoveNetMaps& maps);

/// A rectangle in pixels.
struct BoundingBox {
  float min_x_px = 0.0F;
  float min_y_px = 0.0F;
  float max_x_px = 0.0F;
  float max_y_px = 0.0F;
};

/// A person whose whole body is inside `box_px`.
struct BoxedPose {
  Pose pose;
  BoundingBox box_px;
};

/// Options of DecodeMoveNetMultiple, with the defaults of TensorFlow.js.
struct MoveNetMultiOptions {
  int max_poses = 6;              ///< 1 to kMaxPoses. The graph has 6; more people are found in crowds with more.
  float score_threshold = 0.25F;  ///< In [0, 1]. Poses that score less are dropped.
};

/// Decodes the maps of MoveNet MultiPose as its TensorFlow.js graph does. People are the `max_poses` best local maxima
/// of `center`; each keypoint is the best cell of its heatmap inside the person's box, weighted by a Gaussian around
/// where the center expects it. The pose score is that of the center times the mean of the keypoint scores above 0.127.
/// Poses are in descending order of the center's score. Positions are in pixels of the network's input.
/// Errors: kInvalidArgument for missing maps, invalid sizes or options out of range.
Result<std::vector<BoxedPose>> DecodeMoveNetMultiple(const MoveNetMaps& maps, const MoveNetMultiOptions& options = {});

/// A square part of an image; may extend beyond it.
struct SquareRegion {
  double left_px = 0.0;
  double top_px = 0.0;
  double side_px = 0.0;
};

/// The square in which MoveNet looks for a person in the next frame of a video. Frames are those of one video; for
/// images without relation, use a new object each. Not thread-safe.
/// Source: TensorFlow.js pose-detection, movenet/crop_utils.
class MoveNetCrop {
 public:
  /// The region for a frame of that size: around the person of the last Update; else, after a frame in which the torso
  /// was not visible, the whole image padded to a square; at first and after Reset, the largest central square.
  /// Sides must be at least 1.
  [[nodiscard]] SquareRegion Region(int image_width_px, int image_height_px) const;

  /// Sets the region from `pose`, the person found in a frame of that size, in pixels of the image: centered between
  /// the hips, if a hip and a shoulder score more than 0.2, and 1.9 times the reach of the torso or 1.2 times that of
  /// the confident keypoints, whichever is more; smoothed over time with a gain of 0.9.
  void Update(const Pose& pose, int image_width_px, int image_height_px);

  /// Forgets the person, who was not found.
  void Reset() { edges_norm_.reset(); }

 private:
  /// Fractions of the sides of the image.
  struct Edges {
    double left = 0.0;
    double top = 0.0;
    double right = 0.0;
    double bottom = 0.0;
  };
  std::optional<Edges> edges_norm_;
};

}  // namespace posenet

#endif  // POSENET_MOVENET_H_
