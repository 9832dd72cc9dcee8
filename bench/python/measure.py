#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the Python module costs beside the library: bench/python/run calls it.

    measure.py BUILD_FOLDER [ROUNDS]

Prints the machine and, each beside its goal: the overhead of a call of Python and of C, PoseEstimator.map beside
`posenet bench`, two Python threads beside one, and the growth of memory over 10,000 calls. What is compared takes turns,
so that other load on the machine affects both; numbers are medians.
"""

import ctypes
import gc
import json
import os
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any, Callable

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("POSENET_MODELS", str(ROOT / "models"))
sys.path.insert(0, str(ROOT / "examples"))

import numpy as np  # noqa: E402

import ctypes_poses as c_api  # noqa: E402
import posenet  # noqa: E402

MODEL = "mobilenet075-int8"
SMALL = 33  # The smallest input, which leaves the overhead the largest part of a call.
SIZE = 257
COUNT = 1000  # Images for map.


def machine_line() -> str:
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    flags = set(next(line for line in open("/proc/cpuinfo") if line.startswith("flags")).split())
    compiler = subprocess.run(["c++", "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    virtual = ", virtual" if "hypervisor" in flags else ""
    return (
        f"Machine: {cpu} ({posenet.supported_instruction_sets()[0]}), {os.cpu_count()} cores{virtual}; {compiler}; "
        f"Python {platform.python_version()}, NumPy {np.__version__}; {MODEL}"
    )


def resident_kb() -> int:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def seconds_of(clock: Callable[[], float], call: Callable[[], Any]) -> float:
    start = clock()
    call()
    return clock() - start


class CCall:
    """posenet_estimator_estimate with arguments that are made once, so that a call is little but the library's."""

    def __init__(self, library_folder: Path, size: int, image: np.ndarray) -> None:
        library = ctypes.CDLL(str(library_folder / "libposenet.so.0"))
        library.posenet_error_create.restype = ctypes.c_void_p
        self._error = ctypes.c_void_p(library.posenet_error_create())
        model = ctypes.c_void_p()
        estimator = ctypes.c_void_p()
        path = str(posenet.Model(MODEL).file).encode()
        assert library.posenet_model_load(path, ctypes.byref(model), self._error) == 0
        options = c_api.EstimatorOptions()
        library.posenet_estimator_options_init(ctypes.byref(options), ctypes.c_size_t(ctypes.sizeof(options)))
        options.input_width_px = options.input_height_px = size
        options.thread_count = 1
        assert (
            library.posenet_estimator_create(model, ctypes.byref(options), ctypes.byref(estimator), self._error) == 0
        )
        height, width = image.shape[:2]
        self._pixels = image.tobytes()
        self._image = c_api.Image(self._pixels, width, height, 0, c_api.PIXEL_RGB)
        self._poses = (c_api.Pose * c_api.CAPACITY)()
        self._count = ctypes.c_size_t()
        self._function = library.posenet_estimator_estimate
        self._arguments = (
            estimator,
            ctypes.byref(self._image),
            None,
            self._poses,
            ctypes.c_size_t(c_api.CAPACITY),
            ctypes.byref(self._count),
            self._error,
        )

        self._null_arguments = (None, *self._arguments[1:-1], None)

    def __call__(self) -> int:
        return int(self._function(*self._arguments))

    def return_at_once(self) -> int:
        """The same without an estimator: what the call costs Python."""
        return int(self._function(*self._null_arguments))


def report(what: str, value: str, goal: str, is_met: bool) -> None:
    print(f"| {what} | {value} | {goal} | {'yes' if is_met else 'no'} |", flush=True)


def measure_overhead(library_folder: Path, rounds: int) -> None:
    image = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    estimator = posenet.PoseEstimator(MODEL, size=SMALL, threads=1)
    c_call = CCall(library_folder, SMALL, image)
    for _ in range(200):
        estimator.estimate(image)
        c_call()
    calls = (lambda: estimator.estimate(image), c_call, c_call.return_at_once)
    samples = [[seconds_of(time.thread_time, call) for call in calls] for _ in range(500 * rounds)]
    overhead_us = 1e6 * median(python - (c - empty) for python, c, empty in samples)
    c_us = 1e6 * median(c - empty for _, c, empty in samples)
    empty_us = 1e6 * median(empty for _, _, empty in samples)
    report(
        f"overhead of a call, beside the library (a call takes {c_us:.0f} us there)",
        f"{overhead_us:.0f} us",
        "at most 50 us",
        overhead_us <= 50,
    )
    report(
        "a call of the C interface that returns at once, with what ctypes takes",
        f"{empty_us:.0f} us",
        "at most 50 us",
        empty_us <= 50,
    )


def bench_ms(command: Path, threads: int) -> float:
    """The time per image of `posenet bench` on `threads` threads, end to end."""
    arguments = ["--model", MODEL, "--size", str(SIZE), "--precision", "int8", "--threads", str(threads)]
    done = subprocess.run(
        [command, "bench", *arguments, "--rounds", "40", "--json"], capture_output=True, text=True, check=True
    )
    return float(json.loads(done.stdout)["results"][0]["end_to_end"]["median_ms"])


def measure_map(command: Path, rounds: int) -> None:
    # Distinct images, as a user has; a camera's size, as `posenet bench` has.
    random = np.random.default_rng(2)
    images = [random.integers(0, 256, (480, 640, 3), np.uint8) for _ in range(50)]
    estimator = posenet.PoseEstimator(MODEL, size=SIZE)
    list(estimator.map(images[:8], workers=2))
    part = max(COUNT // rounds, len(images))
    ratios = []
    for _ in range(rounds):
        before = bench_ms(command, 2)
        stream = (images[i % len(images)] for i in range(part))
        ms = 1e3 * seconds_of(time.perf_counter, lambda: list(estimator.map(stream, workers=2))) / part
        ratios.append((before + bench_ms(command, 2)) / 2 / ms)
    ratio = median(ratios)
    report(
        f"map over {part * rounds} images on two threads, speed beside `posenet bench --threads 2`",
        f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
        "at least 0.95",
        ratio >= 0.95,
    )


def measure_threads(rounds: int) -> None:
    image = np.random.default_rng(3).integers(0, 256, (480, 640, 3), np.uint8)
    estimator = posenet.PoseEstimator(MODEL, size=SIZE, threads=1)
    # Two workers that wait, and work at the same time.
    begin, end = threading.Barrier(3), threading.Barrier(3)

    def work() -> None:
        for _ in range(4):
            estimator.estimate(image)

    def worker() -> None:
        while True:
            begin.wait()
            work()
            end.wait()

    def on_two_threads() -> None:
        begin.wait()
        end.wait()

    # Ahead of other processes, where that is allowed, in bursts of some 30 ms with rests between them: on a busy machine,
    # the numbers would otherwise show how much of it this process gets. Threads inherit it.
    policy, priority = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        pass
    for _ in range(2):
        threading.Thread(target=worker, daemon=True).start()
    on_two_threads()

    def seconds_rested(call: Callable[[], Any]) -> float:
        time.sleep(0.05)
        return seconds_of(time.perf_counter, call)

    ratios = sorted(2 * seconds_rested(work) / seconds_rested(on_two_threads) for _ in range(40 * rounds))
    is_ahead = os.sched_getscheduler(0) == os.SCHED_RR
    os.sched_setscheduler(0, policy, priority)
    ratio = median(ratios)
    report(
        f"two Python threads{', ahead of other processes' if is_ahead else ''}, images per second beside one",
        f"{ratio:.2f} (middle half {ratios[len(ratios) // 4]:.2f} to {ratios[3 * len(ratios) // 4]:.2f})",
        "at least 1.7",
        ratio >= 1.7,
    )


def measure_memory(library_folder: Path) -> None:
    image = np.random.default_rng(4).integers(0, 256, (64, 64, 3), np.uint8)
    estimator = posenet.PoseEstimator(MODEL, size=SMALL, threads=1)
    tracker = posenet.PoseTracker()
    c_call = CCall(library_folder, SMALL, image)
    maps = [np.full((9, 9, channels), -1, np.float32) for channels in (17, 34, 32, 32)]
    times = iter(range(10**9))

    def fails() -> None:
        try:
            estimator.estimate(image.astype(np.float32))
        except posenet.Error:
            pass

    calls = {
        "estimate": lambda: estimator.estimate(image),
        "map": lambda: list(estimator.map([image])),
        "decode": lambda: posenet.decode(*maps, output_stride=16),
        "tracker.update": lambda: tracker.update(estimator.estimate(image), time_s=next(times)),
        "a call that fails": fails,
        "C, posenet_estimator_estimate": c_call,
    }
    for name, call in calls.items():
        for _ in range(1000):
            call()
        gc.collect()
        before = resident_kb()
        for _ in range(10_000):
            call()
        gc.collect()
        growth_kb = resident_kb() - before
        # A page or two per thousand calls would be a leak of a few bytes per call.
        report(f"growth of memory over 10,000 calls, {name}", f"{growth_kb} KB", "none (below 256 KB)", growth_kb < 256)


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print("usage: measure.py BUILD_FOLDER [ROUNDS]", file=sys.stderr)
        return 2
    build = Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) == 3 else 5
    load = os.getloadavg()[0]
    print(machine_line())
    print("\n| measured | result | goal | met |\n|---|---|---|---|", flush=True)
    measure_overhead(build / "bindings/c", rounds)
    measure_map(build / "bin/posenet", rounds)
    measure_threads(rounds)
    measure_memory(build / "bindings/c")
    print(f"\nLoad {load:.1f} before, {os.getloadavg()[0]:.1f} at the end; {rounds} rounds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
