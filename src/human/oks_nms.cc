// SPDX-License-Identifier: Apache-2.0
#include "human/oks_nms.h"

#include <algorithm>
#include <cstddef>

#include "human/body.h"

namespace posenet::human {
namespace {

/// A pose that may be kept, and its bounding box.
struct Candidate {
  const Pose* pose = nullptr;
  body::Box box_px;
};

bool AreSimilar(const OksNmsOptions& options, const Candidate& better, const Candidate& pose) {
  // Most pairs of people in a crowd are far apart. The margin is that of a hip, the most tolerant keypoint, at a
  // similarity of 0.01.
  const double size_px = std::max(body::SizeOf(better.box_px), body::SizeOf(pose.box_px));
  const double margin_px = 0.65 * size_px;
  const body::Box& a = better.box_px;
  const body::Box& b = pose.box_px;
  if (a.min_x_px > b.max_x_px + margin_px || b.min_x_px > a.max_x_px + margin_px ||
      a.min_y_px > b.max_y_px + margin_px || b.min_y_px > a.max_y_px + margin_px) {
    return false;
  }
  return body::KeypointSimilarity(*better.pose, *pose.pose, size_px, options.min_keypoint_score) >
         options.max_similarity;
}

}  // namespace

void SuppressSimilar(const OksNmsOptions& options, std::pmr::memory_resource& memory, std::vector<Pose>& poses) {
  const std::pmr::vector<Pose> all(poses.begin(), poses.end(), &memory);
  std::pmr::vector<Candidate> order(&memory);
  order.reserve(all.size());
  for (const Pose& pose : all)
    order.push_back({.pose = &pose, .box_px = body::BoxOf(pose, options.min_keypoint_score)});
  std::sort(order.begin(), order.end(), [](const Candidate& a, const Candidate& b) {
    return a.pose->score != b.pose->score ? a.pose->score > b.pose->score : a.pose < b.pose;
  });
  std::pmr::vector<Candidate> kept(&memory);
  for (const Candidate& candidate : order) {
    const bool is_duplicate = std::any_of(
        kept.begin(), kept.end(), [&](const Candidate& better) { return AreSimilar(options, better, candidate); });
    if (!is_duplicate) kept.push_back(candidate);
  }
  poses.clear();
  for (const Candidate& candidate : kept) poses.push_back(*candidate.pose);
}

}  // namespace posenet::human
