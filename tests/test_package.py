"""What is installed: the wheel and the source package are whole, and the wheel runs without the tree."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from midstance import __version__

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "midstance"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(wheel, source package), made as a release is made: the wheel from what the source package holds."""
    folder = tmp_path_factory.mktemp("built")
    build = (sys.executable, "-m", "hatchling", "build", "-d", str(folder))
    subprocess.run([*build, "-t", "sdist"], cwd=ROOT, check=True, capture_output=True)
    (source,) = folder.glob("*.tar.gz")
    with tarfile.open(source) as packed:
        packed.extractall(folder, filter="data")
    subprocess.run(
        [*build, "-t", "wheel"], cwd=folder / source.name.removesuffix(".tar.gz"), check=True, capture_output=True
    )
    (wheel,) = folder.glob("*.whl")
    return wheel, source


def test_the_wheel_holds_every_file_of_the_program_its_page_of_the_manual_and_nothing_else(
    built: tuple[Path, Path],
) -> None:
    with zipfile.ZipFile(built[0]) as wheel:
        names = set(wheel.namelist())
    files = {
        f"midstance/{path.relative_to(SOURCE).as_posix()}"
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    about, data = f"midstance-{__version__}.dist-info/", f"midstance-{__version__}.data/data/"
    assert files <= names
    assert f"{data}share/man/man1/midstance.1" in names
    assert all(name in files or name.startswith((about, data)) for name in names)


def test_the_source_package_holds_what_the_tests_and_the_documents_need(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[1]) as packed:
        names = packed.getnames()
    top = {name.split("/")[1] for name in names if "/" in name}
    assert {"src", "tests", "docs", "examples", "validation", "benchmarks", "Makefile", "CITATION.cff", "CHANGELOG.md",
            "LICENSE", "README.md", "requirements.txt"} <= top  # fmt: skip
    assert not any(".venv" in name or ".cache" in name or "__pycache__" in name for name in names)
    assert built[1].stat().st_size < 10e6


def test_the_wheel_runs_without_the_tree(built: tuple[Path, Path], tmp_path: Path) -> None:
    place = tmp_path / "installed"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--no-index")
    subprocess.run([*pip, "--target", str(place), str(built[0])], check=True)
    asked = (
        "import midstance, midstance.cli; from midstance import data; from midstance.analyze import analyze;"
        "print(midstance.__file__, midstance.__version__, len(data.text('questions.toml')) > 1000)"
    )
    env = os.environ | {"PYTHONPATH": str(place)}
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [str(place / "midstance" / "__init__.py"), __version__, "True"], done.stderr


def test_the_pages_of_a_release_name_this_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {__version__}" in changes
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
