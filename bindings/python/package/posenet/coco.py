# SPDX-License-Identifier: Apache-2.0
"""COCO keypoint evaluation."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Union

from . import _posenet
from ._errors import Error
from ._types import Path

__all__ = ["evaluate"]


def evaluate(
    annotations: Union[Path, Mapping[str, Any]], results: Union[Path, Sequence[Mapping[str, Any]]]
) -> dict[str, float]:
    """The ten metrics of COCO keypoint evaluation.

    Parameters
    ----------
    annotations : path or dict
        A COCO keypoint annotation file, or its content.
    results : path or list of dict
        A COCO results file, or its content, such as that of `Poses.to_coco`. All must be on images of `annotations`.

    Returns
    -------
    dict
        "AP", "AP50", "AP75", "AP_medium", "AP_large" and the same for "AR", in [0, 1]; -1 where no annotated person is
        in the range.
    """
    annotations_text, annotations_name = _json_of(annotations, "annotations")
    results_text, results_name = _json_of(results, "results")
    return _posenet.evaluate_coco(annotations_text, annotations_name, results_text, results_name)


def _json_of(value: Any, name: str) -> tuple[str, str]:
    if isinstance(value, (str, os.PathLike)):
        path = os.fspath(value)
        try:
            with open(path, encoding="utf-8") as file:
                return file.read(), path
        except FileNotFoundError as failure:
            raise _error("not_found", f"{path}: no such file") from failure
        except UnicodeDecodeError as failure:
            raise _error("corrupt_data", f"{path}: is not a JSON file") from failure
    return json.dumps(value), name


def _error(code: str, message: str) -> Error:
    error = Error(message)
    error.code = code
    return error
