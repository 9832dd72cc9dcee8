# SPDX-License-Identifier: Apache-2.0
"""Results."""

import json
import pickle

import numpy as np
import pytest

import posenet


def test_poses_are_a_sequence_and_arrays(poses):
    assert len(poses) == 2
    assert poses.keypoints.shape == (2, 17, 3) and poses.keypoints.dtype == np.float32
    assert poses.scores.dtype == np.float32
    assert poses[1].score == pytest.approx(0.4)
    assert poses[-1].score == poses[1].score
    assert [pose.score for pose in poses] == poses.scores.tolist()
    assert np.shares_memory(poses[0].keypoints, poses.keypoints)
    with pytest.raises(IndexError):
        poses[2]
    assert isinstance(poses[:1], posenet.Poses) and len(poses[:1]) == 1
    assert len(poses.above(0.5)) == 1


def test_keypoints_have_names(poses):
    pose = poses[0]
    for index, name in enumerate(posenet.KEYPOINT_NAMES):
        assert pose[name] == pose[index] == posenet.Keypoint(*poses.keypoints[0, index].tolist())
    assert [keypoint.score for keypoint in pose] == poses.keypoints[0, :, 2].tolist()
    with pytest.raises(KeyError, match="no keypoint named 'tail'"):
        pose["tail"]


def test_box_holds_the_confident_keypoints(poses):
    confident = poses.keypoints[0][poses.keypoints[0, :, 2] >= 0.3]
    x, y, width, height = poses[0].box(min_score=0.3)
    assert (x, y) == (confident[:, 0].min(), confident[:, 1].min())
    assert (x + width, y + height) == (confident[:, 0].max(), confident[:, 1].max())
    assert poses[0].box(min_score=2.0) is None


def test_dictionaries_are_json(poses):
    result = json.loads(json.dumps(poses.to_dict()))
    assert (result["width"], result["height"]) == (640, 480)
    keypoint = result["poses"][1]["keypoints"][9]
    assert keypoint["name"] == "left_wrist"
    assert [keypoint["x"], keypoint["y"], keypoint["score"]] == pytest.approx(poses.keypoints[1, 9].tolist())
    assert "id" not in result["poses"][0]


def test_coco_results(poses):
    results = json.loads(json.dumps(poses.to_coco(42, category_id=7)))
    assert [result["image_id"] for result in results] == [42, 42]
    assert results[0]["category_id"] == 7
    assert len(results[0]["keypoints"]) == 51
    assert results[1]["keypoints"][3:6] == [poses.keypoints[1, 1, 0], poses.keypoints[1, 1, 1], 1]
    assert results[0]["score"] == pytest.approx(0.9)


def test_openpose_round_trip(poses):
    content = poses.to_openpose()
    assert len(content["people"][0]["pose_keypoints_2d"]) == 75
    for back in (posenet.Poses.from_openpose(content), posenet.Poses.from_openpose(json.dumps(content))):
        np.testing.assert_allclose(back.keypoints, poses.keypoints, atol=1e-2)
    with pytest.raises(posenet.Error) as failure:
        posenet.Poses.from_openpose("{")
    assert failure.value.code == "corrupt_data"


def test_drawing_changes_the_drawing_only(poses):
    image = np.full((480, 640, 3), 128, np.uint8)
    drawing = poses.draw(image)
    assert drawing.shape == image.shape and (drawing != image).any()
    assert (image == 128).all()
    bgr = poses.draw(image, color="bgr")
    assert np.array_equal(bgr[..., ::-1], drawing)
    assert np.array_equal(poses.draw(image, min_score=0.95), image)
    assert poses.draw(image[:100, :100]).shape == (640, 640, 3)
    assert poses.draw(image[:100, :100], min_side=0).shape == (100, 100, 3)
    with pytest.raises(ValueError, match="pass it"):
        poses.draw()


def test_results_show_themselves_in_notebooks(poses):
    assert poses._repr_png_() is None
    shown = posenet.Poses(poses.keypoints, poses.scores, image=np.zeros((48, 64, 3), np.uint8))
    assert shown._repr_png_().startswith(b"\x89PNG")
    assert "2" in repr(poses) and "640x480" in repr(poses)


def test_results_are_pickled_without_their_image(poses):
    with_image = posenet.Poses(
        poses.keypoints, poses.scores, ids=[1, 2], image_size=(640, 480), image=np.zeros((48, 64, 3), np.uint8)
    )
    back = pickle.loads(pickle.dumps(with_image))
    assert back == with_image and back != poses
    assert back._repr_png_() is None


@pytest.mark.parametrize(
    "keypoints, scores, ids",
    [
        (np.zeros((2, 17, 2)), [1, 1], None),
        (np.zeros((2, 16, 3)), [1, 1], None),
        (np.zeros((2, 17, 3)), [1], None),
        (np.zeros((17, 3)), 1, None),
        (np.zeros((2, 17, 3)), [1, 1], [1]),
    ],
)
def test_wrong_shapes_are_errors(keypoints, scores, ids):
    with pytest.raises(ValueError, match="expected shape"):
        posenet.Poses(keypoints, scores, ids=ids)


def test_no_poses_are_no_error():
    none = posenet.Poses(np.zeros((0, 17, 3)), [])
    assert len(none) == 0 and list(none) == [] and none.to_coco(1) == []
    assert none.draw(np.zeros((700, 700, 3), np.uint8)).shape == (700, 700, 3)
