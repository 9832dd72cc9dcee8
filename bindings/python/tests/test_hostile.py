# SPDX-License-Identifier: Apache-2.0
"""Values that no caller should pass: a Python exception, or a result, never a crash. scripts/test python-asan runs these
tests, as all others, under AddressSanitizer and UndefinedBehaviorSanitizer."""

import copy
import gc
import json
import pickle
import struct
import threading
import zlib

import numpy as np
import pytest

import posenet
from posenet import _posenet

RNG = np.random.default_rng(7)
FAILURES = (posenet.Error, TypeError, ValueError, OverflowError)


def survives(call):
    """Calls and returns what it returns, or the exception if it is one that a user expects."""
    try:
        return call()
    except FAILURES as failure:
        assert str(failure)
        return failure


def png_header(width: int, height: int) -> bytes:
    """A PNG that says that it has that size, and has no pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(0, 0), (2**31 - 1, 2**31 - 1), (1, 2**31 - 1), (2**31, 1), (65_535, 65_535)])
def test_images_that_lie_about_their_size(size):
    with pytest.raises(posenet.Error):
        _posenet.read_image(png_header(*size), "rgb")


def test_damaged_image_files(photo_path):
    content = photo_path.read_bytes()
    for end in range(0, len(content), max(1, len(content) // 40)):
        survives(lambda: _posenet.read_image(content[:end], "rgb"))
    for _ in range(60):
        damaged = bytearray(content)
        for position in RNG.integers(0, min(len(damaged), 3000), 8):
            damaged[position] = int(RNG.integers(256))
        survives(lambda: _posenet.read_image(damaged, "rgb"))
    for magic in (b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\xff\xff\xffWEBP", b"II*\x00\xff\xff\xff\xff", b"BM"):
        for length in (0, 1, 50, 5000):
            with pytest.raises(posenet.Error):
                _posenet.read_image(magic + RNG.bytes(length), "rgb")


class Lies:
    """An object whose array is not what it says."""

    def __init__(self, result):
        self._result = result

    def __array__(self, dtype=None, copy=None):
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


def test_objects_that_are_no_images(estimator):
    nested = []
    nested.append(nested)
    for image in [
        None,
        1,
        float("nan"),
        object(),
        {},
        nested,
        np.array(None),
        np.array([[object()]]),
        np.zeros((4, 4, 3), "V1"),
        np.zeros((4, 4), [("a", "u1")]),
        np.zeros((4, 4, 3), np.complex128),
        np.zeros((4, 4, 3), bool),
        np.zeros((4, 4, 3), ">u2"),
        np.array("text"),
        np.zeros((1,) * 32, np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 0), np.uint8),
        np.broadcast_to(np.uint8(1), (2**31, 4, 3)),
        np.broadcast_to(np.uint8(1), (4, 2**31, 3)),
        Lies("no array"),
        Lies(np.zeros(3)),
        Lies(ValueError("no array")),
        memoryview(np.zeros((4, 4), np.uint8)),
        memoryview(b"abc")[::2],
        "\0",
        "x" * 100_000,
        "\udcff\ud800",
        b"\0" * 1000,
    ]:
        with pytest.raises(FAILURES):
            estimator.estimate(image)


def test_strides_of_any_kind(estimator):
    memory = np.zeros(100_000, np.uint8)
    strided = np.lib.stride_tricks.as_strided
    for shape, strides in [
        ((5, 6, 3), (0, 0, 0)),
        ((5, 6, 3), (1, 1, 1)),
        ((5, 6, 3), (0, 3, 1)),
        ((5, 6, 3), (17, 3, 1)),  # Rows overlap by one byte.
        ((5, 6, 3), (18, 3, -1)),
        ((5, 6, 3), (-18, -3, -1)),
        ((5, 6, 4), (24, 4, -1)),
        ((5, 1, 3), (3, -99, 1)),
        ((1, 6, 3), (-12345, 3, 1)),
        ((5, 6), (-6, -1)),
    ]:
        view = strided(memory[50_000:], shape, strides)
        estimator.estimate(view)
        assert np.array_equal(_posenet.read_image(view, "rgb")[..., 0], view if view.ndim == 2 else view[..., 0])


def test_poses_of_numbers_that_are_none(poses, photo):
    for value in (np.nan, np.inf, -np.inf, 3e38, -3e38, 1e-45):
        for index in ((0, 0, 0), (1, 16, 1), (0, 5, 2), (slice(None),) * 3):
            bad = posenet.Poses(poses.keypoints.copy(), poses.scores, image_size=(640, 480))
            bad.keypoints[index] = value
            tracker, smoother = posenet.PoseTracker(), posenet.PoseSmoother()
            survives(lambda: bad.draw(photo))
            tracked = survives(lambda: tracker.update(bad, time_s=0.0))
            if isinstance(tracked, posenet.Poses):
                survives(lambda: smoother.smooth(tracked, time_s=0.0))
            survives(lambda: bad.to_openpose())
            survives(lambda: bad.to_coco(1))
    for time_s in (np.nan, np.inf, -np.inf, 1e308, -1e308):
        survives(lambda: posenet.PoseTracker().update(poses, time_s=time_s))


def test_shapes_of_poses_that_do_not_match():
    tracker = _posenet.Tracker(
        similarity="keypoints", max_tracks=18, max_age_ms=2000, min_keypoint_score=0.3, min_new_score=0.5
    )
    for keypoints, scores in [
        (np.zeros((2, 17, 3)), np.zeros(1)),
        (np.zeros((2, 17, 3)), np.zeros((2, 1))),
        (np.zeros((2, 16, 3)), np.zeros(2)),
        (np.zeros((2, 17)), np.zeros(2)),
        (np.zeros(0), np.zeros(0)),
        (np.zeros((2, 17, 3), object), np.zeros(2)),
        (np.zeros((2, 17, 3), "U4"), np.zeros(2)),
    ]:
        with pytest.raises(FAILURES):
            tracker.update(keypoints, scores, 0.0)
    survives(lambda: tracker.update(np.zeros((20_000, 17, 3)), np.ones(20_000), 0.0))


def test_poses_at_odd_addresses(poses):
    def misaligned(values):
        buffer = bytearray(values.nbytes + 1)
        buffer[1:] = values.tobytes()
        return np.frombuffer(buffer, values.dtype, offset=1).reshape(values.shape)

    odd = misaligned(poses.keypoints), misaligned(poses.scores)
    assert not odd[0].flags.aligned
    assert _posenet.to_openpose(*odd, None, 0.0) == _posenet.to_openpose(poses.keypoints, poses.scores, None, 0.0)
    rows = np.eye(7, dtype=np.float64)[:2]
    survives(lambda: _posenet.score_poses(misaligned(rows), misaligned(rows)))


def test_maps_of_any_numbers_and_shapes():
    def maps(height, width, value=0.0, dtype=np.float32):
        return [np.full((height, width, channels), value, dtype) for channels in (17, 34, 32, 32)]

    for decoder in ("hough", "tfjs", "tfjs_single", "coral"):
        for value in (np.nan, np.inf, -np.inf, 3e38, -3e38):
            survives(lambda: posenet.decode(*maps(9, 9, value), output_stride=16, decoder=decoder))
        for height, width in ((0, 9), (9, 0), (1, 1)):
            survives(lambda: posenet.decode(*maps(height, width), output_stride=16, decoder=decoder))
        mixed = maps(9, 9)
        mixed[1] = mixed[1][:8]
        with pytest.raises(FAILURES):
            posenet.decode(*mixed, output_stride=16, decoder=decoder)
        survives(lambda: posenet.decode(*maps(9, 9), output_stride=2**40, decoder=decoder))
        for stride in (0, -16):
            with pytest.raises(FAILURES):
                posenet.decode(*maps(9, 9), output_stride=stride, decoder=decoder)
        # Memory that is not what the decoders read: misaligned, reversed, broadcast, of other types.
        buffer = np.zeros(9 * 9 * 17 * 4 + 1, np.uint8)
        misaligned = buffer[1:].view(np.float32).reshape(9, 9, 17)
        assert posenet.decode(misaligned, *maps(9, 9)[1:], output_stride=16, decoder=decoder) == posenet.decode(
            *maps(9, 9), output_stride=16, decoder=decoder
        )
        for change in (lambda m: m[::-1, ::-1, ::-1], lambda m: np.broadcast_to(m[:1], m.shape), np.asfortranarray):
            posenet.decode(*map(change, maps(9, 9, -1)), output_stride=16, decoder=decoder)
        for dtype in (np.float64, np.float16, np.int8, ">f4"):
            posenet.decode(*maps(9, 9, -1, dtype), output_stride=16, decoder=decoder)


def test_options_out_of_every_range(estimator):
    for options in [
        {"size": 2**40},
        {"size": (0, 5)},
        {"size": -1},
        {"threads": -(2**40)},
        {"threads": 10**6},
        {"max_poses": 0},
        {"max_poses": 2**31},
        {"score_threshold": float("nan")},
        {"nms_radius": float("inf")},
        {"output_stride": 3},
        {"precision": "\0"},
        {"decoder": "x" * 10_000},
    ]:
        with pytest.raises(FAILURES):
            posenet.PoseEstimator("mobilenet075-int8", **options)


def test_damaged_models(estimator, tmp_path):
    content = posenet.Model("mobilenet075-int8").file.read_bytes()
    file = tmp_path / "m.safetensors"
    header_end = 8 + struct.unpack("<Q", content[:8])[0]
    for _ in range(60):
        damaged = bytearray(content)
        for position in RNG.integers(0, header_end, 3):
            damaged[position] = int(RNG.integers(256))
        file.write_bytes(damaged)
        survives(lambda: posenet.Model(file))
    for end in (0, 7, 8, 9, header_end - 1, header_end, len(content) - 1):
        file.write_bytes(content[:end])
        with pytest.raises(posenet.Error):
            posenet.Model(file)
    for size in (0, 2**63, 2**64 - 1, len(content)):
        file.write_bytes(struct.pack("<Q", size) + content[8:])
        with pytest.raises(posenet.Error):
            posenet.Model(file)


def test_nested_and_damaged_json(tmp_path):
    deep = "[" * 100_000
    for content in (deep, deep + "]" * 100_000, "{", '{"people": 1}', '{"people": [{"pose_keypoints_2d": ["a"]}]}', "\0"):
        with pytest.raises((*FAILURES, RecursionError)):
            posenet.Poses.from_openpose(content)
        file = tmp_path / "a.json"
        file.write_text(content)
        with pytest.raises((*FAILURES, RecursionError)):
            posenet.coco.evaluate(file, file)
        file = tmp_path / "model.json"
        file.write_text(content)
        with pytest.raises(posenet.Error):
            posenet.Model.import_file(file, tmp_path / "out.safetensors")
    people = [{"image_id": 2**80, "category_id": 1, "keypoints": [1e400] * 51, "score": -1e400}]
    survives(lambda: posenet.coco.evaluate({"images": [], "annotations": [], "categories": []}, people))
    survives(lambda: posenet.coco.evaluate(json.loads('{"images": [{"id": 1}], "annotations": [{}]}'), []))


def test_copies_of_what_has_a_state(estimator):
    for value in (posenet.PoseTracker(), posenet.PoseSmoother(), posenet.PersonFollower(estimator)):
        for make in (copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError):
                make(value)


def test_pickles_that_were_changed(estimator):
    class Evil:
        def __reduce__(self):
            return (posenet.PoseEstimator.__new__, (posenet.PoseEstimator,), {"model": 5})

    with pytest.raises(FAILURES):
        pickle.loads(pickle.dumps(Evil()))
    state = estimator.__getstate__()
    for name in state:
        changed = posenet.PoseEstimator.__new__(posenet.PoseEstimator)
        with pytest.raises(FAILURES):
            changed.__setstate__({**state, name: object()})


def test_iterators_that_fail(estimator, photo):
    def images():
        yield photo
        raise KeyError("no more")

    with pytest.raises(KeyError):
        list(estimator.map(images()))
    with pytest.raises(FAILURES):
        list(estimator.map([photo, None, photo], workers=2))
    # Dropped in the middle.
    poses = estimator.map([photo] * 20, workers=2)
    next(poses)
    del poses
    gc.collect()


def test_threads_may_share_everything(estimator, photo):
    person = posenet.PersonFollower(estimator)
    tracker = posenet.PoseTracker()
    failures = []

    def work():
        try:
            for _ in range(10):
                person.estimate(photo)
                person.reset()
                survives(lambda: tracker.update(estimator.estimate(photo), time_s=0.0))
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_buffers_that_are_changed_meanwhile(estimator, photo_path):
    content = bytearray(photo_path.read_bytes())
    stop = threading.Event()

    def change():
        while not stop.is_set():
            try:
                content.extend(b"\0" * 100_000)
                del content[-100_000:]
            except BufferError:
                pass

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(10):
            survives(lambda: estimator.estimate(content))
    finally:
        stop.set()
        thread.join()
