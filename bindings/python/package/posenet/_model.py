# SPDX-License-Identifier: Apache-2.0
"""Model files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path as FilePath
from typing import Any, Literal

from . import _posenet
from ._checks import integer, optional_real, text
from ._sizes import width_and_height
from ._types import Color, Image, Path, Size

__all__ = ["Model", "list_models", "resolve", "supported_instruction_sets"]

_BUNDLED_FOLDER = FilePath(__file__).parent / "models"


def resolve(name_or_file: Path) -> str:
    """The model file that a name or path means."""
    if not isinstance(name_or_file, (str, os.PathLike)):
        kind = type(name_or_file).__name__
        raise TypeError(f"model: expected a name or a path, got {name_or_file!r} of type {kind}")
    name = os.fspath(name_or_file)
    if os.path.exists(name):
        return os.fspath(_posenet.resolve_model(name))
    bundled = _BUNDLED_FOLDER / f"{name}.safetensors"
    try:
        return os.fspath(_posenet.resolve_model(name))
    except _posenet.Error:
        # Installed models go first: beside them are the other precisions.
        if os.sep not in name and bundled.exists():
            return str(bundled)
        raise


def list_models() -> dict[str, FilePath]:
    """The models that can be given by name, and their files.

    Searched are the folder in the environment variable ``POSENET_MODELS``, those of installed programs, and the one in
    this package.
    """
    return {name: FilePath(file) for name, file in _posenet.list_models([_BUNDLED_FOLDER])}


def supported_instruction_sets() -> list[str]:
    """The instruction sets that both this CPU and the library have, best first."""
    return _posenet.supported_instruction_sets()


class Model:
    """A model file.

    Parameters
    ----------
    name_or_file : str or path
        A file, or a name in `list_models`.

    Attributes
    ----------
    file : pathlib.Path
        The file.
    info : dict
        "name", "architecture", "task" ("human-pose" or "camera-pose"), "precision", "output_stride", "source",
        "license", "parameter_count" and "layer_count".

    Examples
    --------
    >>> posenet.Model("mobilenet075-int8").info["architecture"]
    'MobileNetV1 0.75'
    """

    def __init__(self, name_or_file: Path) -> None:
        self.file = FilePath(resolve(name_or_file))
        self.info: dict[str, Any] = _posenet.model_info(self.file)

    def __repr__(self) -> str:
        return f"<Model: {self.info['name']}, {self.info['architecture']}, {self.info['precision']}>"

    def verify(self) -> str:
        """Reads every byte, and checks structure, hash and values. Returns the SHA-256 of the weights."""
        return _posenet.verify_model(self.file)

    def export_onnx(self, output: Path, *, size: Size | None = None, output_stride: int | None = None) -> None:
        """Writes the network as ONNX (operator set 13).

        Parameters
        ----------
        output : path
            The file to write.
        size : int or (int, int), optional
            Fixes the size of the input: a side, or width and height. Default: variable.
        output_stride : {8, 16, 32}, optional
            Default: the model's own.
        """
        fixed = None if size is None else width_and_height(size)
        _posenet.export_onnx(self.file, FilePath(output), fixed, output_stride or 0)

    def quantize(
        self,
        images: Path | Iterable[Image],
        output: Path,
        *,
        to: Literal["int8", "bf16"] = "int8",
        name: str | None = None,
        size: int | Sequence[int] | None = None,
        time_budget: float | None = None,
        threads: int = 0,
        color: Color = "rgb",
    ) -> Model:
        """Quantizes the weights, such that the outputs for `images` change least, and returns the new model.

        int8 is a third faster on CPUs with AVX2, and more on those with int8 dot products (VNNI); bfloat16 is for CPUs
        with AVX512-BF16. Takes seconds to minutes; Ctrl-C stops it.

        Parameters
        ----------
        images : path or iterable
            Calibration images: a folder, or images as for `PoseEstimator.estimate` and folders of them. About ten
            images of people are enough; of more than 64, an evenly spread sample is used. Do not use images on which
            the result will be evaluated.
        output : path
            The model file to write, a .safetensors. Next to the float model, ``precision="int8"`` finds it.
        to : {"int8", "bf16"}
            The type of the quantized weights.
        name : str, optional
            The model's name. Default: that of the output file.
        size : int or sequence of int, optional
            Sides of the network's input for calibration. Default: that of the model, or 257 and 513.
        time_budget : float, optional
            The time that the products of a run may take, relative to a network that is all int8, from 1 to 2. The extra
            time is spent on layers that are more accurate in bfloat16. Default: 1, or 1.5 for a MoveNet.
        threads : int
            Threads; 0 for one per core.
        color : {"rgb", "bgr"}
            The order of the channels of arrays.

        Raises
        ------
        Error
            With the code "unsupported" if the model is quantized already.

        Examples
        --------
        >>> model = posenet.Model("mobilenet100")  # doctest: +SKIP
        >>> model.quantize("photos", "mobilenet100-int8.safetensors").info["precision"]  # doctest: +SKIP
        'int8'
        """
        sizes = [] if size is None else list(size) if isinstance(size, Sequence) else [size]
        target = FilePath(output)
        _posenet.quantize_model(
            self.file,
            [images] if isinstance(images, (str, os.PathLike)) else list(images),
            color,
            target,
            text("to", to),
            target.stem if name is None else text("name", name),
            [integer("size", side) for side in sizes],
            optional_real("time_budget", time_budget),
            integer("threads", threads),
        )
        return Model(target)

    @staticmethod
    def import_file(source: Path, output: Path, *, name: str | None = None) -> Model:
        """Converts a PoseNet or MoveNet of TensorFlow.js (its model.json) or TensorFlow Lite, and returns it.

        Parameters
        ----------
        source : path
            The file to read.
        output : path
            The model file to write, a .safetensors.
        name : str, optional
            The model's name. Default: that of the output file.
        """
        target = FilePath(output)
        _posenet.import_model(FilePath(source), target, target.stem if name is None else name)
        return Model(target)
