# SPDX-License-Identifier: Apache-2.0
# The extension module (bindings/python/src).
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ._errors import Error as Error

__version__: str

_Poses = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]

class Estimator:
    def __init__(
        self,
        *,
        model: str,
        width_px: int,
        height_px: int,
        precision: str,
        threads: int,
        decoder: str | None,
        max_poses: int | None,
        score_threshold: float | None,
        nms_radius_px: float | None,
        fit: str | None,
        resampling: str | None,
        output_stride: int,
        is_mirrored: bool,
        refine: str,
        proposals: str,
        preset: str | None,
        instruction_set: str,
    ) -> None: ...
    def estimate(
        self, image: Any, color: str
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], tuple[int, int]]: ...
    def options(self) -> dict[str, Any]: ...

class Tracker:
    def __init__(
        self,
        *,
        similarity: str,
        max_tracks: int,
        max_age_ms: float,
        min_keypoint_score: float,
        min_new_score: float,
    ) -> None: ...
    def update(
        self, keypoints: npt.NDArray[Any], scores: npt.NDArray[Any], time_s: float
    ) -> npt.NDArray[np.int64]: ...
    def reset(self) -> None: ...

class Smoother:
    def __init__(
        self,
        *,
        min_cutoff_hz: float,
        beta: float,
        derivative_cutoff_hz: float,
        noise: float,
        max_age_ms: float,
    ) -> None: ...
    def smooth(
        self, keypoints: npt.NDArray[Any], scores: npt.NDArray[Any], ids: npt.NDArray[Any], time_s: float
    ) -> _Poses: ...
    def reset(self) -> None: ...

class OneFollower:
    def __init__(
        self, estimator: Estimator, *, region_scale: float, min_pose_score: float, min_keypoint_score: float
    ) -> None: ...
    def estimate(self, image: Any, color: str) -> _Poses: ...
    def reset(self) -> None: ...

class ManyFollower:
    def __init__(self, estimator: Estimator, *, propose_every: int, min_pose_score: float) -> None: ...
    def estimate(self, image: Any, color: str, time_s: float) -> _Poses: ...
    def reset(self) -> None: ...

class Localizer:
    def __init__(
        self,
        *,
        file: str,
        crops: int,
        uncertainty_passes: int,
        seed: int,
        has_features: bool,
        threads: int,
        instruction_set: str,
    ) -> None: ...
    def localize(self, image: Any, color: str) -> dict[str, Any]: ...
    def localize_sequence(self, images: Any, color: str) -> list[dict[str, Any]]: ...
    def scene(self) -> dict[str, Any]: ...

def decode(
    heatmap: npt.NDArray[Any] | None,
    offsets: npt.NDArray[Any] | None,
    displacement_fwd: npt.NDArray[Any] | None,
    displacement_bwd: npt.NDArray[Any] | None,
    output_stride: int,
    decoder: str,
    is_logits: bool,
    max_poses: int | None,
    score_threshold: float | None,
    nms_radius_px: float | None,
) -> _Poses: ...
def read_image(image: Any, color: str) -> npt.NDArray[np.uint8]: ...
def encode_png(image: Any, color: str) -> bytes: ...
def write_image(path: Path, image: Any, color: str) -> None: ...
def draw_poses(
    image: Any,
    color: str,
    keypoints: npt.NDArray[Any],
    scores: npt.NDArray[Any],
    ids: npt.NDArray[Any] | None,
    min_keypoint_score: float,
    min_longer_side_px: int,
) -> npt.NDArray[np.uint8]: ...
def evaluate_coco(
    annotations_json: str, annotations_name: str, results_json: str, results_name: str
) -> dict[str, float]: ...
def to_openpose(
    keypoints: npt.NDArray[Any], scores: npt.NDArray[Any], ids: npt.NDArray[Any] | None, min_keypoint_score: float
) -> str: ...
def from_openpose(json: str, name: str) -> _Poses: ...
def resolve_model(name_or_file: str) -> Path: ...
def list_models(more_folders: list[Path]) -> list[tuple[str, Path]]: ...
def model_info(file: Path) -> dict[str, Any]: ...
def verify_model(file: Path) -> str: ...
def import_model(source: Path, output: Path, name: str) -> None: ...
def export_onnx(file: Path, output: Path, size: tuple[int, int] | None, output_stride: int) -> None: ...
def quantize_model(
    file: Path,
    images: list[Any],
    color: str,
    output: Path,
    to: str,
    name: str,
    sizes_px: list[int],
    time_budget: float | None,
    threads: int,
) -> None: ...
def supported_instruction_sets() -> list[str]: ...
def read_scene(data: Path, format: str | None, holdout: float | None, needs_photos: bool) -> dict[str, Any]: ...
def score_poses(truth: npt.NDArray[np.float64], estimates: npt.NDArray[np.float64]) -> dict[str, Any]: ...
