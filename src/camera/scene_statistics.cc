// SPDX-License-Identifier: Apache-2.0
#include "camera/scene_statistics.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "base/strings.h"

namespace posenet::camera {
namespace {

struct Box {
  Vector3 low;
  Vector3 high;
};

Box BoxAround(std::span<const RigidPose> poses) {
  Box box = {poses.front().translation_m, poses.front().translation_m};
  for (const RigidPose& pose : poses) {
    const Vector3& c = pose.translation_m;
    box.low = {std::min(box.low.x, c.x), std::min(box.low.y, c.y), std::min(box.low.z, c.z)};
    box.high = {std::max(box.high.x, c.x), std::max(box.high.y, c.y), std::max(box.high.z, c.z)};
  }
  return box;
}

std::vector<RigidPose> AllPoses(const Scene& scene) {
  std::vector<RigidPose> poses;
  for (const Frame& frame : scene.frames) poses.push_back(frame.world_from_cam);
  return poses;
}

// The motion to a frame from the frame before it in the same sequence.
struct FrameMotion {
  const Frame* frame;
  PoseError size;
};

std::vector<FrameMotion> MotionsOf(const Scene& scene) {
  std::vector<FrameMotion> motions;
  for (std::size_t i = 1; i < scene.frames.size(); ++i) {
    const Frame& before = scene.frames[i - 1];
    const Frame& frame = scene.frames[i];
    if (frame.sequence == before.sequence) {
      motions.push_back({&frame, ErrorOf(before.world_from_cam, frame.world_from_cam)});
    }
  }
  return motions;
}

StepStatistics DescribeMotions(const std::vector<FrameMotion>& motions) {
  std::vector<PoseError> sizes;
  sizes.reserve(motions.size());
  for (const FrameMotion& motion : motions) sizes.push_back(motion.size);
  return {.count = sizes.size(),
          .median = QuantileOf(sizes, 0.5),
          .percentile_90 = QuantileOf(sizes, 0.9),
          .largest = QuantileOf(sizes, 1.0)};
}

std::vector<SequenceStatistics> DescribeSequences(const Scene& scene, const std::vector<FrameMotion>& motions) {
  std::vector<SequenceStatistics> sequences;
  for (const Frame& frame : scene.frames) {
    if (sequences.empty() || sequences.back().name != frame.sequence) sequences.push_back({.name = frame.sequence});
    ++(frame.split == Split::kTrain ? sequences.back().train_count : sequences.back().test_count);
  }
  for (const FrameMotion& motion : motions) {
    std::ranges::find(sequences, motion.frame->sequence, &SequenceStatistics::name)->path_m += motion.size.position_m;
  }
  return sequences;
}

OverlapStatistics DescribeOverlap(const Scene& scene, std::span<const RigidPose> training) {
  OverlapStatistics overlap = {.scale = NearnessScaleOf(scene)};
  const std::vector<RigidPose> test = PosesOf(scene, Split::kTest);
  const std::vector<PoseError> nearest = OracleRetrievalErrors(training, test, overlap.scale);
  overlap.median = QuantileOf(nearest, 0.5);
  overlap.percentile_90 = QuantileOf(nearest, 0.9);
  const auto near_count = std::ranges::count_if(nearest, [&](const PoseError& error) {
    return error.position_m <= overlap.scale.position_m && error.rotation_deg <= overlap.scale.rotation_deg;
  });
  overlap.near_share = static_cast<double>(near_count) / static_cast<double>(nearest.size());
  overlap.outside_count = static_cast<std::size_t>(
      std::ranges::count_if(test, [&](const RigidPose& pose) { return IsOutside(pose, training, overlap.scale); }));
  return overlap;
}

// Frames with the same problem, for one warning.
struct Finding {
  std::size_t count = 0;
  const Frame* first = nullptr;

  void Add(const Frame& frame) {
    if (count++ == 0) first = &frame;
  }
};

std::string FirstOf(const Finding& finding) {
  return base::StrCat("; the first is '", base::Printable(finding.first->name), "' (", finding.first->origin, ")");
}

void WarnOfRotations(const Scene& scene, std::vector<std::string>& warnings) {
  constexpr std::array kDefects = {
      std::pair{RotationDefect::kLeftHanded, "; no camera is mirrored: the axes are not those of the format"},
      std::pair{RotationDefect::kNotOrthogonal, "; replaced by the nearest rotation"},
      std::pair{RotationDefect::kScaled, "; the scale was removed from the rotation, centers are unchanged"},
      std::pair{RotationDefect::kNotUnit, "; normalized"},
  };
  for (const auto& [defect, consequence] : kDefects) {
    Finding finding;
    for (const Frame& frame : scene.frames) {
      if (frame.defect == defect) finding.Add(frame);
    }
    if (finding.count == 0) continue;
    warnings.push_back(base::StrCat(finding.count, finding.count == 1 ? " frame has " : " frames have ",
                                    DefectName(defect), " (", finding.first->defect_amount, ")", FirstOf(finding),
                                    consequence));
  }
}

// Frames with exactly the pose of another: copies, or a tracker that was stuck while the camera moved.
void WarnOfDuplicates(const Scene& scene, std::vector<std::string>& warnings) {
  using Key = std::array<double, 7>;
  std::map<Key, const Frame*> seen;
  Finding finding;
  const Frame* original = nullptr;
  for (const Frame& frame : scene.frames) {
    const Quaternion& q = frame.world_from_cam.rotation;
    const Vector3& c = frame.world_from_cam.translation_m;
    const auto [first, is_new] = seen.emplace(Key{q.w, q.x, q.y, q.z, c.x, c.y, c.z}, &frame);
    if (is_new) continue;
    if (finding.count == 0) original = first->second;
    finding.Add(frame);
  }
  if (finding.count == 0) return;
  warnings.push_back(base::StrCat(finding.count, finding.count == 1 ? " frame has" : " frames have",
                                  " exactly the pose of another", FirstOf(finding), ", the same as '",
                                  base::Printable(original->name), "'"));
}

// Outliers among the steps of a recording: lost tracking, or photos in the wrong order. In unordered photo collections
// all steps are large, and there are no outliers.
void WarnOfJumps(const std::vector<FrameMotion>& motions, const SceneStatistics& statistics,
                 std::vector<std::string>& warnings) {
  constexpr double kTimesMedian = 10.0;
  constexpr double kShareOfExtent = 0.05;
  constexpr double kMinTurnDeg = 20.0;
  Finding finding;
  PoseError largest;
  for (const FrameMotion& motion : motions) {
    const bool is_far = motion.size.position_m > kTimesMedian * statistics.steps.median.position_m &&
                        motion.size.position_m > kShareOfExtent * statistics.extent_m;
    const bool is_turned = motion.size.rotation_deg > kTimesMedian * statistics.steps.median.rotation_deg &&
                           motion.size.rotation_deg > kMinTurnDeg;
    if (!is_far && !is_turned) continue;
    if (finding.count == 0) largest = motion.size;
    finding.Add(*motion.frame);
  }
  if (finding.count == 0) return;
  warnings.push_back(base::StrCat(finding.count, finding.count == 1 ? " jump" : " jumps",
                                  " within a sequence, more than ten times the median step", FirstOf(finding), ", ",
                                  largest.position_m, " and ", largest.rotation_deg, " deg from the frame before"));
}

void WarnOfOutside(const Scene& scene, std::span<const RigidPose> training, const SceneStatistics& statistics,
                   std::vector<std::string>& warnings) {
  if (statistics.overlap.outside_count == 0) return;
  const auto outside = std::ranges::find_if(scene.frames, [&](const Frame& frame) {
    return frame.split == Split::kTest && IsOutside(frame.world_from_cam, training, statistics.overlap.scale);
  });
  warnings.push_back(
      base::StrCat(statistics.overlap.outside_count, " of ", statistics.test_count,
                   " test frames are outside the trained area, where pose regression fails; the first is '",
                   base::Printable(outside->name), "' (", outside->origin, ")"));
}

}  // namespace

bool IsOutside(const RigidPose& pose, std::span<const RigidPose> training, const NearnessScale& scale) {
  constexpr double kMaxTurnDeg = 45.0;
  constexpr double kMarginShare = 0.1;
  const Box box = BoxAround(training);
  const double margin = kMarginShare * Norm(box.high - box.low);
  const Vector3& c = pose.translation_m;
  const bool is_in_box = c.x >= box.low.x - margin && c.x <= box.high.x + margin && c.y >= box.low.y - margin &&
                         c.y <= box.high.y + margin && c.z >= box.low.z - margin && c.z <= box.high.z + margin;
  if (!is_in_box) return true;
  return AngleBetweenDeg(pose.rotation, training[NearestPose(pose, training, scale)].rotation) > kMaxTurnDeg;
}

SceneStatistics Describe(const Scene& scene) {
  const std::vector<RigidPose> training = PosesOf(scene, Split::kTrain);
  const std::vector<RigidPose> test = PosesOf(scene, Split::kTest);
  const std::vector<FrameMotion> motions = MotionsOf(scene);
  const Box box = BoxAround(AllPoses(scene));
  SceneStatistics statistics;
  statistics.train_count = training.size();
  statistics.test_count = test.size();
  statistics.sequences = DescribeSequences(scene, motions);
  statistics.low_m = box.low;
  statistics.high_m = box.high;
  statistics.extent_m = Norm(box.high - box.low);
  for (const SequenceStatistics& sequence : statistics.sequences) statistics.path_m += sequence.path_m;
  statistics.steps = DescribeMotions(motions);
  statistics.overlap = DescribeOverlap(scene, training);
  statistics.constant = Summarize(ConstantErrors(training, test));
  statistics.oracle = Summarize(OracleRetrievalErrors(training, test, statistics.overlap.scale));
  WarnOfRotations(scene, statistics.warnings);
  WarnOfDuplicates(scene, statistics.warnings);
  WarnOfJumps(motions, statistics, statistics.warnings);
  WarnOfOutside(scene, training, statistics, statistics.warnings);
  return statistics;
}

}  // namespace posenet::camera
