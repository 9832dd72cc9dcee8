# SPDX-License-Identifier: Apache-2.0
"""``python -m posenet`` is the command ``posenet``, where it is installed."""

from __future__ import annotations

import os
import shutil
import sys


def main() -> int:
    """Replaces this process by the command."""
    command = shutil.which("posenet")
    if command is None:
        print("error: the command posenet is not installed; see README.md of the project", file=sys.stderr)
        return 1
    os.execv(command, [command, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
