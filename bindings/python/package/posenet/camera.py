# SPDX-License-Identifier: Apache-2.0
"""Camera relocalization: where in a known scene an image was taken.

Poses are world_from_cam with OpenCV's axes: x to the right of the image, y down, z forward. Quaternions are w, x, y, z.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Literal, Optional, Union

import numpy as np
import numpy.typing as npt

from . import _posenet
from ._errors import InvalidArgumentError
from ._model import resolve
from ._types import Color, Image, Path

__all__ = ["CameraEstimate", "CameraLocalizer", "CameraPose", "Frame", "Intrinsics", "Scene", "Score", "Uncertainty"]
__all__ += ["read_scene", "score"]


@dataclass(frozen=True, eq=False)
class CameraPose:
    """The pose of a camera, world_from_cam.

    Attributes
    ----------
    position : numpy.ndarray
        The center of the camera in the world, float64, shape (3,).
    rotation_wxyz : numpy.ndarray
        A unit quaternion, float64, shape (4,).
    """

    position: npt.NDArray[np.float64]
    rotation_wxyz: npt.NDArray[np.float64]

    @property
    def matrix(self) -> npt.NDArray[np.float64]:
        """The 4x4 matrix that maps points of the camera to the world."""
        w, x, y, z = self.rotation_wxyz
        matrix = np.eye(4)
        matrix[:3, :3] = [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
        matrix[:3, 3] = self.position
        return matrix


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """The spread of the network's answers under dropout.

    Attributes
    ----------
    position_std : numpy.ndarray
        Standard deviation of each coordinate, shape (3,).
    position_total_std : float
        Square root of the trace of the covariance.
    rotation_std_deg : float
        Root mean square angle to the mean rotation.
    """

    position_std: npt.NDArray[np.float64]
    position_total_std: float
    rotation_std_deg: float


@dataclass(frozen=True, eq=False)
class CameraEstimate(CameraPose):
    """The result for one image: a pose, and what was asked for besides."""

    uncertainty: Optional[Uncertainty] = None
    features: Optional[npt.NDArray[np.float32]] = None


def _estimate_of(values: Mapping[str, Any]) -> CameraEstimate:
    uncertainty = None
    if values["position_std"] is not None:
        uncertainty = Uncertainty(
            values["position_std"], values["position_total_std"], values["rotation_std_deg"]
        )
    return CameraEstimate(values["position"], values["rotation_wxyz"], uncertainty, values["features"])


class CameraLocalizer:
    """Estimates camera poses in the scene that a model was trained on. Thread-safe.

    Parameters
    ----------
    model : str or path
        A file that ``posenet camera train`` wrote, or the name of an installed model.
    crops : int
        Evaluates about so many crops of the image and averages, for models that were trained on random crops.
    uncertainty_passes : int
        Passes with random dropout, for `CameraEstimate.uncertainty`: 0, or 2 and more; 40 are enough.
    seed : int
        Of dropout.
    features : bool
        Whether estimates have the network's features, a descriptor of the place.
    threads : int
        Threads per call; 0 is one per core.
    instruction_set : str, optional
        One of `posenet.supported_instruction_sets`. Default: the best.
    """

    def __init__(
        self,
        model: Path,
        *,
        crops: int = 1,
        uncertainty_passes: int = 0,
        seed: int = 1,
        features: bool = False,
        threads: int = 0,
        instruction_set: str | None = None,
    ) -> None:
        self._arguments: dict[str, Any] = {
            "file": resolve(model),
            "crops": crops,
            "uncertainty_passes": uncertainty_passes,
            "seed": seed,
            "has_features": features,
            "threads": threads,
            "instruction_set": instruction_set or "",
        }
        self._localizer = _posenet.Localizer(**self._arguments)

    def __getstate__(self) -> dict[str, Any]:
        return self._arguments

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._arguments = state
        self._localizer = _posenet.Localizer(**state)

    @property
    def scene(self) -> dict[str, Any]:
        """The scene: "name", "length_unit" ("meters" or "arbitrary") and "sequence_length"."""
        return self._localizer.scene()

    def localize(self, image: Image, *, color: Color = "rgb") -> CameraEstimate:
        """The pose of the camera that took `image` (as for `posenet.estimate`), which must be upright."""
        return _estimate_of(self._localizer.localize(image, color))

    def localize_sequence(self, images: Sequence[Image], *, color: Color = "rgb") -> list[CameraEstimate]:
        """The poses of 1 to ``scene["sequence_length"]`` consecutive frames, estimated together."""
        return [_estimate_of(values) for values in self._localizer.localize_sequence(images, color)]


@dataclass(frozen=True)
class Intrinsics:
    """A pinhole camera; lengths are in pixels."""

    width: int
    height: int
    focal_x: float
    focal_y: float
    center_x: float
    center_y: float


@dataclass(frozen=True, eq=False)
class Frame:
    """A photo of a scene, and the pose of its camera."""

    name: str
    image: FilePath
    is_test: bool
    sequence: str
    time_s: Optional[float]
    pose: CameraPose
    intrinsics: Optional[Intrinsics]


@dataclass(frozen=True, eq=False)
class Scene:
    """A place with photos of known poses.

    Attributes
    ----------
    format : str
        "7scenes", "cambridge", "colmap", "nerf", "tum" or "csv".
    length_unit : str
        "meters" or "arbitrary".
    frames : list of Frame
        All frames, in order.
    is_held_out : bool
        Whether the test frames were held out from the data, because it has no split.
    remarks : list of str
        What was decided or left out while reading.
    """

    format: str
    length_unit: str
    frames: list[Frame]
    is_held_out: bool
    remarks: list[str] = field(default_factory=list)

    @property
    def training_frames(self) -> list[Frame]:
        """The frames to train on."""
        return [frame for frame in self.frames if not frame.is_test]

    @property
    def test_frames(self) -> list[Frame]:
        """The frames to test on."""
        return [frame for frame in self.frames if frame.is_test]


def read_scene(
    data: Path,
    *,
    format: Literal["7scenes", "cambridge", "colmap", "nerf", "tum", "csv"] | None = None,
    holdout: float | None = None,
    photos: bool = True,
) -> Scene:
    """Reads a scene of any supported format.

    Parameters
    ----------
    data : path
        The folder; for NeRF and CSV also the file.
    format : str, optional
        Default: recognized by the files.
    holdout : float, optional
        The share of frames to hold out for testing, for data without a split.
    photos : bool
        Whether a missing photo is an error.
    """
    values = _posenet.read_scene(FilePath(data), format, holdout, photos)
    frames = [
        Frame(
            name=frame["name"],
            image=FilePath(frame["image"]),
            is_test=frame["is_test"],
            sequence=frame["sequence"],
            time_s=frame["time_s"],
            pose=CameraPose(np.array(frame["pose"][:3]), np.array(frame["pose"][3:])),
            intrinsics=None if frame["intrinsics"] is None else Intrinsics(*frame["intrinsics"]),
        )
        for frame in values["frames"]
    ]
    return Scene(values["format"], values["length_unit"], frames, values["is_held_out"], values["remarks"])


@dataclass(frozen=True, eq=False)
class Score:
    """Errors of estimated poses. Pairs are of position, in the scene's unit, and rotation, in degrees.

    Attributes
    ----------
    frame_count, missing_count : int
        Frames, and those without an estimate.
    median, mean, percentile_90 : (float, float)
        Over all frames, of which those without an estimate have infinite errors; the mean is over the others.
    within : dict
        Shares of frames within thresholds, such as ``"5 cm, 5 deg"``.
    errors : numpy.ndarray
        float64, shape (n, 2).
    """

    frame_count: int
    missing_count: int
    median: tuple[float, float]
    mean: tuple[float, float]
    percentile_90: tuple[float, float]
    within: dict[str, float]
    errors: npt.NDArray[np.float64]


def score(truth: Iterable[Union[CameraPose, Frame]], estimates: Iterable[Optional[CameraPose]]) -> Score:
    """Compares estimates with true poses, in the same order. None stands for a frame without an estimate."""
    true_rows = [_row(frame.pose if isinstance(frame, Frame) else frame) for frame in truth]
    rows = [[np.nan] * 7 if estimate is None else _row(estimate) for estimate in estimates]
    if len(true_rows) != len(rows):
        raise InvalidArgumentError(f"score: {len(true_rows)} true poses but {len(rows)} estimates")
    return Score(**_posenet.score_poses(np.reshape(true_rows, (-1, 7)), np.reshape(rows, (-1, 7))))


def _row(pose: CameraPose) -> list[float]:
    return [*map(float, pose.position), *map(float, pose.rotation_wxyz)]
