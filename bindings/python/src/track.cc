// SPDX-License-Identifier: Apache-2.0
// Tracking, smoothing and following of poses in video.
#include "posenet/track.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "choices.h"
#include "errors.h"
#include "estimator.h"
#include "image_argument.h"
#include "parts.h"
#include "pose_arrays.h"
#include "posenet/follow.h"

namespace posenet::python {
namespace {

namespace py = pybind11;

constexpr Choice<TrackSimilarity> kSimilarities[] = {{"keypoints", TrackSimilarity::kKeypoints},
                                                     {"box", TrackSimilarity::kBox}};

PoseTrackerOptions TrackerOptions(const std::string& similarity, int max_tracks, double max_age_ms,
                                  float min_keypoint_score, float min_new_score) {
  return {.similarity = ChoiceOf("similarity", std::string_view(similarity), kSimilarities),
          .max_tracks = max_tracks,
          .max_age_ms = max_age_ms,
          .min_keypoint_score = min_keypoint_score,
          .min_new_score = min_new_score};
}

// A follower of one person or of several, and the estimator that it needs. Frames are estimated without the GIL, so
// that Python threads may call at once what is for one thread at a time: one waits for the other.
template <typename T>
struct Follower {
  std::shared_ptr<Estimator> estimator;
  T follower;
  std::mutex mutex = {};

  // Calls `use(follower)` without the GIL.
  template <typename Use>
  auto Locked(const Use& use) {
    const py::gil_scoped_release unlocked;
    const std::lock_guard lock(mutex);
    return use(follower);
  }
};
using OneFollower = Follower<PersonFollower>;
using ManyFollower = Follower<PeopleFollower>;

void DefineTracker(py::module_& module) {
  py::class_<PoseTracker>(module, "Tracker")
      .def(py::init([](const std::string& similarity, int max_tracks, double max_age_ms, float min_keypoint_score,
                       float min_new_score) {
             return std::make_unique<PoseTracker>(ValueOrThrow(PoseTracker::Create(
                 TrackerOptions(similarity, max_tracks, max_age_ms, min_keypoint_score, min_new_score))));
           }),
           py::kw_only(), py::arg("similarity"), py::arg("max_tracks"), py::arg("max_age_ms"),
           py::arg("min_keypoint_score"), py::arg("min_new_score"))
      .def(
          "update",
          [](PoseTracker& tracker, const py::array& keypoints, const py::array& scores, double time_s) {
            return ToArray(
                std::span<const std::int64_t>(ValueOrThrow(tracker.Update(PosesOf(keypoints, scores), time_s))));
          },
          py::arg("keypoints"), py::arg("scores"), py::arg("time_s"))
      .def("reset", [](PoseTracker& tracker) { tracker.Reset(); });
}

void DefineSmoother(py::module_& module) {
  py::class_<PoseSmoother>(module, "Smoother")
      .def(
          py::init([](double min_cutoff_hz, double beta, double derivative_cutoff_hz, double noise, double max_age_ms) {
            return std::make_unique<PoseSmoother>(
                ValueOrThrow(PoseSmoother::Create({.min_cutoff_hz = min_cutoff_hz,
                                                   .beta = beta,
                                                   .derivative_cutoff_hz = derivative_cutoff_hz,
                                                   .noise = noise,
                                                   .max_age_ms = max_age_ms})));
          }),
          py::kw_only(), py::arg("min_cutoff_hz"), py::arg("beta"), py::arg("derivative_cutoff_hz"), py::arg("noise"),
          py::arg("max_age_ms"))
      .def(
          "smooth",
          [](PoseSmoother& smoother, const py::array& keypoints, const py::array& scores, const py::array& ids,
             double time_s) {
            std::vector<Pose> poses = PosesOf(keypoints, scores);
            ValueOrThrow(smoother.Smooth(poses, IdsOf(ids), time_s));
            return ToArrays(poses);
          },
          py::arg("keypoints"), py::arg("scores"), py::arg("ids"), py::arg("time_s"))
      .def("reset", [](PoseSmoother& smoother) { smoother.Reset(); });
}

void DefineFollowers(py::module_& module) {
  py::class_<OneFollower>(module, "OneFollower")
      .def(py::init([](std::shared_ptr<Estimator> estimator, double region_scale, float min_pose_score,
                       float min_keypoint_score) {
             PersonFollower follower =
                 ValueOrThrow(PersonFollower::Create(estimator->estimator, {.region_scale = region_scale,
                                                                            .min_pose_score = min_pose_score,
                                                                            .min_keypoint_score = min_keypoint_score}));
             return std::unique_ptr<OneFollower>(
                 new OneFollower{.estimator = std::move(estimator), .follower = std::move(follower)});
           }),
           py::arg("estimator"), py::kw_only(), py::arg("region_scale"), py::arg("min_pose_score"),
           py::arg("min_keypoint_score"))
      .def(
          "estimate",
          [](OneFollower& one, const py::object& image, const std::string& color) {
            const ImageArgument argument(image, color);
            const std::optional<Pose> pose =
                one.Locked([&](PersonFollower& follower) { return ValueOrThrow(follower.Estimate(argument.view())); });
            return ToArrays(pose ? std::span<const Pose>(&*pose, 1) : std::span<const Pose>());
          },
          py::arg("image"), py::arg("color"))
      .def("reset", [](OneFollower& one) { one.Locked([](PersonFollower& follower) { follower.Reset(); }); });
  py::class_<ManyFollower>(module, "ManyFollower")
      .def(py::init([](std::shared_ptr<Estimator> estimator, int propose_every, float min_pose_score) {
             PeopleFollower follower = ValueOrThrow(PeopleFollower::Create(
                 estimator->estimator, {.propose_every = propose_every, .min_pose_score = min_pose_score}));
             return std::unique_ptr<ManyFollower>(
                 new ManyFollower{.estimator = std::move(estimator), .follower = std::move(follower)});
           }),
           py::arg("estimator"), py::kw_only(), py::arg("propose_every"), py::arg("min_pose_score"))
      .def(
          "estimate",
          [](ManyFollower& many, const py::object& image, const std::string& color, double time_s) {
            const ImageArgument argument(image, color);
            return ToArrays(many.Locked(
                [&](PeopleFollower& follower) { return ValueOrThrow(follower.Estimate(argument.view(), time_s)); }));
          },
          py::arg("image"), py::arg("color"), py::arg("time_s"))
      .def("reset", [](ManyFollower& many) { many.Locked([](PeopleFollower& follower) { follower.Reset(); }); });
}

}  // namespace

void DefineTrack(py::module_& module) {
  DefineTracker(module);
  DefineSmoother(module);
  DefineFollowers(module);
}

}  // namespace posenet::python
