# SPDX-License-Identifier: Apache-2.0
"""Human pose estimation."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from . import _posenet
from ._errors import InvalidArgumentError
from ._model import resolve
from ._poses import Poses
from ._sizes import width_and_height
from ._types import Color, Image, Path, Size

__all__ = ["PoseEstimator", "decode", "estimate"]

Decoder = Literal["hough", "tfjs", "coral", "single"]

_BUNDLED = "mobilenet075-int8"


class PoseEstimator:
    """Detects people and estimates their poses. Thread-safe.

    Parameters
    ----------
    model : str or path
        A model file, or the name of an installed model (`list_models`). The default is in this package.
    size : int or (int, int), optional
        Side, or width and height, of the network's input in pixels: 257 is fast and detects people taller than about a
        third of the image, 513 detects most. Default: the model's own, or 513.
    precision : {"auto", "fp32", "bf16", "int8"}
        "auto" is the fastest on this CPU that there is a model for.
    threads : int
        Threads per call; 0 is one per core.
    decoder : {"hough", "tfjs", "coral", "single"}, optional
        Hough voting is the most accurate; "single" is for images of one person. Default: the model's own.
    max_poses, score_threshold, nms_radius : optional
        Most poses in a result, least score of a pose, and the radius of non-maximum suppression in pixels of the input.
        Defaults: those of the decoder.
    fit : {"pad", "stretch", "crop"}, optional
        How images are fitted to an input of another shape.
    resampling : {"bilinear", "nearest", "antialiased"}, optional
        Interpolation of the resized image.
    output_stride : {8, 16, 32}, optional
        Input pixels per cell of the heatmap.
    mirrored : bool
        Mirror positions, for images from a mirrored camera.
    refine : str or path, optional
        "lightning" or "thunder" estimates each person again by MoveNet on a crop, which is far more accurate.
    proposals : str or path, optional
        "multipose" adds the people that MoveNet MultiPose detects; needs `refine`.
    preset : {"tfjs"}, optional
        Reproduces TensorFlow.js PoseNet.
    instruction_set : str, optional
        One of `supported_instruction_sets`. Default: the best.

    Examples
    --------
    >>> estimator = posenet.PoseEstimator(size=257, threads=1)
    >>> estimator.options["size"]
    (257, 257)
    >>> poses = estimator.estimate(photo)
    >>> [len(poses) > 0 for poses in estimator.map([photo, photo])]
    [True, True]
    """

    def __init__(
        self,
        model: Path | None = None,
        *,
        size: Size | None = None,
        precision: Literal["auto", "fp32", "bf16", "int8"] = "auto",
        threads: int = 0,
        decoder: Decoder | None = None,
        max_poses: int | None = None,
        score_threshold: float | None = None,
        nms_radius: float | None = None,
        fit: Literal["pad", "stretch", "crop"] | None = None,
        resampling: Literal["bilinear", "nearest", "antialiased"] | None = None,
        output_stride: int | None = None,
        mirrored: bool = False,
        refine: Path | None = None,
        proposals: Path | None = None,
        preset: Literal["tfjs"] | None = None,
        instruction_set: str | None = None,
    ) -> None:
        if model is None:
            # The preset names its own model.
            model = "" if preset is not None else _BUNDLED
        width, height = (0, 0) if size is None else width_and_height(size)
        self._arguments: dict[str, Any] = {
            "model": resolve(model) if model else "",
            "width_px": width,
            "height_px": height,
            "precision": precision,
            "threads": threads,
            "decoder": decoder,
            "max_poses": max_poses,
            "score_threshold": score_threshold,
            "nms_radius_px": nms_radius,
            "fit": fit,
            "resampling": resampling,
            "output_stride": output_stride or 0,
            "is_mirrored": mirrored,
            "refine": _refiner(refine),
            "proposals": _refiner(proposals),
            "preset": preset,
            "instruction_set": instruction_set or "",
        }
        self._estimator = _posenet.Estimator(**self._arguments)
        self._single_threaded: _posenet.Estimator | None = None

    @property
    def options(self) -> dict[str, Any]:
        """The options in effect, with all defaults resolved."""
        return self._estimator.options()

    def __repr__(self) -> str:
        options = self.options
        width, height = options["size"]
        return f"<PoseEstimator: {options['model']}, {width}x{height}, {options['precision']}>"

    def __getstate__(self) -> dict[str, Any]:
        return self._arguments

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._arguments = state
        self._estimator = _posenet.Estimator(**state)
        self._single_threaded = None

    def estimate(self, image: Image, *, color: Color = "rgb") -> Poses:
        """The people in an image.

        Parameters
        ----------
        image : numpy.ndarray, PIL.Image.Image, str, os.PathLike or bytes
            Pixels: uint8, shape (height, width), (height, width, 3) or (height, width, 4), which are not copied. A path.
            The content of an image file.
        color : {"rgb", "bgr"}
            The order of the channels of an array; OpenCV's is "bgr".

        Returns
        -------
        Poses
            In pixels of `image`. None is not an error.
        """
        return _estimate(self._estimator, image, color)

    __call__ = estimate

    def map(self, images: Iterable[Image], *, color: Color = "rgb", workers: int | None = None) -> Iterator[Poses]:
        """The people in many images, in their order, on all cores.

        Each image runs on one thread, several at a time, which is faster than several threads per image. At most two
        images per worker are taken ahead from `images`, so that it may be endless.

        Parameters
        ----------
        images : iterable
            As for `estimate`. Paths are read and decoded by the workers.
        color : {"rgb", "bgr"}
            The order of the channels of arrays.
        workers : int, optional
            Images at a time. Default: one per core.
        """
        count = _core_count() if workers is None else workers
        if count < 1:
            raise InvalidArgumentError(f"workers: expected at least 1, got {workers}")
        return self._map(iter(images), color, count)

    def _map(self, images: Iterator[Image], color: Color, workers: int) -> Iterator[Poses]:
        if self._single_threaded is None:
            arguments: dict[str, Any] = {**self._arguments, "threads": 1}
            is_single = self.options["threads"] == 1
            self._single_threaded = self._estimator if is_single else _posenet.Estimator(**arguments)
        estimator = self._single_threaded
        pending: deque[Future[Poses]] = deque()
        with ThreadPoolExecutor(workers, thread_name_prefix="posenet") as pool:
            try:
                for image in images:
                    pending.append(pool.submit(_estimate, estimator, image, color))
                    if len(pending) >= 2 * workers:
                        yield pending.popleft().result()
                while pending:
                    yield pending.popleft().result()
            finally:
                # After an error, or if the caller stops early.
                for future in pending:
                    future.cancel()


def _core_count() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _estimate(estimator: _posenet.Estimator, image: Image, color: Color) -> Poses:
    keypoints, scores, size = estimator.estimate(image, color)
    return Poses(keypoints, scores, image_size=size, image=image, color=color)


def _refiner(model: Path | None) -> str:
    if model is None:
        return ""
    if isinstance(model, str) and model in ("lightning", "thunder", "multipose"):
        return model
    return resolve(model)


_default: dict[tuple[tuple[str, Any], ...], PoseEstimator] = {}


def estimate(image: Image, *, color: Color = "rgb", **options: Any) -> Poses:
    """The people in an image.

    The estimator is kept for the next call with the same options. For several sets of options, or many images, create
    a `PoseEstimator`.

    Parameters
    ----------
    image, color
        As for `PoseEstimator.estimate`.
    **options
        As for `PoseEstimator`.

    Examples
    --------
    >>> poses = posenet.estimate(photo, size=257)
    >>> x, y, score = poses[0]["left_wrist"]
    """
    key = tuple(sorted(options.items()))
    estimator = _default.get(key)
    if estimator is None:
        estimator = PoseEstimator(**options)
        _default.clear()
        _default[key] = estimator
    return estimator.estimate(image, color=color)


def decode(
    heatmap: npt.ArrayLike,
    offsets: npt.ArrayLike,
    displacement_fwd: npt.ArrayLike | None = None,
    displacement_bwd: npt.ArrayLike | None = None,
    *,
    output_stride: int,
    decoder: Literal["hough", "tfjs", "tfjs_single", "coral"] = "hough",
    logits: bool = True,
    layout: Literal["nhwc", "nchw"] = "nhwc",
    max_poses: int | None = None,
    score_threshold: float | None = None,
    nms_radius: float | None = None,
) -> Poses:
    """Poses from the raw outputs of a PoseNet that ran anywhere.

    Parameters
    ----------
    heatmap, offsets, displacement_fwd, displacement_bwd : array_like
        17, 34, 32 and 32 channels, shape (height, width, channels) or (channels, height, width), with or without a
        leading 1. float32 arrays of the former shape are not copied. "tfjs_single" needs the first two only.
    output_stride : int
        Input pixels per cell: 8, 16 or 32.
    decoder : {"hough", "tfjs", "tfjs_single", "coral"}
        The algorithm.
    logits : bool
        Whether the heatmap is before the sigmoid.
    layout : {"nhwc", "nchw"}
        Where the channels are: last, as in TensorFlow, or first, as in PyTorch and ONNX.
    max_poses, score_threshold, nms_radius : optional
        As for `PoseEstimator`.

    Returns
    -------
    Poses
        In pixels of the network's input.
    """
    if layout not in ("nhwc", "nchw"):
        raise InvalidArgumentError(f"layout: expected 'nhwc' or 'nchw', got {layout!r}")

    def rows_first(name: str, values: npt.ArrayLike | None) -> npt.NDArray[Any] | None:
        if values is None:
            return None
        array = np.asarray(values)
        if array.ndim == 4 and array.shape[0] == 1:
            array = array[0]
        if array.ndim != 3 or array.dtype.kind not in "fiu":
            raise InvalidArgumentError(
                f"{name}: expected numbers of shape (height, width, channels), got {array.dtype} of shape {array.shape}"
            )
        return array if layout == "nhwc" else array.transpose(1, 2, 0)

    keypoints, scores = _posenet.decode(
        rows_first("heatmap", heatmap),
        rows_first("offsets", offsets),
        rows_first("displacement_fwd", displacement_fwd),
        rows_first("displacement_bwd", displacement_bwd),
        output_stride,
        decoder,
        logits,
        max_poses,
        score_threshold,
        nms_radius,
    )
    return Poses(keypoints, scores)
