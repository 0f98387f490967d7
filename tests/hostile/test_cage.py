"""Commands that decode run in a cage: a crash is one line for that file, the others go on, limits are told."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from midstance.cli import caged
from midstance.cli.caged import wants_cage

DIES = """
import os, signal, sys, time
import midstance.video.stills as stills
real = stills.open_picture
def opened(path):
    name = os.path.basename(str(path))
    if name == "crash.png":
        os.kill(os.getpid(), signal.SIGSEGV)
    if name == "greedy.png":
        held = [bytearray(10**7) for _ in range(10**4)]
    if name == "slow.png":
        time.sleep(60)
    if name == "fault.png":
        raise RuntimeError("of a library\\nin two lines")
    os.write(2, b"a library says something\\n")
    return real(path)
stills.open_picture = opened
"""
"""Loaded by every Python of these tests: some names of pictures stand for damaged files that end a decoder."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("ai_edge_litert")
    (tmp_path / "site").mkdir()
    hook = "import sys\nif sys.argv[1:2] == ['photo']:\n    exec(open(%r).read())\n"
    (tmp_path / "site" / "dies.py").write_text(DIES, encoding="utf-8")
    (tmp_path / "site" / "sitecustomize.py").write_text(hook % str(tmp_path / "site" / "dies.py"), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"), prepend=":")
    monkeypatch.delenv("MIDSTANCE_CAGE")
    return tmp_path


def photos(folder: Path, *names: str, limits: str = "") -> subprocess.CompletedProcess[str]:
    import cv2
    import numpy as np

    for name in names:
        cv2.imwrite(str(folder / name), np.zeros((64, 64, 3), np.uint8))
    command = [sys.executable, "-m", "midstance", "photo", *names, "--json", "out.json"]
    variables = os.environ | {"MIDSTANCE_LIMITS": limits}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=variables, check=False)


@pytest.mark.slow
def test_a_crash_is_one_line_for_that_file_and_the_others_go_on(folder: Path) -> None:
    done = photos(folder, "a.png", "crash.png", "b.png", "fault.png", "greedy.png", "c.png", limits="memory_gb=1.5")
    assert done.returncode == 3, done.stderr
    lines = done.stderr.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["crash.png", "fault.png", "greedy.png"], done.stderr
    assert "damaged" in lines[0]
    assert "memory" in lines[2]
    read = json.loads((folder / "out.json").read_text())
    assert [each["picture"] for each in read["photos"]] == ["a.png", "b.png", "c.png"]
    assert "library says" not in done.stderr


@pytest.mark.slow
def test_a_file_that_never_ends_is_stopped_and_the_limit_named(folder: Path) -> None:
    done = photos(folder, "slow.png", limits="work_minutes=0.15")
    assert done.returncode == 3, done.stderr
    assert "MIDSTANCE_LIMITS=work_minutes" in done.stderr


@pytest.mark.slow
def test_the_work_ends_with_the_command(folder: Path) -> None:
    import cv2
    import numpy as np

    cv2.imwrite(str(folder / "slow.png"), np.zeros((64, 64, 3), np.uint8))
    command = [sys.executable, "-m", "midstance", "photo", "slow.png", "--json", "out.json"]
    watcher = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not (inside := children_of(watcher.pid)) and time.monotonic() < until:
        time.sleep(0.05)
    watcher.send_signal(signal.SIGKILL)
    watcher.wait()
    while any(Path(f"/proc/{child}").exists() for child in inside) and time.monotonic() < until:
        time.sleep(0.05)
    assert inside
    assert not any(Path(f"/proc/{child}").exists() for child in inside)


def children_of(process: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


DECODES = re.compile(r"\b(analyze_clip|open_clip|open_source|open_picture)\(")
OWN_FILMS = {"checks.py", "runs.py"}
"""The doctor writes the film that it reads; what all commands share is no command."""


def test_every_command_that_decodes_wants_a_cage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MIDSTANCE_CAGE")
    commands = Path(caged.__file__).parent
    decode = {path.name for path in commands.glob("*.py") if DECODES.search(path.read_text(encoding="utf-8"))}
    names = {"clips.py": "analyze", "takes.py": "takes add", "live.py": f"live {__file__}"}
    assert {"validate.py", "photo.py", "clips.py"} <= decode
    for file in decode - OWN_FILMS:
        words = names.get(file, file.removesuffix(".py")).split()
        assert wants_cage([*words, "a.mp4"]), file


def test_which_commands_want_a_cage(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not wants_cage(["analyze", "a.mp4"])  # these tests say that they are in one
    monkeypatch.delenv("MIDSTANCE_CAGE")
    for words in (
        "analyze a.mp4",
        "--quiet photo a.jpg",
        "takes add Cody a.mp4",
        "takes report 3",
        "film 1 2",
        f"live {__file__}",
    ):
        assert wants_cage(words.split()), words
    for words in (
        "",
        "doctor",
        "takes list Cody",
        "takes",
        "analyze --help",
        "serve",
        "convert a.trc b.csv",
        "live",
        "live 0",
    ):
        assert not wants_cage(words.split()), words
