# SPDX-License-Identifier: Apache-2.0
"""Sizes of network inputs."""

from __future__ import annotations

from ._errors import InvalidArgumentError
from ._types import Size

__all__ = ["width_and_height"]


def width_and_height(size: Size) -> tuple[int, int]:
    """Width and height of a square's side, or of a pair."""
    width, height = (size, size) if isinstance(size, int) else size
    if width < 1 or height < 1:
        raise InvalidArgumentError(f"size: expected a positive side, or width and height, got {size!r}")
    return int(width), int(height)
