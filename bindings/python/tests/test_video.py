# SPDX-License-Identifier: Apache-2.0
"""Tracking, smoothing and following."""

import numpy as np
import pytest

import posenet


def person(x, y, size=100.0, score=0.9):
    """A person whose keypoints are on an ellipse."""
    angles = np.arange(17) * 2 * np.pi / 17
    return np.stack([x + size * np.cos(angles), y + 2 * size * np.sin(angles), np.full(17, score)], axis=1)


def frame(*people):
    return posenet.Poses(np.array(people).reshape(-1, 17, 3), [0.9] * len(people), image_size=(640, 480))


def test_ids_follow_people_that_change_their_order():
    tracker = posenet.PoseTracker()
    first = tracker.update(frame(person(150, 240), person(450, 240)), 0.0)
    second = tracker.update(frame(person(452, 241), person(152, 241)), 0.04)
    assert first.ids.tolist() == [1, 2]
    assert second.ids.tolist() == [2, 1]
    assert [pose.id for pose in second] == [2, 1]
    assert second.image_size == (640, 480)
    tracker.reset()
    assert tracker.update(frame(person(150, 240)), 0.0).ids.tolist() == [3]
    assert len(tracker.update(frame(), 0.04)) == 0


def test_smoothing_reduces_jitter_and_keeps_scores():
    rng = np.random.default_rng(5)
    tracker, smoother = posenet.PoseTracker(), posenet.PoseSmoother()
    raw, smooth = [], []
    for i in range(40):
        keypoints = person(300, 240)
        keypoints[:, :2] += rng.normal(0, 3, (17, 2))
        poses = tracker.update(frame(keypoints), i / 30)
        result = smoother.smooth(poses, i / 30)
        assert np.array_equal(result.keypoints[..., 2], poses.keypoints[..., 2])
        raw.append(poses.keypoints[0, :, :2])
        smooth.append(result.keypoints[0, :, :2])
    jitter = [np.abs(np.diff(np.array(values[10:]), axis=0)).mean() for values in (raw, smooth)]
    assert jitter[1] < 0.5 * jitter[0]


def test_bad_arguments_are_errors():
    tracker, smoother = posenet.PoseTracker(), posenet.PoseSmoother()
    tracker.update(frame(person(1, 2)), 1.0)
    for time_s in (0.5, float("nan")):
        with pytest.raises(posenet.Error, match="time"):
            tracker.update(frame(person(1, 2)), time_s)
    with pytest.raises(posenet.Error):
        tracker.update(frame(person(float("nan"), 2)), 2.0)
    with pytest.raises(ValueError, match="PoseTracker.update"):
        smoother.smooth(frame(person(1, 2)), 0.0)
    for options in ({"max_tracks": 0}, {"similarity": "iou"}, {"max_age_ms": 0}, {"min_new_score": 2}):
        with pytest.raises(posenet.Error):
            posenet.PoseTracker(**options)
    for options in ({"beta": -1}, {"min_cutoff_hz": 0}, {"noise": float("inf")}):
        with pytest.raises(posenet.Error):
            posenet.PoseSmoother(**options)


def test_a_person_is_followed(estimator, photo):
    follower = posenet.PersonFollower(estimator)
    assert follower.estimate(np.zeros_like(photo)) is None
    pose = follower.estimate(photo)
    assert pose is not None and pose["nose"].y < pose["left_ankle"].y
    follower.reset()
    with pytest.raises(posenet.Error):
        posenet.PersonFollower(estimator, region_scale=0.5)
    with pytest.raises(posenet.Error, match="refine"):
        posenet.PeopleFollower(estimator)
