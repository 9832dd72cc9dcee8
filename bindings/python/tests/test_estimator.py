# SPDX-License-Identifier: Apache-2.0
"""Estimators."""

import itertools
import pickle
import resource
import threading

import numpy as np
import pytest

import posenet


def test_one_call_from_a_photo_to_its_person(estimator, photo_path, photo):
    poses = posenet.estimate(photo_path, size=257)
    assert len(poses) == 1
    assert poses.image_size == (photo.shape[1], photo.shape[0])
    nose, ankle = poses[0]["nose"], poses[0]["left_ankle"]
    assert nose.score > 0.5 and ankle.score > 0.5 and nose.y < ankle.y
    assert posenet.estimate(photo, size=257) == poses
    assert posenet.estimate(photo[..., ::-1], color="bgr", size=257) == poses
    assert posenet.estimate(photo_path.read_bytes(), size=257) == poses


def test_options_in_effect_are_resolved(estimator):
    options = estimator.options
    assert options["size"] == (161, 161)
    assert options["threads"] == 1
    assert options["decoder"] == "hough"
    assert options["instruction_set"] in posenet.supported_instruction_sets()
    assert "161x161" in repr(estimator)


def test_decoders_and_limits_are_honored(photo):
    for decoder in ("hough", "tfjs", "coral", "single"):
        poses = posenet.PoseEstimator(size=161, decoder=decoder).estimate(photo)
        assert len(poses) >= 1, decoder
    assert len(posenet.PoseEstimator(size=161, max_poses=1).estimate(photo)) == 1
    assert len(posenet.PoseEstimator(size=161, score_threshold=1.0).estimate(photo)) == 0
    mirrored = posenet.PoseEstimator(size=161, mirrored=True).estimate(photo)
    plain = posenet.PoseEstimator(size=161).estimate(photo)
    np.testing.assert_allclose(mirrored.keypoints[0, :, 0], photo.shape[1] - 1 - plain.keypoints[0, :, 0], atol=0.01)


def test_map_keeps_the_order_and_takes_few_images_ahead(estimator, photo):
    crops = [np.ascontiguousarray(photo[: 600 + 20 * i]) for i in range(12)]
    expected = [estimator.estimate(crop) for crop in crops]
    assert list(estimator.map(crops, workers=3)) == expected
    taken = itertools.count()
    endless = (crops[next(taken) % 12] for _ in itertools.repeat(None))
    results = estimator.map(endless, workers=2)
    assert next(results) == expected[0]
    results.close()
    assert next(taken) <= 5


def test_map_raises_the_error_of_an_image_in_its_place(estimator, photo):
    results = estimator.map([photo, "/nonexistent.jpg", photo], workers=2)
    assert len(next(results)) == 1
    with pytest.raises(posenet.Error) as failure:
        next(results)
    assert failure.value.code == "not_found"
    with pytest.raises(ValueError, match="workers"):
        estimator.map([], workers=0)


def test_threads_may_share_an_estimator(estimator, photo):
    expected = estimator.estimate(photo)
    results = []

    def run():
        results.extend(estimator.estimate(photo) for _ in range(5))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 20 and all(result == expected for result in results)


def test_estimators_are_pickled_by_their_options(estimator, photo):
    back = pickle.loads(pickle.dumps(estimator))
    assert back.options == estimator.options
    assert back.estimate(photo) == estimator.estimate(photo)


def test_memory_does_not_grow(estimator, photo):
    small = np.ascontiguousarray(photo[::8, ::8])

    def run(count):
        for _ in range(count):
            estimator.estimate(small)
            with pytest.raises(posenet.Error):
                estimator.estimate(b"")

    run(200)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    run(600)
    # A leaked result alone would be 600 * 250 bytes, an image 600 * 67 kB.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 2048


@pytest.mark.parametrize(
    "options, expected",
    [
        ({"model": "no-such-model"}, "no-such-model"),
        ({"model": "/nonexistent.safetensors"}, "/nonexistent.safetensors"),
        ({"model": "/"}, "/"),
        ({"size": 0}, "size"),
        ({"size": (257, -1)}, "size"),
        ({"size": 100_000}, "input"),
        ({"precision": "fp16"}, "'auto', 'fp32', 'bf16', 'int8'"),
        ({"decoder": "best"}, "decoder"),
        ({"fit": "squeeze"}, "'pad', 'stretch', 'crop'"),
        ({"resampling": "cubic"}, "resampling"),
        ({"output_stride": 7}, "stride"),
        ({"threads": -1}, "thread"),
        ({"threads": 10**6}, "thread"),
        ({"max_poses": 0}, "max_poses"),
        ({"score_threshold": 2.0}, "score_threshold"),
        ({"score_threshold": float("nan")}, "score_threshold"),
        ({"nms_radius": -1.0}, "nms_radius"),
        ({"instruction_set": "MMX"}, "MMX"),
        ({"refine": "/nonexistent.safetensors"}, "/nonexistent.safetensors"),
        ({"proposals": "mobilenet075-int8"}, "refine"),
        ({"preset": "coral"}, "preset"),
    ],
)
def test_bad_options_are_errors_that_name_them(estimator, options, expected):
    with pytest.raises(posenet.Error) as failure:
        posenet.PoseEstimator(**options)
    assert expected in str(failure.value)


def test_damaged_models_are_errors(tmp_path):
    damaged = tmp_path / "m.safetensors"
    damaged.write_bytes(b"\xff" * 100)
    with pytest.raises(posenet.Error) as failure:
        posenet.PoseEstimator(damaged)
    assert failure.value.code == "corrupt_data" and str(damaged) in str(failure.value)
