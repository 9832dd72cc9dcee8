# SPDX-License-Identifier: Apache-2.0
"""PoseNet: human pose estimation and camera relocalization on any CPU.

>>> import posenet
>>> poses = posenet.estimate(photo)
>>> poses.keypoints.shape[1:]           # x, y and score of the 17 COCO keypoints of each person
(17, 3)
>>> 0.0 <= poses[0]["nose"].score <= 1.0
True

Human poses: `estimate`, `PoseEstimator`, `Poses`. On the outputs of other runtimes: `decode`. In video: `PoseTracker`,
`PoseSmoother`, `PersonFollower`, `PeopleFollower`. Camera poses: `CameraLocalizer`, `posenet.camera`. Model files:
`Model`, `list_models`. Evaluation: `posenet.coco`. Everything that fails raises `posenet.Error`.
"""

from . import camera, coco
from ._errors import Error, InvalidArgumentError
from ._human import PoseEstimator, decode, estimate
from ._model import Model, list_models, supported_instruction_sets
from ._poses import KEYPOINT_NAMES, SKELETON, Keypoint, Pose, Poses
from ._posenet import __version__
from ._video import PeopleFollower, PersonFollower, PoseSmoother, PoseTracker
from .camera import CameraLocalizer

__all__ = [
    "KEYPOINT_NAMES",
    "SKELETON",
    "CameraLocalizer",
    "Error",
    "InvalidArgumentError",
    "Keypoint",
    "Model",
    "PeopleFollower",
    "PersonFollower",
    "Pose",
    "PoseEstimator",
    "PoseSmoother",
    "PoseTracker",
    "Poses",
    "__version__",
    "camera",
    "coco",
    "decode",
    "estimate",
    "list_models",
    "supported_instruction_sets",
]
