# SPDX-License-Identifier: Apache-2.0
"""Results: the poses of one image."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, overload

import numpy as np
import numpy.typing as npt

from . import _posenet
from ._errors import InvalidArgumentError
from ._types import Color, Image

__all__ = ["KEYPOINT_NAMES", "SKELETON", "Keypoint", "Pose", "Poses"]

KEYPOINT_NAMES: tuple[str, ...] = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
"""The 17 keypoints, in COCO's order. Left and right are those of the person."""

SKELETON: tuple[tuple[str, str], ...] = (
    ("left_hip", "left_shoulder"),
    ("left_elbow", "left_shoulder"),
    ("left_elbow", "left_wrist"),
    ("left_hip", "left_knee"),
    ("left_knee", "left_ankle"),
    ("right_hip", "right_shoulder"),
    ("right_elbow", "right_shoulder"),
    ("right_elbow", "right_wrist"),
    ("right_hip", "right_knee"),
    ("right_knee", "right_ankle"),
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
)
"""The limbs to draw, as pairs of keypoints."""

_INDEX_OF = {name: index for index, name in enumerate(KEYPOINT_NAMES)}


class Keypoint(NamedTuple):
    """A keypoint in pixels of the image: x to the right, y down, (0, 0) the center of the top-left pixel."""

    x: float
    y: float
    score: float


class Pose:
    """One person.

    Attributes
    ----------
    keypoints : numpy.ndarray
        float32, shape (17, 3): x, y and score of each of `KEYPOINT_NAMES`. A view of `Poses.keypoints`.
    score : float
        Confidence, 0 to 1, that this is a person.
    id : int or None
        The track, if the poses were tracked; 0 for a pose without one.
    """

    __slots__ = ("id", "keypoints", "score")

    def __init__(self, keypoints: npt.NDArray[np.float32], score: float, id: int | None = None) -> None:
        self.keypoints = keypoints
        self.score = score
        self.id = id

    def __getitem__(self, name: str | int) -> Keypoint:
        """The keypoint of that name, such as ``"left_wrist"``, or index."""
        if isinstance(name, str):
            if name not in _INDEX_OF:
                raise KeyError(f"no keypoint named {name!r}; expected one of {', '.join(KEYPOINT_NAMES)}")
            name = _INDEX_OF[name]
        return Keypoint(*self.keypoints[name].tolist())

    def __len__(self) -> int:
        return len(KEYPOINT_NAMES)

    def __iter__(self) -> Iterator[Keypoint]:
        return (Keypoint(*row) for row in self.keypoints.tolist())

    def __repr__(self) -> str:
        track = "" if self.id is None else f"id={self.id}, "
        return f"Pose({track}score={self.score:.3f}, nose={tuple(round(value, 3) for value in self['nose'])})"

    def box(self, min_score: float = 0.2) -> tuple[float, float, float, float] | None:
        """x, y, width and height of the box around the keypoints that score at least `min_score`; None for none."""
        points = self.keypoints[self.keypoints[:, 2] >= min_score, :2]
        if not len(points):
            return None
        (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        return left, top, right - left, bottom - top

    def to_dict(self) -> dict[str, Any]:
        """``{"score", "keypoints": [{"name", "x", "y", "score"}]}``, and "id" if the pose was tracked."""
        result: dict[str, Any] = {} if self.id is None else {"id": self.id}
        result["score"] = self.score
        result["keypoints"] = [
            {"name": name, "x": x, "y": y, "score": score}
            for name, (x, y, score) in zip(KEYPOINT_NAMES, self.keypoints.tolist())
        ]
        return result


class Poses(Sequence[Pose]):
    """The people in an image: a sequence of `Pose`, and the same as arrays.

    Parameters
    ----------
    keypoints : array_like
        Shape (n, 17, 3): x and y in pixels, and the score.
    scores : array_like
        Shape (n,).
    ids : array_like, optional
        Track IDs, shape (n,).
    image_size : (int, int), optional
        Width and height of the image in pixels.
    image : image, optional
        What to draw on; not copied, and not pickled.
    color : {"rgb", "bgr"}
        The order of the channels of `image`, if it is an array.

    Attributes
    ----------
    keypoints : numpy.ndarray
        float32, shape (n, 17, 3).
    scores : numpy.ndarray
        float32, shape (n,).
    ids : numpy.ndarray or None
        int64, shape (n,), if the poses were tracked.
    image_size : (int, int) or None
        Width and height of the image.
    """

    def __init__(
        self,
        keypoints: npt.ArrayLike,
        scores: npt.ArrayLike,
        *,
        ids: npt.ArrayLike | None = None,
        image_size: tuple[int, int] | None = None,
        image: Image = None,
        color: Color = "rgb",
    ) -> None:
        self.keypoints: npt.NDArray[np.float32] = np.asarray(keypoints, dtype=np.float32)
        self.scores: npt.NDArray[np.float32] = np.asarray(scores, dtype=np.float32)
        self.ids: npt.NDArray[np.int64] | None = None if ids is None else np.asarray(ids, dtype=np.int64)
        self.image_size = image_size
        self._image = image
        self._color: Color = color
        count = len(self.scores) if self.scores.ndim == 1 else -1
        if self.keypoints.shape != (count, len(KEYPOINT_NAMES), 3):
            raise InvalidArgumentError(
                f"keypoints and scores: expected shapes (n, 17, 3) and (n,), got {self.keypoints.shape} and "
                f"{self.scores.shape}"
            )
        if self.ids is not None and self.ids.shape != (count,):
            raise InvalidArgumentError(f"ids: expected shape ({count},), got {self.ids.shape}")

    def __len__(self) -> int:
        return len(self.scores)

    @overload
    def __getitem__(self, index: int) -> Pose: ...

    @overload
    def __getitem__(self, index: slice) -> Poses: ...

    def __getitem__(self, index: int | slice) -> Pose | Poses:
        if isinstance(index, slice):
            return self._select(index)
        return Pose(
            self.keypoints[index],
            float(self.scores[index]),
            None if self.ids is None else int(self.ids[index]),
        )

    def _select(self, index: slice | npt.NDArray[np.bool_]) -> Poses:
        return Poses(
            self.keypoints[index],
            self.scores[index],
            ids=None if self.ids is None else self.ids[index],
            image_size=self.image_size,
            image=self._image,
            color=self._color,
        )

    def above(self, min_score: float) -> Poses:
        """The poses that score at least `min_score`."""
        return self._select(self.scores >= min_score)

    def __repr__(self) -> str:
        size = "" if self.image_size is None else f" in {self.image_size[0]}x{self.image_size[1]} pixels"
        scores = ", ".join(f"{score:.2f}" for score in self.scores[:8].tolist()) + (", ..." if len(self) > 8 else "")
        return f"<Poses: {len(self)}{size}; scores [{scores}]>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Poses):
            return NotImplemented
        same_ids = (
            self.ids is other.ids
            if self.ids is None or other.ids is None
            else np.array_equal(self.ids, other.ids)
        )
        return (
            same_ids
            and self.image_size == other.image_size
            and np.array_equal(self.keypoints, other.keypoints)
            and np.array_equal(self.scores, other.scores)
        )

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_image": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # Drawing.

    def draw(
        self,
        image: Image = None,
        *,
        color: Color | None = None,
        min_score: float = 0.15,
        min_keypoint_score: float = 0.2,
        min_side: int = 640,
    ) -> npt.NDArray[np.uint8]:
        """The image with skeletons.

        Parameters
        ----------
        image : image, optional
            What to draw on; the image that the poses were estimated in by default. It is not changed.
        color : {"rgb", "bgr"}, optional
            The order of the channels of `image`, and of the result.
        min_score, min_keypoint_score : float
            Poses and keypoints that score less are not drawn.
        min_side : int
            Images whose longer side has fewer pixels are enlarged to it.

        Returns
        -------
        numpy.ndarray
            uint8, shape (height, width, 3).
        """
        if image is None:
            image, color = self._image, self._color if color is None else color
            if image is None:
                raise InvalidArgumentError("draw: these poses do not know their image; pass it")
        color = "rgb" if color is None else color
        shown = self.above(min_score)
        drawing = _posenet.draw_poses(
            image, color, shown.keypoints, shown.scores, shown.ids, min_keypoint_score, min_side
        )
        return drawing[..., ::-1] if color == "bgr" else drawing

    def _repr_png_(self) -> bytes | None:
        """The drawing, for notebooks."""
        if self._image is None:
            return None
        drawing = self.draw()
        return _posenet.encode_png(drawing, self._color)

    # Formats of other programs.

    def to_dict(self) -> dict[str, Any]:
        """``{"width", "height", "poses": [...]}``, of numbers, strings, lists and dictionaries."""
        width, height = self.image_size or (None, None)
        return {"width": width, "height": height, "poses": [pose.to_dict() for pose in self]}

    def to_coco(self, image_id: int, category_id: int = 1) -> list[dict[str, Any]]:
        """Entries of a COCO results file: ``{"image_id", "category_id", "keypoints": [x, y, 1] * 17, "score"}``."""
        flags = self.keypoints.astype(np.float64)
        flags[:, :, 2] = 1
        return [
            {
                "image_id": image_id,
                "category_id": category_id,
                "keypoints": [round(value, 2) for value in keypoints.ravel().tolist()],
                "score": float(score),
            }
            for keypoints, score in zip(flags, self.scores)
        ]

    def to_openpose(self, min_keypoint_score: float = 0.0) -> dict[str, Any]:
        """The content of an OpenPose file, with the 25 keypoints of BODY_25. Those that score less are zeros."""
        text = _posenet.to_openpose(self.keypoints, self.scores, self.ids, min_keypoint_score)
        result: dict[str, Any] = json.loads(text)
        return result

    @staticmethod
    def from_openpose(content: str | dict[str, Any]) -> Poses:
        """Poses from the content of an OpenPose file (BODY_25 or COCO), as text or parsed."""
        text = content if isinstance(content, str) else json.dumps(content)
        keypoints, scores = _posenet.from_openpose(text, "content")
        return Poses(keypoints, scores)
