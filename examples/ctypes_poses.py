#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the keypoints of the people in an image, by the C interface and nothing but Python's standard library.

    ctypes_poses.py MODEL IMAGE

MODEL is a model file, such as mobilenet100.safetensors; IMAGE is a binary PPM file (P6), which most image programs
write. libposenet.so.0 is looked up as every shared library is: LD_LIBRARY_PATH names the folder of one that is not
installed in the system.

Other languages use the C interface in the same way: declare the structs of posenet/c.h, and call.
"""
import ctypes as c
import re
import sys

MIN_POSE_SCORE = 0.15  # Poses of a lower score are mostly duplicates and false detections,
MIN_KEYPOINT_SCORE = 0.3  # keypoints of a lower score guesses.

PIXEL_RGB = 0
PART_COUNT = 17
CAPACITY = 20  # As many poses as the default decoder returns.


class Image(c.Structure):
    _fields_ = [("data", c.c_char_p), ("width_px", c.c_int32), ("height_px", c.c_int32),
                ("row_stride_bytes", c.c_ssize_t), ("format", c.c_int32)]


class Keypoint(c.Structure):
    _fields_ = [("x_px", c.c_float), ("y_px", c.c_float), ("score", c.c_float)]


class Pose(c.Structure):
    _fields_ = [("score", c.c_float), ("keypoints", Keypoint * PART_COUNT)]


class EstimatorOptions(c.Structure):
    _fields_ = [("struct_size", c.c_size_t), ("input_width_px", c.c_int32), ("input_height_px", c.c_int32),
                ("fit", c.c_int32), ("resampling", c.c_int32), ("output_stride", c.c_int32), ("decoder", c.c_int32),
                ("max_poses", c.c_int32), ("score_threshold", c.c_float), ("nms_radius_px", c.c_float),
                ("mirror", c.c_int32), ("precision", c.c_int32), ("thread_count", c.c_int32),
                ("instruction_set", c.c_char_p), ("refiner", c.c_void_p), ("proposer", c.c_void_p)]


class PoseNetError(Exception):
    """The message of a call that failed."""


class Library:
    """libposenet, whose functions raise PoseNetError. For one thread, as its error handle is."""

    def __init__(self):
        self._library = c.CDLL("libposenet.so.0")
        self.part_name = self._library.posenet_part_name
        self.part_name.restype = c.c_char_p
        self._library.posenet_error_create.restype = c.c_void_p
        self._library.posenet_error_message.argtypes = [c.c_void_p]
        self._library.posenet_error_message.restype = c.c_char_p
        self._error = c.c_void_p(self._library.posenet_error_create())

    def call(self, name, *arguments):
        """Calls the function of that name, whose last parameter is the error handle."""
        if getattr(self._library, name)(*arguments, self._error) != 0:
            raise PoseNetError(self._library.posenet_error_message(self._error).decode())

    def init(self, options, name):
        """Sets a struct to its defaults by the function of that name."""
        if getattr(self._library, name)(c.byref(options), c.c_size_t(c.sizeof(options))) != 0:
            raise PoseNetError(f"{name}: this program was written for another version of the library")
        return options

    def create_estimator(self, model_path, size_px):
        """A handle, which this short program does not destroy."""
        model = c.c_void_p()
        self.call("posenet_model_load", str(model_path).encode(), c.byref(model))
        options = self.init(EstimatorOptions(), "posenet_estimator_options_init")
        options.input_width_px = options.input_height_px = size_px
        estimator = c.c_void_p()
        self.call("posenet_estimator_create", model, c.byref(options), c.byref(estimator))
        self._library.posenet_model_destroy(model)
        return estimator

    def estimate(self, estimator, width_px, height_px, rgb):
        """The poses of the people in an image; rgb is its pixels as bytes. Other Python threads run meanwhile."""
        image = Image(rgb, width_px, height_px, 0, PIXEL_RGB)
        poses = (Pose * CAPACITY)()
        count = c.c_size_t()
        self.call("posenet_estimator_estimate", estimator, c.byref(image), None, poses, c.c_size_t(CAPACITY),
                  c.byref(count))
        return poses[:count.value]


def read_ppm(path):
    """The width, the height and the RGB bytes of a binary PPM file without comments."""
    with open(path, "rb") as file:
        content = file.read()
    header = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", content)
    if not header:
        raise PoseNetError(f"{path}: not a binary PPM file (P6) with 255 levels")
    width, height = int(header[1]), int(header[2])
    rgb = content[header.end():]
    if len(rgb) != width * height * 3:
        raise PoseNetError(f"{path}: {len(rgb)} bytes of pixels; expected {width * height * 3}")
    return width, height, rgb


def main():
    if len(sys.argv) != 3:
        print("usage: ctypes_poses.py MODEL IMAGE.ppm", file=sys.stderr)
        return 2
    try:
        library = Library()
        estimator = library.create_estimator(sys.argv[1], 513)
        width_px, height_px, rgb = read_ppm(sys.argv[2])
        poses = [pose for pose in library.estimate(estimator, width_px, height_px, rgb) if pose.score >= MIN_POSE_SCORE]
    except (OSError, PoseNetError) as error:
        print(f"ctypes_poses.py: {error}", file=sys.stderr)
        return 1
    print(f"image: {width_px} x {height_px} pixels, people: {len(poses)}")
    for pose in poses:
        print(f"a person, score {pose.score:.2f}")
        for part, keypoint in enumerate(pose.keypoints):
            if keypoint.score >= MIN_KEYPOINT_SCORE:
                name = library.part_name(part).decode()
                print(f"  {name:<14} x {keypoint.x_px:6.1f}  y {keypoint.y_px:6.1f}  score {keypoint.score:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
