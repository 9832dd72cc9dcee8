# SPDX-License-Identifier: Apache-2.0
"""People in video: tracking, smoothing and following. One instance per video; not thread-safe."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from . import _posenet
from ._checks import integer, real, text
from ._errors import InvalidArgumentError
from ._human import PoseEstimator
from ._poses import Pose, Poses
from ._types import Color, Image

__all__ = ["PeopleFollower", "PersonFollower", "PoseSmoother", "PoseTracker"]


def _replaced(poses: Poses, keypoints: npt.NDArray[np.float32], ids: npt.NDArray[np.int64] | None) -> Poses:
    return Poses(
        keypoints, poses.scores, ids=ids, image_size=poses.image_size, image=poses._image, color=poses._color
    )


class PoseTracker:
    """Gives each person a persistent ID. The poses may come from any estimator.

    Parameters
    ----------
    similarity : {"keypoints", "box"}
        Of a pose and a track: object keypoint similarity, or intersection over union.
    max_tracks : int
        Most tracks at a time.
    max_age_ms : float
        A track that is missed for longer is dropped.
    min_keypoint_score : float
        Keypoints that score less do not count.
    min_new_score : float
        A pose with at least this score starts a new track at once; others after several detections.

    Examples
    --------
    >>> tracker, smoother = posenet.PoseTracker(), posenet.PoseSmoother()
    >>> for i, poses in enumerate(posenet.PoseEstimator(size=257).map([photo] * 3)):
    ...     poses = smoother.smooth(tracker.update(poses, time_s=i / 30), time_s=i / 30)
    >>> poses[0].id
    1
    """

    def __init__(
        self,
        *,
        similarity: Literal["keypoints", "box"] = "keypoints",
        max_tracks: int = 18,
        max_age_ms: float = 2000.0,
        min_keypoint_score: float = 0.3,
        min_new_score: float = 0.5,
    ) -> None:
        self._tracker = _posenet.Tracker(
            similarity=text("similarity", similarity),
            max_tracks=integer("max_tracks", max_tracks),
            max_age_ms=real("max_age_ms", max_age_ms),
            min_keypoint_score=real("min_keypoint_score", min_keypoint_score),
            min_new_score=real("min_new_score", min_new_score),
        )

    def update(self, poses: Poses, time_s: float) -> Poses:
        """The poses of the next frame, at `time_s` by any monotonic clock, with `Poses.ids`.

        IDs start at 1. A pose without a track, or one that may duplicate another, has ID 0.
        """
        ids = self._tracker.update(poses.keypoints, poses.scores, real("time_s", time_s))
        return _replaced(poses, poses.keypoints, ids)

    def reset(self) -> None:
        """Drops all tracks, for a new video. IDs are not reused."""
        self._tracker.reset()


class PoseSmoother:
    """Removes the jitter of tracked keypoints, with a one-euro filter for each.

    Parameters
    ----------
    min_cutoff_hz : float
        Lower values reduce jitter at rest.
    beta : float
        Higher values reduce lag in motion.
    derivative_cutoff_hz : float
        The cutoff of the filter that estimates speed.
    noise : float
        Initial standard deviation of the noise, relative to the size of the person.
    max_age_ms : float
        The filters of a track that is missed for longer are reset.
    """

    def __init__(
        self,
        *,
        min_cutoff_hz: float = 0.4,
        beta: float = 20.0,
        derivative_cutoff_hz: float = 1.0,
        noise: float = 0.02,
        max_age_ms: float = 1000.0,
    ) -> None:
        self._smoother = _posenet.Smoother(
            min_cutoff_hz=real("min_cutoff_hz", min_cutoff_hz),
            beta=real("beta", beta),
            derivative_cutoff_hz=real("derivative_cutoff_hz", derivative_cutoff_hz),
            noise=real("noise", noise),
            max_age_ms=real("max_age_ms", max_age_ms),
        )

    def smooth(self, poses: Poses, time_s: float) -> Poses:
        """The poses of the next frame with smoothed positions. They need IDs; those with ID 0 stay as they are."""
        if poses.ids is None:
            raise InvalidArgumentError("smooth: the poses have no IDs; pass the result of PoseTracker.update")
        keypoints, _ = self._smoother.smooth(poses.keypoints, poses.scores, poses.ids, real("time_s", time_s))
        return _replaced(poses, keypoints, poses.ids)

    def reset(self) -> None:
        """Resets all filters, for a new video."""
        self._smoother.reset()


class PersonFollower:
    """Follows one person: once detected, only a crop around them is evaluated, at the full resolution of the frame.

    Parameters
    ----------
    estimator : PoseEstimator
        Detects the person.
    region_scale : float
        Side of the crop relative to the box around the keypoints.
    min_pose_score : float
        The person is lost if the pose scores less.
    min_keypoint_score : float
        Keypoints that score less do not extend the box.
    """

    def __init__(
        self,
        estimator: PoseEstimator,
        *,
        region_scale: float = 1.5,
        min_pose_score: float = 0.2,
        min_keypoint_score: float = 0.2,
    ) -> None:
        self._follower = _posenet.OneFollower(
            estimator._estimator,
            region_scale=real("region_scale", region_scale),
            min_pose_score=real("min_pose_score", min_pose_score),
            min_keypoint_score=real("min_keypoint_score", min_keypoint_score),
        )

    def estimate(self, image: Image, *, color: Color = "rgb") -> Pose | None:
        """The person in the next frame, or None while nobody is visible."""
        keypoints, scores = self._follower.estimate(image, color)
        return Poses(keypoints, scores)[0] if len(scores) else None

    def reset(self) -> None:
        """Forgets the person."""
        self._follower.reset()


class PeopleFollower:
    """Follows people with an estimator that has a refiner: in most frames, only MoveNet runs, once per person.

    Parameters
    ----------
    estimator : PoseEstimator
        One with `refine`.
    propose_every : int
        The estimator itself runs at least every that many frames.
    min_pose_score : float
        A person is lost if the pose scores less.
    """

    def __init__(self, estimator: PoseEstimator, *, propose_every: int = 10, min_pose_score: float = 0.15) -> None:
        self._follower = _posenet.ManyFollower(
            estimator._estimator, propose_every=integer("propose_every", propose_every), min_pose_score=real("min_pose_score", min_pose_score)
        )

    def estimate(self, image: Image, time_s: float, *, color: Color = "rgb") -> Poses:
        """The people in the frame at `time_s`, by any monotonic clock."""
        keypoints, scores = self._follower.estimate(image, color, real("time_s", time_s))
        return Poses(keypoints, scores, image=image, color=color)

    def reset(self) -> None:
        """Forgets all people."""
        self._follower.reset()
