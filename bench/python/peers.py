#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The module beside what else a Python user can install from Debian: bench/python/run calls it.

    peers.py [ROUNDS]

Prints lines of code, install size, import time and time per image of posenet and of OpenCV DNN with a decoder written by
hand, which run the same network, one thread, in fp32, in turns.
"""

import importlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

import numpy as np  # noqa: E402

import measure  # noqa: E402
import posenet  # noqa: E402

PHOTO = measure.ROOT / "models/node_modules/weights-mobilenet100/assets/human-sample-body.jpg"


def lines_of_code(file: Path) -> int:
    """Without blank lines, comments and the docstring."""
    code = file.read_text(encoding="utf-8")
    if '"""' in code:
        code = code[: code.index('"""')] + code[code.index('"""', code.index('"""') + 3) + 3 :]
    return sum(1 for line in code.splitlines() if line.strip() and not line.strip().startswith("#"))


def debian_kb(package: str) -> int:
    """The size of a package with all that it needs beside Python and NumPy."""

    def closure(name: str) -> set[str]:
        found: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current in found:
                continue
            shown = subprocess.run(
                ["dpkg-query", "-W", "-f", "${Depends}, ${Pre-Depends}", current], capture_output=True, text=True
            )
            if shown.returncode != 0:
                continue  # Virtual, or an alternative that is not installed.
            found.add(current)
            for clause in shown.stdout.split(","):
                waiting += [choice.split("(")[0].split(":")[0].strip() for choice in clause.split("|") if choice.strip()]
        return found

    packages = closure(package) - closure("python3-numpy") - closure("python3")
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Installed-Size}\n", *packages], capture_output=True, text=True, check=True
    )
    return sum(map(int, shown.stdout.split()))


def folder_kb(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) // 1024


def import_ms(name: str, rounds: int) -> float:
    """CPU time of the import after that of NumPy, which both need."""
    program = f"import time, numpy; start = time.process_time(); import {name}; print(time.process_time() - start)"
    run = [sys.executable, "-c", program]
    return median(
        1e3 * float(subprocess.run(run, capture_output=True, text=True, check=True).stdout) for _ in range(2 * rounds)
    )


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    image = posenet._posenet.read_image(PHOTO, "rgb")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MODEL"] = str(Path(folder) / "model.onnx")
        exported = Path(folder) / "exported.onnx"
        posenet.Model("mobilenet075").export_onnx(exported, size=257)
        # For OpenCV 4.6, which reads an older form of one operator.
        rewrite = measure.ROOT / "bench/peers/clip_attributes.py"
        subprocess.run([sys.executable, rewrite, exported, os.environ["MODEL"]], check=True)
        programs = {name: importlib.import_module(name) for name in ("with_posenet", "with_opencv")}
        import cv2

        samples: dict[str, list[float]] = {name: [] for name in programs}
        found = {name: program.keypoints_of(image) for name, program in programs.items()}
        for _ in range(20 * rounds):
            for name, program in programs.items():
                start = time.process_time()
                program.keypoints_of(image)
                samples[name].append(1e3 * (time.process_time() - start))
    ms = {name: median(values) for name, values in samples.items()}
    seen = found["with_posenet"][0, :, 2] > 0.5
    distance = np.median(np.linalg.norm(found["with_posenet"][0, seen, :2] - found["with_opencv"][0, seen, :2], axis=1))
    wheels = sorted((measure.ROOT / "dist").glob("posenet-*.whl"))
    wheel = f", wheel {wheels[-1].stat().st_size / 1e6:.1f} MB" if wheels else ""
    print(f"{measure.machine_line()}; OpenCV {cv2.__version__}; load {os.getloadavg()[0]:.1f}.\n")
    print("| | lines of code | people | install size | import, CPU ms | image to keypoints, CPU ms | ratio |")
    print("|---|---|---|---|---|---|---|")
    size = folder_kb(Path(posenet.__file__).parent)
    print(
        f"| posenet | {lines_of_code(FOLDER / 'with_posenet.py')} | any number | {size / 1024:.0f} MB{wheel} | "
        f"{import_ms('posenet', rounds):.0f} | {ms['with_posenet']:.1f} | 1.00 |"
    )
    print(
        f"| OpenCV DNN, decoder by hand | {lines_of_code(FOLDER / 'with_opencv.py')} | one | "
        f"{debian_kb('python3-opencv') / 1024:.0f} MB | {import_ms('cv2', rounds):.0f} | {ms['with_opencv']:.1f} | "
        f"{ms['with_opencv'] / ms['with_posenet']:.2f} |"
    )
    print(f"\nMedian distance of a keypoint that scores above 0.5: {distance:.1f} px of {max(image.shape)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
