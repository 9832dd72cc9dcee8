# SPDX-License-Identifier: Apache-2.0
"""Sizes of network inputs."""

from __future__ import annotations

from ._checks import integer
from ._errors import InvalidArgumentError
from ._types import Size

__all__ = ["width_and_height"]


def width_and_height(size: Size) -> tuple[int, int]:
    """Width and height of a square's side, or of a pair."""
    if isinstance(size, (tuple, list)):
        if len(size) != 2:
            raise InvalidArgumentError(f"size: expected a side, or width and height, got {size!r}")
        width, height = (integer("size", side) for side in size)
    else:
        width = height = integer("size", size)
    if width < 1 or height < 1:
        raise InvalidArgumentError(f"size: expected a positive side, or width and height, got {size!r}")
    return width, height
