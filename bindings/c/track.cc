// SPDX-License-Identifier: Apache-2.0
// Trackers and smoothers.
#include "posenet/track.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "errors.h"
#include "posenet/c/track.h"
#include "posenet/pose.h"
#include "poses.h"
#include "structs.h"
#include "tracker_options.h"

struct posenet_tracker {
  posenet::PoseTracker tracker;
  std::vector<posenet::Pose> poses = {};  // Of the last frame.
};

struct posenet_smoother {
  posenet::PoseSmoother smoother;
  std::vector<posenet::Pose> poses = {};  // Of the last frame, as are the IDs.
  std::vector<std::int64_t> ids = {};
};

namespace posenet::c {
namespace {

static_assert(POSENET_SIMILARITY_KEYPOINTS == static_cast<int>(TrackSimilarity::kKeypoints));
static_assert(POSENET_SIMILARITY_BOX == static_cast<int>(TrackSimilarity::kBox));

posenet_tracker_options TrackerDefaults() {
  const PoseTrackerOptions defaults;
  return {.struct_size = sizeof(posenet_tracker_options),
          .similarity = static_cast<posenet_track_similarity>(defaults.similarity),
          .max_tracks = defaults.max_tracks,
          .max_age_ms = defaults.max_age_ms,
          .min_keypoint_score = defaults.min_keypoint_score,
          .min_new_score = defaults.min_new_score};
}

posenet_smoother_options SmootherDefaults() {
  const PoseSmootherOptions defaults;
  return {.struct_size = sizeof(posenet_smoother_options),
          .min_cutoff_hz = defaults.min_cutoff_hz,
          .beta = defaults.beta,
          .derivative_cutoff_hz = defaults.derivative_cutoff_hz,
          .noise = defaults.noise,
          .max_age_ms = defaults.max_age_ms};
}

Result<PoseSmootherOptions> ToSmootherOptions(const posenet_smoother_options* options) {
  if (options == nullptr) return PoseSmootherOptions();
  POSENET_ASSIGN_OR_RETURN(const auto given, Read(options, "posenet_smoother_options", SmootherDefaults()));
  return PoseSmootherOptions{.min_cutoff_hz = given.min_cutoff_hz,
                             .beta = given.beta,
                             .derivative_cutoff_hz = given.derivative_cutoff_hz,
                             .noise = given.noise,
                             .max_age_ms = given.max_age_ms};
}

posenet_track FromPrediction(const TrackPrediction& prediction) {
  posenet_track track = {.id = prediction.id,
                         .missed_s = prediction.missed_s,
                         .is_confirmed = prediction.is_confirmed ? 1 : 0,
                         .pose = {}};
  static_assert(kSameBytes<posenet_pose, Pose>);
  std::memcpy(&track.pose, &prediction.pose, sizeof(track.pose));
  return track;
}

}  // namespace

Result<PoseTrackerOptions> ToTrackerOptions(const posenet_tracker_options* options) {
  if (options == nullptr) return PoseTrackerOptions();
  POSENET_ASSIGN_OR_RETURN(const auto given, Read(options, "posenet_tracker_options", TrackerDefaults()));
  POSENET_ASSIGN_OR_RETURN(const auto similarity, ToEnum(given.similarity, TrackSimilarity::kBox, "similarity"));
  return PoseTrackerOptions{.similarity = similarity,
                            .max_tracks = given.max_tracks,
                            .max_age_ms = given.max_age_ms,
                            .min_keypoint_score = given.min_keypoint_score,
                            .min_new_score = given.min_new_score};
}

}  // namespace posenet::c

using posenet::Result;
using posenet::c::CheckInputArray;
using posenet::c::CheckNotNull;
using posenet::c::CheckOutputArray;
using posenet::c::Guard;

posenet_status posenet_tracker_options_init(posenet_tracker_options* options, size_t struct_size) {
  return posenet::c::Init(options, struct_size, "posenet_tracker_options", posenet::c::TrackerDefaults());
}

posenet_status posenet_tracker_create(const posenet_tracker_options* options, posenet_tracker** tracker,
                                      posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(tracker, "tracker"));
    *tracker = nullptr;
    POSENET_ASSIGN_OR_RETURN(const posenet::PoseTrackerOptions wanted, posenet::c::ToTrackerOptions(options));
    POSENET_ASSIGN_OR_RETURN(posenet::PoseTracker created, posenet::PoseTracker::Create(wanted));
    *tracker = std::make_unique<posenet_tracker>(posenet_tracker{std::move(created)}).release();
    return {};
  });
}

void posenet_tracker_destroy(posenet_tracker* tracker) { delete tracker; }

posenet_status posenet_tracker_update(posenet_tracker* tracker, const posenet_pose* poses, size_t count, double time_s,
                                      int64_t* ids, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(tracker, "tracker"));
    POSENET_RETURN_IF_ERROR(CheckInputArray(poses, count, "poses"));
    POSENET_RETURN_IF_ERROR(CheckOutputArray(ids, count, "ids"));
    posenet::c::CopyIn(poses, count, tracker->poses);
    POSENET_ASSIGN_OR_RETURN(const std::vector<std::int64_t> assigned, tracker->tracker.Update(tracker->poses, time_s));
    posenet::c::CopyOut(assigned, ids, count);
    return {};
  });
}

posenet_status posenet_tracker_predict(const posenet_tracker* tracker, double time_s, posenet_track* tracks,
                                       size_t capacity, size_t* count, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(tracker, "tracker"));
    POSENET_RETURN_IF_ERROR(CheckNotNull(count, "count"));
    POSENET_RETURN_IF_ERROR(CheckOutputArray(tracks, capacity, "tracks"));
    POSENET_ASSIGN_OR_RETURN(const auto predictions, tracker->tracker.Predict(time_s));
    const std::size_t written = std::min(predictions.size(), capacity);
    std::transform(predictions.begin(), predictions.begin() + static_cast<std::ptrdiff_t>(written), tracks,
                   posenet::c::FromPrediction);
    *count = written;
    return {};
  });
}

void posenet_tracker_reset(posenet_tracker* tracker) {
  if (tracker != nullptr) tracker->tracker.Reset();
}

posenet_status posenet_smoother_options_init(posenet_smoother_options* options, size_t struct_size) {
  return posenet::c::Init(options, struct_size, "posenet_smoother_options", posenet::c::SmootherDefaults());
}

posenet_status posenet_smoother_create(const posenet_smoother_options* options, posenet_smoother** smoother,
                                       posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(smoother, "smoother"));
    *smoother = nullptr;
    POSENET_ASSIGN_OR_RETURN(const posenet::PoseSmootherOptions wanted, posenet::c::ToSmootherOptions(options));
    POSENET_ASSIGN_OR_RETURN(posenet::PoseSmoother created, posenet::PoseSmoother::Create(wanted));
    *smoother = std::make_unique<posenet_smoother>(posenet_smoother{std::move(created)}).release();
    return {};
  });
}

void posenet_smoother_destroy(posenet_smoother* smoother) { delete smoother; }

posenet_status posenet_smoother_smooth(posenet_smoother* smoother, posenet_pose* poses, const int64_t* ids,
                                       size_t count, double time_s, posenet_error* error) {
  return Guard(error, [&]() -> Result<void> {
    POSENET_RETURN_IF_ERROR(CheckNotNull(smoother, "smoother"));
    POSENET_RETURN_IF_ERROR(CheckInputArray(poses, count, "poses"));
    POSENET_RETURN_IF_ERROR(CheckInputArray(ids, count, "ids"));
    posenet::c::CopyIn(poses, count, smoother->poses);
    smoother->ids.resize(count);
    if (count > 0) std::memcpy(smoother->ids.data(), ids, count * sizeof(*ids));
    POSENET_RETURN_IF_ERROR(smoother->smoother.Smooth(smoother->poses, smoother->ids, time_s));
    posenet::c::CopyOut(smoother->poses, poses, count);
    return {};
  });
}

void posenet_smoother_reset(posenet_smoother* smoother) {
  if (smoother != nullptr) smoother->smoother.Reset();
}
