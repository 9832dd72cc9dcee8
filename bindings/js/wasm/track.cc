// SPDX-License-Identifier: Apache-2.0
// Trackers and smoothers. JavaScript fills in the poses, and for smoothers the track IDs, of a frame.
#include "posenet/track.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "errors.h"
#include "export.h"
#include "json_fields.h"

namespace posenet::wasm {
namespace {

// The poses of a frame and their track IDs, which are doubles because JavaScript's numbers are.
struct Frame {
  std::vector<Pose> poses = {};
  std::vector<double> ids = {};
};

struct TrackerHandle {
  PoseTracker tracker;
  Frame frame = {};
};

struct SmootherHandle {
  PoseSmoother smoother;
  Frame frame = {};
  std::vector<std::int64_t> ids = {};
};

/// Returns 1, or 0 after an error.
int Resize(Frame& frame, std::size_t count) {
  return Guard<int>(0, [&]() -> Result<int> {
    frame.poses.resize(count);
    frame.ids.resize(count);
    return 1;
  });
}

Result<std::int64_t> ToId(double number) {
  constexpr double kMaxSafeInteger = 9007199254740991.0;  // JavaScript's Number.MAX_SAFE_INTEGER.
  if (!(std::abs(number) <= kMaxSafeInteger) || number != std::floor(number)) {
    return base::Fail(ErrorCode::kInvalidArgument, "a track ID is ", number, "; expected an integer");
  }
  return static_cast<std::int64_t>(number);
}

}  // namespace

// TrackerOptions and SmootherOptions of bindings/js/src/core/track.ts.
template <typename Fields>
void ListFields(Fields& fields, PoseTrackerOptions& options) {
  fields("similarity", options.similarity);
  fields("maxTracks", options.max_tracks);
  fields("maxAgeMs", options.max_age_ms);
  fields("minKeypointScore", options.min_keypoint_score);
  fields("minNewScore", options.min_new_score);
}

template <typename Fields>
void ListFields(Fields& fields, PoseSmootherOptions& options) {
  fields("minCutoffHz", options.min_cutoff_hz);
  fields("beta", options.beta);
  fields("derivativeCutoffHz", options.derivative_cutoff_hz);
  fields("noise", options.noise);
  fields("maxAgeMs", options.max_age_ms);
}

}  // namespace posenet::wasm

using posenet::wasm::Guard;
using posenet::wasm::SmootherHandle;
using posenet::wasm::TrackerHandle;

/// A tracker with the options of `size` bytes of JSON at `options`. Null after an error.
POSENET_EXPORT(posenet_tracker_create)
TrackerHandle* posenet_tracker_create(const char* options, std::size_t size) {
  using namespace posenet;        // NOLINT(google-build-using-namespace)
  using namespace posenet::wasm;  // NOLINT(google-build-using-namespace)
  return Guard<TrackerHandle*>(nullptr, [&]() -> Result<TrackerHandle*> {
    POSENET_ASSIGN_OR_RETURN(const auto wanted, ReadFields<PoseTrackerOptions>(options, size));
    POSENET_ASSIGN_OR_RETURN(PoseTracker tracker, PoseTracker::Create(wanted));
    return std::make_unique<TrackerHandle>(TrackerHandle{std::move(tracker)}).release();
  });
}

/// Makes room for `count` poses. Returns 0 after an error.
POSENET_EXPORT(posenet_tracker_resize)
int posenet_tracker_resize(TrackerHandle* tracker, std::size_t count) { return Resize(tracker->frame, count); }

POSENET_EXPORT(posenet_tracker_poses)
float* posenet_tracker_poses(TrackerHandle* tracker) { return reinterpret_cast<float*>(tracker->frame.poses.data()); }

/// One ID for each pose, written by posenet_tracker_update.
POSENET_EXPORT(posenet_tracker_ids)
double* posenet_tracker_ids(TrackerHandle* tracker) { return tracker->frame.ids.data(); }

/// Assigns an ID to each pose. Returns 0 after an error.
POSENET_EXPORT(posenet_tracker_update)
int posenet_tracker_update(TrackerHandle* tracker, double time_s) {
  return Guard<int>(0, [&]() -> posenet::Result<int> {
    POSENET_ASSIGN_OR_RETURN(const std::vector<std::int64_t> ids,
                             tracker->tracker.Update(tracker->frame.poses, time_s));
    tracker->frame.ids.assign(ids.begin(), ids.end());
    return 1;
  });
}

POSENET_EXPORT(posenet_tracker_reset)
void posenet_tracker_reset(TrackerHandle* tracker) { tracker->tracker.Reset(); }

POSENET_EXPORT(posenet_tracker_destroy)
void posenet_tracker_destroy(TrackerHandle* tracker) { delete tracker; }

/// A smoother with the options of `size` bytes of JSON at `options`. Null after an error.
POSENET_EXPORT(posenet_smoother_create)
SmootherHandle* posenet_smoother_create(const char* options, std::size_t size) {
  using namespace posenet;        // NOLINT(google-build-using-namespace)
  using namespace posenet::wasm;  // NOLINT(google-build-using-namespace)
  return Guard<SmootherHandle*>(nullptr, [&]() -> Result<SmootherHandle*> {
    POSENET_ASSIGN_OR_RETURN(const auto wanted, ReadFields<PoseSmootherOptions>(options, size));
    POSENET_ASSIGN_OR_RETURN(PoseSmoother smoother, PoseSmoother::Create(wanted));
    return std::make_unique<SmootherHandle>(SmootherHandle{std::move(smoother)}).release();
  });
}

/// Makes room for `count` poses. Returns 0 after an error.
POSENET_EXPORT(posenet_smoother_resize)
int posenet_smoother_resize(SmootherHandle* smoother, std::size_t count) { return Resize(smoother->frame, count); }

POSENET_EXPORT(posenet_smoother_poses)
float* posenet_smoother_poses(SmootherHandle* smoother) {
  return reinterpret_cast<float*>(smoother->frame.poses.data());
}

/// One track ID for each pose, read by posenet_smoother_run.
POSENET_EXPORT(posenet_smoother_ids)
double* posenet_smoother_ids(SmootherHandle* smoother) { return smoother->frame.ids.data(); }

/// Replaces the keypoints' positions by smooth ones. Returns 0 after an error.
POSENET_EXPORT(posenet_smoother_run)
int posenet_smoother_run(SmootherHandle* smoother, double time_s) {
  return Guard<int>(0, [&]() -> posenet::Result<int> {
    smoother->ids.clear();
    for (const double number : smoother->frame.ids) {
      POSENET_ASSIGN_OR_RETURN(const std::int64_t id, posenet::wasm::ToId(number));
      smoother->ids.push_back(id);
    }
    POSENET_RETURN_IF_ERROR(smoother->smoother.Smooth(smoother->frame.poses, smoother->ids, time_s));
    return 1;
  });
}

POSENET_EXPORT(posenet_smoother_reset)
void posenet_smoother_reset(SmootherHandle* smoother) { smoother->smoother.Reset(); }

POSENET_EXPORT(posenet_smoother_destroy)
void posenet_smoother_destroy(SmootherHandle* smoother) { delete smoother; }
