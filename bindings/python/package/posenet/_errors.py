# SPDX-License-Identifier: Apache-2.0
"""Exceptions."""

__all__ = ["Error", "InvalidArgumentError"]


class Error(Exception):
    """A failure of the library. The message is one line: what failed, where, and what was expected.

    Attributes
    ----------
    code : str
        ``"invalid_argument"``, ``"not_found"``, ``"permission_denied"``, ``"io"``, ``"corrupt_data"``,
        ``"unsupported"`` or ``"resource_exhausted"``.
    """

    code: str = "invalid_argument"


class InvalidArgumentError(Error, ValueError):
    """An argument is outside its documented range, or an array has the wrong shape or type."""
