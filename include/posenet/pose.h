// SPDX-License-Identifier: Apache-2.0
// Human poses: the 17 COCO keypoints, their names and the skeleton.
#ifndef POSENET_POSE_H_
#define POSENET_POSE_H_

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace posenet {

/// The 17 body parts in COCO's order, which is also the channel order of PoseNet's heatmaps. Left and right are those
/// of the person, not of the image.
enum class Part : int {
  kNose,
  kLeftEye,
  kRightEye,
  kLeftEar,
  kRightEar,
  kLeftShoulder,
  kRightShoulder,
  kLeftElbow,
  kRightElbow,
  kLeftWrist,
  kRightWrist,
  kLeftHip,
  kRightHip,
  kLeftKnee,
  kRightKnee,
  kLeftAnkle,
  kRightAnkle,
};

inline constexpr int kPartCount = 17;

/// Names as in TensorFlow.js PoseNet, indexed by Part.
inline constexpr std::array<std::string_view, kPartCount> kPartNames = {
    "nose",          "leftEye",   "rightEye",   "leftEar",   "rightEar",   "leftShoulder",
    "rightShoulder", "leftElbow", "rightElbow", "leftWrist", "rightWrist", "leftHip",
    "rightHip",      "leftKnee",  "rightKnee",  "leftAnkle", "rightAnkle"};

/// The name of `part`, such as "leftEye".
constexpr std::string_view PartName(Part part) { return kPartNames[static_cast<std::size_t>(part)]; }

/// A directed edge between two parts.
using PartPair = std::pair<Part, Part>;

/// The tree of displacement edges, rooted at the nose, each edge from parent to child. Edge `e` uses channels e (y) and
/// 16 + e (x) of the displacement maps (PersonLab, Papandreou et al. 2018, section 3.1).
inline constexpr std::array<PartPair, 16> kPoseChain = {{
    {Part::kNose, Part::kLeftEye},
    {Part::kLeftEye, Part::kLeftEar},
    {Part::kNose, Part::kRightEye},
    {Part::kRightEye, Part::kRightEar},
    {Part::kNose, Part::kLeftShoulder},
    {Part::kLeftShoulder, Part::kLeftElbow},
    {Part::kLeftElbow, Part::kLeftWrist},
    {Part::kLeftShoulder, Part::kLeftHip},
    {Part::kLeftHip, Part::kLeftKnee},
    {Part::kLeftKnee, Part::kLeftAnkle},
    {Part::kNose, Part::kRightShoulder},
    {Part::kRightShoulder, Part::kRightElbow},
    {Part::kRightElbow, Part::kRightWrist},
    {Part::kRightShoulder, Part::kRightHip},
    {Part::kRightHip, Part::kRightKnee},
    {Part::kRightKnee, Part::kRightAnkle},
}};

/// The edges to draw as a skeleton: arms, legs and torso, without the face.
inline constexpr std::array<PartPair, 12> kSkeleton = {{
    {Part::kLeftHip, Part::kLeftShoulder},
    {Part::kLeftElbow, Part::kLeftShoulder},
    {Part::kLeftElbow, Part::kLeftWrist},
    {Part::kLeftHip, Part::kLeftKnee},
    {Part::kLeftKnee, Part::kLeftAnkle},
    {Part::kRightHip, Part::kRightShoulder},
    {Part::kRightElbow, Part::kRightShoulder},
    {Part::kRightElbow, Part::kRightWrist},
    {Part::kRightHip, Part::kRightKnee},
    {Part::kRightKnee, Part::kRightAnkle},
    {Part::kLeftShoulder, Part::kRightShoulder},
    {Part::kLeftHip, Part::kRightHip},
}};

/// A position in pixels, x right and y down; the center of the top-left pixel is (0, 0).
struct Point {
  float x = 0.0F;
  float y = 0.0F;
};

/// The position of one body part. Every part gets a position, even if it is occluded or outside the image; a low score
/// marks it as unreliable.
struct Keypoint {
  Point position_px = {};
  float score = 0.0F;  ///< Confidence in [0, 1].
};

/// One person. `keypoints` is indexed by Part.
struct Pose {
  float score = 0.0F;  ///< Confidence in [0, 1] that this is a person.
  std::array<Keypoint, kPartCount> keypoints = {};

  [[nodiscard]] const Keypoint& operator[](Part part) const { return keypoints[static_cast<std::size_t>(part)]; }
  [[nodiscard]] Keypoint& operator[](Part part) { return keypoints[static_cast<std::size_t>(part)]; }
};

}  // namespace posenet

#endif  // POSENET_POSE_H_
