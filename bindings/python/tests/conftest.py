# SPDX-License-Identifier: Apache-2.0
"""Fixtures. Models are those of scripts/fetch-models; without them, tests that need one skip and say so."""

import os
from pathlib import Path

import numpy as np
import pytest

SOURCE = Path(__file__).resolve().parents[3]
os.environ.setdefault("POSENET_MODELS", str(SOURCE / "models"))

import posenet  # noqa: E402
from posenet import _posenet  # noqa: E402

_PHOTO = SOURCE / "models/node_modules/weights-mobilenet100/assets/human-sample-body.jpg"


@pytest.fixture(scope="session")
def photo_path() -> Path:
    """A photo of one person."""
    if not _PHOTO.exists():
        pytest.skip("the sample photo is not there; scripts/fetch-models gets it")
    return _PHOTO


@pytest.fixture(scope="session")
def photo(photo_path: Path) -> np.ndarray:
    """Its pixels, RGB."""
    return _posenet.read_image(photo_path, "rgb")


@pytest.fixture(scope="session")
def estimator() -> posenet.PoseEstimator:
    """The default model, small, on one thread."""
    if "mobilenet075-int8" not in posenet.list_models():
        pytest.skip("the model mobilenet075-int8 is not there; scripts/fetch-models mobilenet075-int8 makes it")
    return posenet.PoseEstimator(size=161, threads=1)


@pytest.fixture
def poses() -> posenet.Poses:
    """Two people with distinct numbers."""
    keypoints = np.arange(2 * 17 * 3, dtype=np.float32).reshape(2, 17, 3)
    keypoints[:, :, 2] = np.linspace(0.1, 0.9, 34).reshape(2, 17)
    return posenet.Poses(keypoints, [0.9, 0.4], image_size=(640, 480))
