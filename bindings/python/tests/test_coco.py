# SPDX-License-Identifier: Apache-2.0
"""COCO evaluation."""

import json

import numpy as np
import pytest

import posenet


@pytest.fixture
def annotations(poses):
    keypoints = poses.keypoints.copy()
    keypoints[..., :2] *= 5
    keypoints[..., 2] = 2
    return {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 640, "height": 480}],
        "categories": [{"id": 1, "name": "person"}],
        "annotations": [
            {
                "id": i + 1,
                "image_id": 1,
                "category_id": 1,
                "iscrowd": 0,
                "area": 20000.0,
                "bbox": [0, 0, 200, 100],
                "num_keypoints": 17,
                "keypoints": keypoints[i].ravel().tolist(),
            }
            for i in range(2)
        ],
    }


def results(poses, count):
    keypoints = poses.keypoints.copy()
    keypoints[..., :2] *= 5
    return posenet.Poses(keypoints, poses.scores)[:count].to_coco(1)


def test_perfect_results_score_one_and_half_of_them_half(annotations, poses):
    metrics = posenet.coco.evaluate(annotations, results(poses, 2))
    assert metrics["AP"] == metrics["AR"] == pytest.approx(1.0)
    assert metrics["AP_medium"] == -1 or 0 <= metrics["AP_medium"] <= 1
    half = posenet.coco.evaluate(annotations, results(poses, 1))
    assert half["AR"] == pytest.approx(0.5)
    assert posenet.coco.evaluate(annotations, [])["AP"] == 0


def test_files_and_their_content_are_the_same(annotations, poses, tmp_path):
    annotation_file, result_file = tmp_path / "a.json", tmp_path / "r.json"
    annotation_file.write_text(json.dumps(annotations))
    result_file.write_text(json.dumps(results(poses, 1)))
    expected = posenet.coco.evaluate(annotations, results(poses, 1))
    assert posenet.coco.evaluate(annotation_file, str(result_file)) == expected


def test_errors_name_the_file_or_value(annotations, poses, tmp_path):
    missing = tmp_path / "missing.json"
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\x00")
    wrong = [{**results(poses, 1)[0], "image_id": 99}]
    cases = [
        (missing, [], str(missing)),
        (binary, [], str(binary)),
        (annotations, wrong, "99"),
        (annotations, [{"image_id": 1}], "results"),
        ({"images": []}, [], "annotations"),
        (annotations, {"a": 1}, "results"),
    ]
    for truth, found, expected in cases:
        with pytest.raises(posenet.Error) as failure:
            posenet.coco.evaluate(truth, found)
        assert expected in str(failure.value)


def test_numbers_of_numpy_are_not_needed(poses):
    json.dumps(poses.to_coco(int(np.int64(3))))
