"""Ctrl-C, an impatient one too, and a camera that is lost: what was filmed is kept."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from midstance import cli
from midstance.live.film import SessionFilm
from midstance.live.outcome import Wanted
from midstance.live.session import watch
from midstance.live.source import Shot
from midstance.live.stopping import stopped_by_hand
from midstance.model import Clip, Poses
from midstance.options import Options
from midstance.store import open_store
from midstance.video.opening import open_clip
from tests.fixtures.live import Numbered, jogger  # noqa: F401
from tests.test_documents_run import jogger_in


def _ctrl_c(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGINT)


class Stopped(Numbered):
    """A source in front of which somebody presses Ctrl-C after three seconds."""

    def shots(self) -> Iterator[Shot]:
        for shot in super().shots():
            if shot.time_s == 3.0:
                _ctrl_c()
            time.sleep(0.01)  # time to save them all
            yield shot


@pytest.fixture
def annas_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[int, int]]:
    """Run commands of live on the jogger; return how each ended, and how many takes Anna then has."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "store"))
    monkeypatch.setattr("midstance.cli.runs.bring_models", lambda *_a, **_k: None)
    monkeypatch.setattr("midstance.live.source.open_source", lambda *_a, **_k: Stopped())

    def run(words: str) -> tuple[int, int]:
        monkeypatch.setattr(sys, "argv", ["midstance", *words.split()])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        where = f"sqlite:///{tmp_path / 'store' / 'midstance.db'}", str(tmp_path / "store" / "films")
        with closing(open_store(*where)) as store:
            return int(ended.value.code or 0), len(store.takes(store.athlete("Anna")))

    run("athletes add Anna --height 166cm")
    return run


@pytest.mark.usefixtures("jogger")
def test_ctrl_c_ends_the_session_and_keeps_it_however_impatient(
    annas_store: Callable[[str], tuple[int, int]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pressed while it runs, once more while the film is finished; then it is judged as any other take."""
    monkeypatch.setattr(import_module("midstance.analyze"), "estimate_poses", lambda clip, **_how: jogger_in(clip))
    finish = SessionFilm._finish

    def finish_while_pressed(film: SessionFilm) -> None:
        _ctrl_c()
        finish(film)

    monkeypatch.setattr(SessionFilm, "_finish", finish_while_pressed)
    assert annas_store("live --athlete Anna --no-window --save seen.mp4") == (0, 1)
    assert 85 <= open_clip(Path("seen.mp4")).frames <= 100
    assert "The report: midstance takes report 1" in capsys.readouterr().out


@pytest.mark.usefixtures("jogger")
def test_ctrl_c_while_it_is_judged_keeps_the_take(
    annas_store: Callable[[str], tuple[int, int]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed(clip: Clip, **_how: object) -> Poses:
        _ctrl_c()
        return jogger_in(clip)

    monkeypatch.setattr(import_module("midstance.analyze"), "estimate_poses", pressed)
    assert annas_store("live --athlete Anna --no-window") == (130, 1)
    assert "Take 1 is kept, not judged yet. Judge it: midstance takes analyze 1" in capsys.readouterr().err
    monkeypatch.setattr(import_module("midstance.analyze"), "estimate_poses", lambda clip, **_how: jogger_in(clip))
    assert annas_store("takes analyze 1") == (0, 1)


def test_ctrl_c_three_times_leaves_at_once() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopped_by_hand() as stop:
        assert not stop.is_wanted
        _ctrl_c()
        _ctrl_c()
        assert stop.is_wanted
        with pytest.raises(KeyboardInterrupt):
            _ctrl_c()
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.usefixtures("jogger")
def test_what_was_filmed_before_the_camera_was_lost_is_kept(tmp_path: Path) -> None:
    session = watch(Numbered(breaks_at=50), Wanted(options=Options(), saved_to=tmp_path / "saved.mp4", every=True))
    assert session.lost is not None
    assert "the camera is gone" in session.lost.say("cli")
    assert open_clip(tmp_path / "saved.mp4").frames == session.came == 50
