# SPDX-License-Identifier: Apache-2.0
"""Every example in a docstring and in the documents runs."""

import doctest
import importlib
import pkgutil
import re

import pytest

import posenet

from conftest import SOURCE

MODULES = ["posenet"] + [
    f"posenet.{module.name}" for module in pkgutil.iter_modules(posenet.__path__) if module.name != "__main__"
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings(name, estimator, photo):
    module = importlib.import_module(name)
    results = doctest.testmod(module, extraglobs={"posenet": posenet, "photo": photo})
    assert results.failed == 0


def test_public_names_are_documented():
    for name in posenet.__all__:
        value = getattr(posenet, name)
        if not name.startswith("__") and not isinstance(value, tuple):
            assert value.__doc__, name


def test_examples_of_the_guide(estimator, photo_path, tmp_path, monkeypatch):
    # The guide's photo and folder.
    (tmp_path / "photo.jpg").write_bytes(photo_path.read_bytes())
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(photo_path.read_bytes())
    monkeypatch.chdir(tmp_path)
    guide = (SOURCE / "docs/how-to/python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", guide, flags=re.DOTALL | re.MULTILINE)
    assert blocks
    scope: dict = {}
    for block in blocks:
        exec(compile(block, "python.md", "exec"), scope)
