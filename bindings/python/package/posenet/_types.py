# SPDX-License-Identifier: Apache-2.0
"""Types of arguments."""

from __future__ import annotations

import os
from typing import Any, Literal, Union

__all__ = ["Color", "Image", "Path", "Size"]

# An array of uint8, a PIL image or tensor, a path, or the content of an image file. NumPy's own types are too narrow for
# what NumPy accepts.
Image = Any

Path = Union[str, "os.PathLike[str]"]

# The order of the channels of an array.
Color = Literal["rgb", "bgr"]

# One side, or width and height.
Size = Union[int, "tuple[int, int]"]
