// SPDX-License-Identifier: Apache-2.0
// People over time: trackers and smoothers, with the poses and numbers of a frame in arrays that JavaScript fills.
#include "posenet/track.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "errors.h"
#include "export.h"

namespace posenet::wasm {
namespace {

// What goes in and out of both: poses, and who they are. JavaScript has no integers of 64 bits among its numbers.
struct Frame {
  std::vector<Pose> poses = {};
  std::vector<double> numbers = {};
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

/// 1, or 0 after an error.
int Resize(Frame& frame, std::size_t count) {
  return Guard<int>(0, [&]() -> Result<int> {
    frame.poses.resize(count);
    frame.numbers.resize(count);
    return 1;
  });
}

Result<std::int64_t> ToId(double number) {
  constexpr double kMost = 9007199254740991.0;  // JavaScript's largest whole number.
  if (!(number >= -kMost && number <= kMost) || number != std::floor(number)) {
    return Fail(ErrorCode::kInvalidArgument, "a person's number is ", number, "; expected a whole number");
  }
  return static_cast<std::int64_t>(number);
}

}  // namespace
}  // namespace posenet::wasm

using posenet::wasm::Guard;
using posenet::wasm::SmootherHandle;
using posenet::wasm::TrackerHandle;

/// NaN leaves an option open. Null after an error.
POSENET_EXPORT(posenet_tracker_create)
TrackerHandle* posenet_tracker_create(double similarity, double max_tracks, double max_age_ms,
                                      double min_keypoint_score, double min_new_score) {
  using namespace posenet;        // NOLINT(google-build-using-namespace)
  using namespace posenet::wasm;  // NOLINT(google-build-using-namespace)
  return Guard<TrackerHandle*>(nullptr, [&]() -> Result<TrackerHandle*> {
    PoseTrackerOptions options;
    POSENET_ASSIGN_OR_RETURN(const auto wanted, ToOptionalEnum<TrackSimilarity>("similarity", similarity));
    options.similarity = wanted.value_or(options.similarity);
    POSENET_ASSIGN_OR_RETURN(options.max_tracks, ToIntOr("maxTracks", max_tracks, options.max_tracks));
    if (!IsOpen(max_age_ms)) options.max_age_ms = max_age_ms;
    options.min_keypoint_score = ToOptionalFloat(min_keypoint_score).value_or(options.min_keypoint_score);
    options.min_new_score = ToOptionalFloat(min_new_score).value_or(options.min_new_score);
    POSENET_ASSIGN_OR_RETURN(PoseTracker tracker, PoseTracker::Create(options));
    return std::make_unique<TrackerHandle>(TrackerHandle{std::move(tracker)}).release();
  });
}

/// Makes room for `count` poses; 0 after an error.
POSENET_EXPORT(posenet_tracker_resize)
int posenet_tracker_resize(TrackerHandle* tracker, std::size_t count) { return Resize(tracker->frame, count); }

POSENET_EXPORT(posenet_tracker_poses)
float* posenet_tracker_poses(TrackerHandle* tracker) { return reinterpret_cast<float*>(tracker->frame.poses.data()); }

POSENET_EXPORT(posenet_tracker_numbers)
double* posenet_tracker_numbers(TrackerHandle* tracker) { return tracker->frame.numbers.data(); }

/// Fills in the numbers; 0 after an error.
POSENET_EXPORT(posenet_tracker_update)
int posenet_tracker_update(TrackerHandle* tracker, double time_s) {
  return Guard<int>(0, [&]() -> posenet::Result<int> {
    POSENET_ASSIGN_OR_RETURN(const std::vector<std::int64_t> ids,
                             tracker->tracker.Update(tracker->frame.poses, time_s));
    tracker->frame.numbers.assign(ids.begin(), ids.end());
    return 1;
  });
}

POSENET_EXPORT(posenet_tracker_reset)
void posenet_tracker_reset(TrackerHandle* tracker) { tracker->tracker.Reset(); }

POSENET_EXPORT(posenet_tracker_destroy)
void posenet_tracker_destroy(TrackerHandle* tracker) { delete tracker; }

/// NaN leaves an option open. Null after an error.
POSENET_EXPORT(posenet_smoother_create)
SmootherHandle* posenet_smoother_create(double min_cutoff_hz, double beta, double derivative_cutoff_hz, double noise,
                                        double max_age_ms) {
  using namespace posenet;        // NOLINT(google-build-using-namespace)
  using namespace posenet::wasm;  // NOLINT(google-build-using-namespace)
  return Guard<SmootherHandle*>(nullptr, [&]() -> Result<SmootherHandle*> {
    PoseSmootherOptions options;
    if (!IsOpen(min_cutoff_hz)) options.min_cutoff_hz = min_cutoff_hz;
    if (!IsOpen(beta)) options.beta = beta;
    if (!IsOpen(derivative_cutoff_hz)) options.derivative_cutoff_hz = derivative_cutoff_hz;
    if (!IsOpen(noise)) options.noise = noise;
    if (!IsOpen(max_age_ms)) options.max_age_ms = max_age_ms;
    POSENET_ASSIGN_OR_RETURN(PoseSmoother smoother, PoseSmoother::Create(options));
    return std::make_unique<SmootherHandle>(SmootherHandle{std::move(smoother)}).release();
  });
}

/// Makes room for `count` poses; 0 after an error.
POSENET_EXPORT(posenet_smoother_resize)
int posenet_smoother_resize(SmootherHandle* smoother, std::size_t count) { return Resize(smoother->frame, count); }

POSENET_EXPORT(posenet_smoother_poses)
float* posenet_smoother_poses(SmootherHandle* smoother) {
  return reinterpret_cast<float*>(smoother->frame.poses.data());
}

POSENET_EXPORT(posenet_smoother_numbers)
double* posenet_smoother_numbers(SmootherHandle* smoother) { return smoother->frame.numbers.data(); }

/// Replaces positions by smooth ones; 0 after an error.
POSENET_EXPORT(posenet_smoother_run)
int posenet_smoother_run(SmootherHandle* smoother, double time_s) {
  return Guard<int>(0, [&]() -> posenet::Result<int> {
    smoother->ids.clear();
    for (const double number : smoother->frame.numbers) {
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
