"""The documents run: every command and every block of code of every page, as a reader would type them.

    python -m pytest tests/test_documents_run.py

The pose model sees the jogger of the tests in small films, everything else is as it is. What cannot run here stands in
NOT_RUN with its reason; a line that is neither run nor listed fails.
"""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from midstance import cli
from midstance.coaching.rules.programs import allowed_now
from midstance.formats import openpose, pose_json, trc
from midstance.model import CameraMotion, Clip, Person, PoseModel, Poses
from midstance.video.film_writer import FilmWriter
from tests.fixtures.recorded import markers, pixels
from tests.fixtures.squad import write_take
from tests.test_documents import CODE, COMMANDS, ROOT, lines

WIDTH, HEIGHT, RATE_HZ, FRAMES = 320, 180, 30.0, 72
LONGEST_S = 120
"""After so long a command counts as hung; on an idle machine none takes ten."""

NOT_RUN = {
    r"midstance demo": "it analyses four films in a minute; tests/cli/test_cli.py runs it",
    r"midstance analyze side\.mp4 front\.mp4 --together .*": "it needs a view from the front; tests/test_together.py",
    r"midstance serve .*": "it waits for a browser; tests/web opens it",
    r"midstance mcp": "it waits for a language model; tests/output/test_for_models.py speaks to it",
    r"midstance batch (s3:|.*\.mp4).*": "it needs a bucket, a cluster or many films; tests/batch has the first two",
    r"midstance live( --.*)?": "it needs a camera; tests/live watches without one",
    r"midstance --install-completion": "it would change the shell of whoever runs the tests",
    r"midstance explain knee_give_deg": "it needs the package of the line before; tests/test_plugins.py installs it",
    r"(pip|pipx|uv) .*": "it would change the machine; tests/test_package.py builds and installs",
    r"(make|python -m|python3|fresh/bin/).*": "it is for a checkout, not for a runner",
}
"""Lines that are not run, as patterns of the whole line, and why."""


def why_not_run(line: str) -> str:
    """The reason for which a line is not run; empty if it is run."""
    return next((why for pattern, why in NOT_RUN.items() if re.fullmatch(pattern, line)), "")


RUN = [command for command in COMMANDS if not why_not_run(command)]


def jogger_in(clip: Clip) -> Poses:
    """The jogger of the tests as a pose model would have seen him in a film."""
    found = pixels(rate_hz=RATE_HZ, seconds=clip.frames / RATE_HZ + 1)
    return Poses(
        model=PoseModel(backend="blazepose", model="full", weights_sha256="0" * 64),
        time_s=clip.time_s / clip.slow_motion_factor,
        width=clip.width,
        height=clip.height,
        people=(
            Person(xy=found.points[0, : clip.frames] * (WIDTH / 1280), confidence=found.confidence[0, : clip.frames]),
        ),
        camera=CameraMotion(
            to_first=np.tile(np.eye(2, 3), (clip.frames, 1, 1)),
            quality=np.ones(clip.frames),
            cut=np.zeros(clip.frames, bool),
        ),
    )


@contextmanager
def _beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with every file that the documents name, an empty store, and a pose model that sees the jogger."""
    folder = tmp_path_factory.mktemp("desk")
    for name, shade in (("run", 40), ("after", 60)):
        with FilmWriter(folder / f"{name}.mp4", width=WIDTH, height=HEIGHT, rate_hz=RATE_HZ) as film:
            wall = np.full((HEIGHT, WIDTH, 3), shade, np.uint8)
            for _ in range(FRAMES):
                film.write(wall)
    shutil.copy(folder / "run.mp4", folder / "before.mp4")
    seen = pixels(rate_hz=RATE_HZ, seconds=FRAMES / RATE_HZ)
    seen = replace(seen, points=seen.points * (WIDTH / 1280), size_px=(WIDTH, HEIGHT))
    openpose.write(seen, folder / "openpose_folder")
    pose_json.write(seen, folder / "poses.json")
    trc.write(markers(seconds=FRAMES / RATE_HZ), folder / "track.trc")
    (folder / "our_lab").mkdir()
    for name, end in (("poses.json", ".json"), ("track.trc", ".trc")):
        shutil.copy(folder / name, folder / "our_lab" / f"trial{end}")
    for number, name in enumerate(("anna", "ben")):
        write_take(folder / "season" / f"{name}.trc", number)
    (folder / "athletes.csv").write_text("film,athlete,shoes\nanna,Anna,racer\nben,Ben,trainer\n", encoding="utf-8")
    (folder / "films.txt").write_text("season/anna.trc\nseason/ben.trc\n", encoding="utf-8")
    shutil.copytree(ROOT / "examples" / "club_rules" / "midstance_club_rules", folder / "our_rules")
    nobody = SimpleNamespace(model=PoseModel(backend="t", model="t", weights_sha256=""), find=_none, look=_none)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("MIDSTANCE_DATA", str(folder / "store"))
        patch.setattr(import_module("midstance.analyze"), "estimate_poses", lambda clip, **_how: jogger_in(clip))
        patch.setattr("midstance.cli.runs.bring_models", lambda *_a, **_k: None)
        patch.setattr("midstance.live.looking.open_backend", lambda *_a, **_k: nobody)
        patch.setattr("midstance.live.session.open_reader", _beside)
        (folder / "store").mkdir()
        known = folder / "store" / "rules-allowed.txt"
        known.write_text(allowed_now(folder / "our_rules", known), encoding="utf-8")
        yield folder


def _none(*_picture: object, **_how: object) -> Any:
    return [] if "tile" in _how else None


@contextmanager
def _in_time() -> Iterator[None]:
    """Raise TimeoutError where something never ends."""

    def hung(*_: object) -> None:
        raise TimeoutError(f"longer than {LONGEST_S} s")

    before = signal.signal(signal.SIGALRM, hung)
    signal.alarm(LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_the_commands_of_the_documents_run_in_their_order(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All in one test: a line may need what the line before it wrote, and tests of one file run anywhere."""
    for command in RUN:
        with pytest.MonkeyPatch.context() as patch, _in_time():
            patch.setattr(sys, "argv", shlex.split(command))
            with pytest.raises(SystemExit) as ended:
                cli.main()
        printed = capsys.readouterr()
        assert int(ended.value.code or 0) == 0, f"{command}: {printed.err}"
        assert printed.out or printed.err, command
    table = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+(?:\.[a-z0-9]+|/))`", table)) - {"run.mp4"}
    made = {path.name + ("/" if path.is_dir() else "") for path in (desk / "run.mp4.midstance").iterdir()}
    assert {"report.html", "handout.pdf", "annotated.mp4", "frames/", "analysis.json", "measures.csv"} <= named <= made
    assert (desk / "board.html").exists()


@pytest.mark.parametrize(("page", "text"), CODE, ids=[page for page, _text in CODE])
def test_code_of_the_documents_runs(desk: Path, page: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert Path.cwd() == desk
    with _in_time():
        exec(compile(text, page, "exec"), {})  # noqa: S102  (our own pages)
    assert ("print(" in text) == bool(capsys.readouterr().out)


def test_every_line_is_run_or_listed_with_its_reason() -> None:
    odd = [(page, line) for page, line in lines({"sh"}) if line not in RUN and not why_not_run(line)]
    assert not odd
    stale = [p for p in NOT_RUN if "|" not in p and not any(re.fullmatch(p, line) for _page, line in lines({"", "sh"}))]
    assert not stale, "no page has such a line any more"
