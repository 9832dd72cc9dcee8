# SPDX-License-Identifier: Apache-2.0
"""Builds the extension module with CMake. Everything else is in pyproject.toml.

Environment variables, for scripts/build-python:

POSENET_BUILD_FOLDER  a CMake build folder to use; by default one in build/.
POSENET_VENDOR        "1" puts the shared libraries that the module needs beside it (needs patchelf), for machines that do
                      not have them.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

SOURCE = Path(__file__).resolve().parent
# In the package, so that the first line works with nothing else.
BUNDLED_MODEL = "mobilenet075-int8.safetensors"
# Part of every Linux system that can run Python.
SYSTEM_LIBRARIES = re.compile(r"^(ld-linux.*|lib(c|m|dl|rt|pthread|gcc_s|stdc\+\+)\.so.*)$")


def version() -> str:
    header = (SOURCE / "include/posenet/version.h").read_text(encoding="utf-8")
    found = re.search(r'POSENET_VERSION_STRING "([^"]+)"', header)
    assert found is not None
    return found.group(1)


class CMakeBuild(build_ext):
    """Builds the CMake target of the module and puts it where setuptools expects it."""

    def build_extension(self, ext: Extension) -> None:
        target = Path(self.get_ext_fullpath(ext.name)).resolve()
        build = Path(os.environ.get("POSENET_BUILD_FOLDER") or SOURCE / "build" / f"python-{sys.implementation.cache_tag}")
        subprocess.run(
            [
                *("cmake", "-S", SOURCE, "-B", build, "-G", "Ninja", "-D", "CMAKE_BUILD_TYPE=Release"),
                *("-D", "POSENET_BUILD_PYTHON=ON", "-D", f"Python_EXECUTABLE={sys.executable}"),
                *([] if (build / "CMakeCache.txt").exists() else ["-D", "POSENET_BUILD_TESTS=OFF"]),
                *([] if (build / "CMakeCache.txt").exists() else ["-D", "POSENET_BUILD_BENCHMARKS=OFF"]),
            ],
            check=True,
        )
        subprocess.run(["cmake", "--build", build, "--target", "posenet_python"], check=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(build / "python/posenet" / target.name, target)
        if os.environ.get("POSENET_VENDOR") == "1":
            vendor(target)
        model = SOURCE / "models" / BUNDLED_MODEL
        if model.exists():
            (target.parent / "models").mkdir(exist_ok=True)
            shutil.copy2(model, target.parent / "models")
        else:
            print(f"note: {model} is missing (scripts/fetch-models makes it); the package has no model", file=sys.stderr)


def vendor(module: Path) -> None:
    """Copies the libraries that `module` needs, and theirs, to libs/ beside it, with their licenses."""
    libraries = module.parent / "libs"
    libraries.mkdir(exist_ok=True)
    listing = subprocess.run(["ldd", module], check=True, capture_output=True, text=True).stdout
    for name, path in re.findall(r"^\s*(\S+) => (\S+)", listing, flags=re.MULTILINE):
        if SYSTEM_LIBRARIES.match(name):
            continue
        shutil.copy(path, libraries / name)
        (libraries / name).chmod(0o755)
        subprocess.run(["patchelf", "--set-rpath", "$ORIGIN", libraries / name], check=True)
        # By name, because the package may list the file in /lib, a link to /usr/lib.
        package = subprocess.run(["dpkg-query", "-S", f"*/{name}"], capture_output=True, text=True).stdout
        copyright_file = Path("/usr/share/doc") / package.split(":")[0] / "copyright"
        if package and copyright_file.exists():
            shutil.copy(copyright_file, libraries / f"{name}.copyright")
    subprocess.run(["patchelf", "--set-rpath", "$ORIGIN/libs", module], check=True)


setup(
    version=version(),
    ext_modules=[Extension("posenet._posenet", sources=[])],
    cmdclass={"build_ext": CMakeBuild},
)
