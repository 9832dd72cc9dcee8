# SPDX-License-Identifier: Apache-2.0
"""A user's program, for the type checker alone: `mypy --strict` accepts it."""

import numpy as np
import numpy.typing as npt

import posenet


def wrists(frames: list[npt.NDArray[np.uint8]]) -> list[tuple[float, float]]:
    estimator = posenet.PoseEstimator("mobilenet100", size=(641, 481), precision="auto")
    found: list[tuple[float, float]] = []
    for poses in estimator.map(frames, color="bgr"):
        for pose in poses:
            x, y, score = pose["left_wrist"]
            if score > 0.5:
                found.append((x, y))
    return found


def camera(path: str) -> npt.NDArray[np.float64]:
    return posenet.CameraLocalizer(path).localize("photo.jpg").matrix


def quantized(model: posenet.Model, frames: list[npt.NDArray[np.uint8]]) -> posenet.Model:
    return model.quantize(frames, "small.safetensors", to="int8", size=[257, 513])
