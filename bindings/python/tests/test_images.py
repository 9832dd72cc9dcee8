# SPDX-License-Identifier: Apache-2.0
"""Images in every form in which Python has them."""

import io

import numpy as np
import pytest

import posenet
from posenet import _posenet

RNG = np.random.default_rng(1)


def pixels(image, color="rgb"):
    return _posenet.read_image(image, color)


def test_layouts_are_read_as_numpy_reads_them():
    whole = RNG.integers(0, 256, (23, 31, 3), dtype=np.uint8)
    views = [
        whole,
        whole[::-1],
        whole[:, ::-1],
        whole[..., ::-1],
        whole[::2],
        whole[:, ::3],
        whole[3:20, 5:17],
        whole[::-2, ::-1, ::-1],
        whole.transpose(1, 0, 2),
        np.asfortranarray(whole),
        whole[:1],
        whole[:, :1],
        whole[:1, :1, ::-1],
        np.broadcast_to(whole[:1], (9, 31, 3)),
        np.broadcast_to(whole[:, :1], (23, 9, 3)),
        np.broadcast_to(whole[..., :1], (23, 31, 3)),
    ]
    for view in views:
        assert np.array_equal(pixels(view), view), view.strides
        assert np.array_equal(pixels(view, "bgr"), view[..., ::-1]), view.strides


def test_random_slices_are_read_as_numpy_reads_them():
    for _ in range(200):
        whole = RNG.integers(0, 256, (*RNG.integers(1, 12, 2), 3), dtype=np.uint8)
        steps = [slice(None, None, int(step)) for step in RNG.choice([-3, -2, -1, 1, 2, 3], 2)]
        view = whole[steps[0], steps[1], :: int(RNG.choice([-1, 1]))]
        assert np.array_equal(pixels(view), view), (view.shape, view.strides)


def test_gray_and_alpha_are_accepted():
    gray = RNG.integers(0, 256, (5, 7), dtype=np.uint8)
    expected = np.repeat(gray[..., None], 3, axis=2)
    assert np.array_equal(pixels(gray), expected)
    assert np.array_equal(pixels(gray[..., None]), expected)
    assert np.array_equal(pixels(gray.T), expected.transpose(1, 0, 2))
    rgba = RNG.integers(0, 256, (5, 7, 4), dtype=np.uint8)
    assert np.array_equal(pixels(rgba), rgba[..., :3])
    assert np.array_equal(pixels(rgba, "bgr"), rgba[..., 2::-1])


def test_read_only_arrays_are_accepted_and_nothing_is_changed():
    image = RNG.integers(0, 256, (6, 4, 3), dtype=np.uint8)
    before = image.copy()
    image.setflags(write=False)
    assert np.array_equal(pixels(image), before)
    assert np.array_equal(image, before)


def test_results_do_not_share_memory_with_the_image():
    image = np.zeros((6, 4, 3), dtype=np.uint8)
    result = pixels(image)
    image[:] = 255
    assert not result.any()


def test_files_and_their_content_are_the_same(photo_path, photo):
    content = photo_path.read_bytes()
    for form in (str(photo_path), photo_path, content, bytearray(content), memoryview(content)):
        assert np.array_equal(pixels(form), photo)


def test_pil_images_of_every_mode_are_accepted():
    image_module = pytest.importorskip("PIL.Image")
    rgb = image_module.fromarray(RNG.integers(0, 256, (9, 8, 3), dtype=np.uint8))
    for mode in ("RGB", "L", "RGBA", "CMYK", "P", "1", "YCbCr"):
        image = rgb.convert(mode)
        expected = np.asarray(image.convert("RGB"))
        assert np.array_equal(pixels(image), expected), mode


def test_png_round_trip():
    image = RNG.integers(0, 256, (9, 8, 3), dtype=np.uint8)
    assert np.array_equal(pixels(_posenet.encode_png(image, "rgb")), image)
    assert np.array_equal(pixels(_posenet.encode_png(image[..., ::-1], "bgr")), image)


@pytest.mark.parametrize(
    "image, expected",
    [
        (np.zeros((4, 4, 3)), "uint8, got float64"),
        (np.zeros((4, 4, 3), np.float32), "uint8, got float32"),
        (np.zeros((4, 4, 3), np.int8), "uint8, got int8"),
        (np.zeros((4, 4, 3), bool), "uint8, got bool"),
        (np.zeros((4, 4, 3), object), "uint8, got object"),
        (np.zeros((4, 4, 2), np.uint8), "(4, 4, 2)"),
        (np.zeros((4,), np.uint8), "(4,)"),
        (np.zeros((1, 4, 4, 3), np.uint8), "(1, 4, 4, 3)"),
        (np.uint8(3), "()"),
        (np.zeros((0, 4, 3), np.uint8), "(0, 4, 3)"),
        (np.zeros((4, 0, 3), np.uint8), "(4, 0, 3)"),
        (np.zeros((0, 0), np.uint8), "(0, 0)"),
        (b"", "image"),
        (b"not an image", "image"),
        (memoryview(np.zeros((4, 4), np.uint8)), "one piece"),
        (memoryview(b"abcdef")[::2], "one piece"),
        ("/nonexistent/photo.jpg", "/nonexistent/photo.jpg"),
        ("/", "/"),
    ],
)
def test_bad_images_are_errors_that_say_why(image, expected):
    with pytest.raises(posenet.Error) as failure:
        pixels(image)
    assert expected in str(failure.value)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("image", [None, 3, 1.5, [[1, 2], [3, 4]], object(), io.BytesIO(b"")])
def test_other_objects_are_type_errors(image):
    with pytest.raises(TypeError, match="expected an array, a PIL image, a path or the bytes"):
        pixels(image)


def test_unknown_colors_are_errors():
    with pytest.raises(ValueError, match="color: expected 'rgb' or 'bgr', got 'hsv'"):
        pixels(np.zeros((2, 2, 3), np.uint8), "hsv")
