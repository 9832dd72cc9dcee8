# SPDX-License-Identifier: Apache-2.0
"""Camera poses and scenes."""

import numpy as np
import pytest

import posenet
from posenet.camera import CameraPose, read_scene, score

from conftest import SOURCE

TURN = np.array([np.cos(0.3), 0.0, np.sin(0.3), 0.0])


def write_csv(folder):
    """A scene of six frames, of which two are for testing."""
    rows = ["image,x,y,z,qw,qx,qy,qz,split"]
    for i in range(6):
        image = np.full((8, 10, 3), 40 * i, np.uint8)
        posenet._posenet.write_image(folder / f"{i}.png", image, "rgb")
        rows.append(f"{i}.png,{i},0,0,1,0,0,0,{'test' if i > 3 else 'train'}")
    (folder / "poses.csv").write_text("\n".join(rows) + "\n")
    return folder / "poses.csv"


def test_matrices_are_those_of_the_quaternion():
    pose = CameraPose(np.array([1.0, 2.0, 3.0]), TURN)
    matrix = pose.matrix
    np.testing.assert_allclose(matrix[:3, :3] @ matrix[:3, :3].T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix[:3, :3]) == pytest.approx(1)
    np.testing.assert_allclose(matrix[:, 3], [1, 2, 3, 1])
    # A turn by 0.6 rad about y moves the axis of view from z towards x.
    np.testing.assert_allclose(matrix[:3, 2], [np.sin(0.6), 0, np.cos(0.6)], atol=1e-12)


def test_scenes_are_read(tmp_path):
    file = write_csv(tmp_path)
    scene = read_scene(file)
    assert scene.format == "csv"
    assert len(scene.training_frames) == 4 and len(scene.test_frames) == 2
    frame = scene.test_frames[0]
    assert frame.name == "4.png" and frame.image.exists()
    np.testing.assert_allclose(frame.pose.position, [4, 0, 0])
    (tmp_path / "4.png").unlink()
    with pytest.raises(posenet.Error) as failure:
        read_scene(file)
    assert "4.png" in str(failure.value)
    assert len(read_scene(file, photos=False).frames) == 6
    for arguments in ({"format": "ply"}, {"holdout": 2.0}):
        with pytest.raises(posenet.Error):
            read_scene(file, photos=False, **arguments)
    with pytest.raises(posenet.Error):
        read_scene(tmp_path / "nowhere")


def test_scores_are_medians_of_distances_and_angles():
    truth = [CameraPose(np.array([i, 0.0, 0.0]), np.array([1.0, 0, 0, 0])) for i in range(3)]
    estimates = [
        CameraPose(np.array([0.0, 0.03, 0.0]), np.array([1.0, 0, 0, 0])),
        CameraPose(np.array([1.0, 0.0, 0.2]), TURN),
        None,
    ]
    result = score(truth, estimates)
    assert (result.frame_count, result.missing_count) == (3, 1)
    assert result.median == pytest.approx((0.2, np.degrees(0.6)))
    assert result.mean == pytest.approx((0.115, np.degrees(0.3)))
    assert result.within["5 cm, 5 deg"] == pytest.approx(1 / 3)
    assert np.isinf(result.errors[2]).all()
    with pytest.raises(ValueError):
        score(truth, estimates[:2])
    with pytest.raises(posenet.Error, match=r"truth\[0\]"):
        score([CameraPose(np.zeros(3), np.zeros(4))], [None])


def test_scenes_of_frames_can_be_scored(tmp_path):
    scene = read_scene(write_csv(tmp_path))
    result = score(scene.test_frames, [frame.pose for frame in scene.test_frames])
    assert result.median == (0.0, 0.0)


def test_localizers_refuse_other_models(estimator):
    with pytest.raises(posenet.Error) as failure:
        posenet.CameraLocalizer("mobilenet075-int8")
    assert failure.value.code == "unsupported"


def test_a_trained_scene_is_localized():
    model, room = SOURCE / "build/demo/room.safetensors", SOURCE / "build/demo/room"
    if not model.exists() or not room.exists():
        pytest.skip("scripts/demo has not trained its room here")
    localizer = posenet.CameraLocalizer(model, uncertainty_passes=8, features=True)
    assert localizer.scene["length_unit"] == "meters"
    scene = read_scene(room)
    estimates = [localizer.localize(frame.image) for frame in scene.test_frames[:8]]
    assert estimates[0].uncertainty.position_total_std > 0
    assert estimates[0].features.ndim == 1
    assert score(scene.test_frames[:8], estimates).median[0] < 2.0
