# SPDX-License-Identifier: Apache-2.0
"""Model files."""

import os
import signal
import threading

import numpy as np
import pytest

import posenet


def test_models_are_described_and_verified(estimator):
    model = posenet.Model("mobilenet075-int8")
    assert model.info["task"] == "human-pose"
    assert model.info["precision"] == "int8"
    assert model.info["output_stride"] == 16
    assert len(model.verify()) == 64
    assert "mobilenet075-int8" in repr(model)


def test_damage_is_noticed(estimator, tmp_path):
    content = bytearray(posenet.Model("mobilenet075-int8").file.read_bytes())
    content[-1] ^= 1
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(content)
    with pytest.raises(posenet.Error) as failure:
        posenet.Model(damaged).verify()
    assert failure.value.code == "corrupt_data"


def test_export_writes_onnx_and_leaves_nothing_after_an_error(tmp_path):
    if "mobilenet075" not in posenet.list_models():
        pytest.skip("the model mobilenet075 is not there; scripts/fetch-models mobilenet075 makes it")
    model = posenet.Model("mobilenet075")
    model.export_onnx(tmp_path / "m.onnx", size=257)
    assert (tmp_path / "m.onnx").stat().st_size > 4_000_000
    with pytest.raises(posenet.Error):
        model.export_onnx(tmp_path / "n.onnx", output_stride=5)
    assert [file.name for file in tmp_path.iterdir()] == ["m.onnx"]


def test_import_reports_what_it_cannot_read(tmp_path):
    source = tmp_path / "model.json"
    source.write_text("{}")
    with pytest.raises(posenet.Error):
        posenet.Model.import_file(source, tmp_path / "out.safetensors")
    with pytest.raises(posenet.Error) as failure:
        posenet.Model.import_file(tmp_path / "missing.json", tmp_path / "out.safetensors")
    assert failure.value.code == "not_found"
    assert not (tmp_path / "out.safetensors").exists()


@pytest.fixture
def float_model():
    if "mobilenet075" not in posenet.list_models():
        pytest.skip("the model mobilenet075 is not there; scripts/fetch-models mobilenet075 makes it")
    return posenet.Model("mobilenet075")


@pytest.mark.parametrize("to", ["int8", "bf16"])
def test_quantized_models_give_the_poses_of_the_float_model(float_model, photo, photo_path, tmp_path, to):
    # An array and a folder; the model takes its name from the file.
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(photo_path.read_bytes())
    output = tmp_path / "small.safetensors"
    images = (image for image in [photo, tmp_path / "photos"])
    quantized = float_model.quantize(images, output, to=to, size=[129], threads=1)
    assert quantized.file == output
    assert (quantized.info["name"], quantized.info["precision"]) == ("small", to)
    assert quantized.info["source"].endswith("quantized on 2 images")
    assert output.stat().st_size < 0.7 * float_model.file.stat().st_size
    quantized.verify()
    expected, got = (
        posenet.PoseEstimator(model, size=257, threads=1).estimate(photo)
        for model in (float_model.file, output)
    )
    assert len(got) == len(expected) == 1
    seen = expected.keypoints[0, :, 2] > 0.5
    distances = np.linalg.norm(got.keypoints[0, seen, :2] - expected.keypoints[0, seen, :2], axis=1)
    assert np.median(distances) < 0.02 * max(photo.shape)


def test_arguments_of_quantize_are_checked(float_model, photo, tmp_path):
    output = tmp_path / "small.safetensors"
    for arguments in [
        {"images": []},
        {"images": [photo], "to": "int4"},
        {"images": [photo], "size": 5},
        {"images": [photo], "time_budget": 3},
        {"images": [photo], "time_budget": float("nan")},
        {"images": [photo], "to": "bf16", "time_budget": 1.5},
        {"images": [photo], "threads": -1},
        {"images": [photo.astype(float)]},
        {"images": [photo], "color": "red"},
    ]:
        with pytest.raises(posenet.InvalidArgumentError):
            float_model.quantize(output=output, **arguments)
    with pytest.raises(posenet.InvalidArgumentError, match="is the model itself"):
        float_model.quantize([photo], float_model.file)
    with pytest.raises(TypeError):
        float_model.quantize([photo], output, size="257")
    with pytest.raises(TypeError):
        float_model.quantize([1, 2], output)
    with pytest.raises(posenet.Error) as failure:
        float_model.quantize(tmp_path, output)
    assert failure.value.code == "not_found"
    with pytest.raises(posenet.Error) as failure:
        float_model.quantize([photo], tmp_path / "missing" / "small.safetensors")
    assert failure.value.code == "not_found"
    with pytest.raises(posenet.Error) as failure:
        posenet.Model("mobilenet075-int8").quantize([photo], output)
    assert failure.value.code == "unsupported"
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_stops_quantize(float_model, photo, tmp_path):
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        float_model.quantize([photo] * 64, tmp_path / "small.safetensors", size=[257, 513])
    timer.join()
    assert list(tmp_path.iterdir()) == []


def test_names_are_listed(estimator):
    models = posenet.list_models()
    assert models["mobilenet075-int8"].exists()
    assert list(models) == sorted(models)
