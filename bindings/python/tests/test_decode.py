# SPDX-License-Identifier: Apache-2.0
"""Decoders on raw maps."""

import numpy as np
import pytest

import posenet

STRIDE = 16
CHAIN = [(0, 1), (1, 3), (0, 2), (2, 4), (0, 5), (5, 7), (7, 9), (5, 11), (11, 13), (13, 15), (0, 6), (6, 8), (8, 10)]
CHAIN += [(6, 12), (12, 14), (14, 16)]


def maps_of(keypoints, height=17, width=21):
    """The maps of a perfect network, for one person: logits, offsets and displacements."""
    rows, columns = np.mgrid[0:height, 0:width] * STRIDE
    heatmap = np.full((height, width, 17), -10.0, np.float32)
    offsets = np.zeros((height, width, 34), np.float32)
    forward = np.zeros((height, width, 32), np.float32)
    backward = np.zeros((height, width, 32), np.float32)
    for part, (x, y) in enumerate(keypoints):
        offsets[..., part] = y - rows
        offsets[..., 17 + part] = x - columns
        near = (abs(y - rows) < STRIDE) & (abs(x - columns) < STRIDE)
        heatmap[near, part] = 3.0
        heatmap[round(y / STRIDE), round(x / STRIDE), part] = 6.0
    for edge, (parent, child) in enumerate(CHAIN):
        dx, dy = keypoints[child] - keypoints[parent]
        forward[..., edge], forward[..., 16 + edge] = dy, dx
        backward[..., edge], backward[..., 16 + edge] = -dy, -dx
    return heatmap, offsets, forward, backward


@pytest.fixture
def keypoints():
    rng = np.random.default_rng(3)
    return rng.uniform(40, 200, (17, 2)).astype(np.float32)


@pytest.mark.parametrize("decoder", ["hough", "tfjs", "tfjs_single", "coral"])
def test_every_decoder_returns_the_person(keypoints, decoder):
    poses = posenet.decode(*maps_of(keypoints), output_stride=STRIDE, decoder=decoder)
    assert len(poses) == 1
    np.testing.assert_allclose(poses.keypoints[0, :, :2], keypoints, atol=0.6)


def test_layouts_and_types_give_the_same_result(keypoints):
    maps = maps_of(keypoints)
    expected = posenet.decode(*maps, output_stride=STRIDE)
    channels_first = [np.ascontiguousarray(values.transpose(2, 0, 1))[None] for values in maps]
    assert posenet.decode(*channels_first, output_stride=STRIDE, layout="nchw") == expected
    assert posenet.decode(*[values[None] for values in maps], output_stride=STRIDE) == expected
    assert posenet.decode(*[values.astype(np.float64) for values in maps], output_stride=STRIDE) == expected
    assert posenet.decode(*[np.asfortranarray(values) for values in maps], output_stride=STRIDE) == expected
    # One array with all channels, as some runtimes have it: each map is a view with a stride.
    together = np.concatenate(maps, axis=2)
    parts = np.split(together, np.cumsum([17, 34, 32]), axis=2)
    assert posenet.decode(*parts, output_stride=STRIDE) == expected


def test_probabilities_are_no_logits(keypoints):
    heatmap, *others = maps_of(keypoints)
    probabilities = 1 / (1 + np.exp(-heatmap))
    poses = posenet.decode(probabilities, *others, output_stride=STRIDE, logits=False)
    expected = posenet.decode(heatmap, *others, output_stride=STRIDE)
    np.testing.assert_allclose(poses.keypoints, expected.keypoints, atol=1e-4)


def test_hostile_maps_are_harmless(keypoints):
    maps = maps_of(keypoints)
    for value in (np.nan, np.inf, -np.inf, 1e38):
        for hostile in range(4):
            changed = [values.copy() for values in maps]
            changed[hostile][:] = value
            for decoder in ("hough", "tfjs", "tfjs_single", "coral"):
                poses = posenet.decode(*changed, output_stride=STRIDE, decoder=decoder)
                assert np.isfinite(poses.keypoints).all()


@pytest.mark.parametrize(
    "change, expected",
    [
        ({"output_stride": 0}, "stride"),
        ({"decoder": "best"}, "decoder"),
        ({"layout": "hwc"}, "layout"),
        ({"max_poses": 0}, "max_poses"),
        ({"score_threshold": -0.1}, "score_threshold"),
        ({"nms_radius": 0.0}, "nms_radius"),
        ({"heatmap": np.zeros((17, 21, 16), np.float32)}, "heatmap: expected 17 channels"),
        ({"heatmap": np.zeros((3, 4), np.float32)}, "heatmap"),
        ({"heatmap": np.zeros((0, 0, 17), np.float32)}, ""),
        ({"heatmap": np.zeros((17, 21, 17), object)}, "heatmap"),
        ({"offsets": np.zeros((17, 20, 34), np.float32)}, "same height and width"),
        ({"displacement_fwd": None}, "displacement_fwd"),
    ],
)
def test_bad_arguments_are_errors(keypoints, change, expected):
    names = ("heatmap", "offsets", "displacement_fwd", "displacement_bwd")
    arguments = {**dict(zip(names, maps_of(keypoints))), "output_stride": STRIDE, **change}
    with pytest.raises(posenet.Error) as failure:
        posenet.decode(**arguments)
    assert expected in str(failure.value)
