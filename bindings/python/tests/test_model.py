# SPDX-License-Identifier: Apache-2.0
"""Model files."""

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


def test_names_are_listed(estimator):
    models = posenet.list_models()
    assert models["mobilenet075-int8"].exists()
    assert list(models) == sorted(models)
