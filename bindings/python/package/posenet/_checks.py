# SPDX-License-Identifier: Apache-2.0
"""Types of options, checked where Python's callers see it, so that messages name the option."""

from __future__ import annotations

import operator
from typing import Any

__all__ = ["flag", "integer", "optional_integer", "optional_real", "optional_text", "real", "text"]


def _wrong(name: str, expected: str, value: Any) -> TypeError:
    return TypeError(f"{name}: expected {expected}, got {value!r} of type {type(value).__name__}")


def integer(name: str, value: Any) -> int:
    """`value` as an int of at most 31 bits; NumPy's integers are integers, truth values are not."""
    if isinstance(value, bool):
        raise _wrong(name, "an integer", value)
    try:
        number = operator.index(value)
    except TypeError:
        raise _wrong(name, "an integer", value) from None
    # Out of every range, and still in that of C++.
    return max(min(number, 2**31 - 1), -(2**31))


def real(name: str, value: Any) -> float:
    """`value` as a float."""
    if isinstance(value, (bool, str, bytes)):
        raise _wrong(name, "a number", value)
    try:
        return float(value)
    except (TypeError, ValueError):
        raise _wrong(name, "a number", value) from None


def text(name: str, value: Any) -> str:
    """`value`, a str."""
    if not isinstance(value, str):
        raise _wrong(name, "a string", value)
    return value


def flag(name: str, value: Any) -> bool:
    """`value`, True or False."""
    if not isinstance(value, bool):
        raise _wrong(name, "True or False", value)
    return value


def optional_integer(name: str, value: Any) -> int | None:
    """The same, or None."""
    return None if value is None else integer(name, value)


def optional_real(name: str, value: Any) -> float | None:
    """The same, or None."""
    return None if value is None else real(name, value)


def optional_text(name: str, value: Any) -> str | None:
    """The same, or None."""
    return None if value is None else text(name, value)
