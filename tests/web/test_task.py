"""Jobs done in a process of their own: a film taken in once, refused in a sentence, stopped by limits, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from midstance import cage as cages
from midstance.cage import Cage, CrashedError
from midstance.store import Store, open_store
from midstance.store.jobs import Job, Jobs
from midstance.web.settings import Limits, Settings
from midstance.web.worker import Worker

MOST_S = 300.0
"""How long a job may take on a busy machine."""

STOPPED_S = 20.0
"""How long a service may take to stop: TimeoutStopSec of docs/operators.md."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that child processes open too."""
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path))
    opened = open_store()
    yield opened
    opened.close()


def worker(store: Store, tmp_path: Path) -> Worker:
    return Worker(store, Settings(hosts=frozenset(), folder=tmp_path, limits=Limits()))


def add_upload(store: Store, tmp_path: Path, content: bytes, name: str) -> Job:
    (tmp_path / "uploads").mkdir(exist_ok=True)
    (tmp_path / "uploads" / ("a" * 32)).write_bytes(content)
    return Jobs(store).add("take", {"upload": "a" * 32, "name": name, "about": {}})


def wait_for(store: Store, job: Job, *states: str) -> Job:
    until = time.monotonic() + MOST_S
    while (now := Jobs(store).job(job.uid)).state not in states:
        assert time.monotonic() < until, now
        time.sleep(0.05)
    return now


def test_what_is_no_film_is_not_kept(here: Store, tmp_path: Path) -> None:
    job = add_upload(here, tmp_path, b"\0\0\0\x20ftypisom" + bytes(5000), "run.mp4")
    thread = worker(here, tmp_path)
    thread.start()
    ended = wait_for(here, job, "failed", "done")
    thread.stop()
    assert (ended.state, ended.crashes) == ("failed", 0)
    assert "run.mp4" in ended.says
    assert "\n" not in ended.says
    assert here.athletes() == ()
    assert not list((tmp_path / "films").rglob("*.mp4"))


def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, *, memory_bytes: int = 10**9) -> Cage:
    (tmp_path / "caged.py").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    return Cage("caged", [], memory_bytes=memory_bytes, seconds=20)


def test_what_a_library_prints_is_no_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = child(tmp_path, monkeypatch, "print('[h264] warning'); print('{\"done\": 1}'); print('[1]')")
    assert [news for news in said.news() if news] == [{"done": 1}]


def test_a_crash_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CrashedError, match="stopped halfway"):
        list(child(tmp_path, monkeypatch, "import os; os.kill(os.getpid(), 11)").news())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_too_much_memory_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cages, "LOOK_EVERY_S", 0.05)
    text = "import time; kept = bytearray(300_000_000); time.sleep(60)"
    with pytest.raises(CrashedError, match="memory"):
        list(child(tmp_path, monkeypatch, text, memory_bytes=200_000_000).news())


def test_too_much_time_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cages, "LOOK_EVERY_S", 0.05)
    (tmp_path / "caged.py").write_text("import time; time.sleep(60)", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(CrashedError, match="longer"):
        list(Cage("caged", [], memory_bytes=10**9, seconds=0.2).news())


def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    """Its pipe is closed, as when the parent is killed."""
    cage = Cage("midstance.web.task", ["0" * 32, "1"], memory_bytes=10**10, seconds=60)
    process = cage._process
    process.stdin.close()
    assert process.wait(timeout=MOST_S) in {0, 9}
    cage.kill()
    assert tmp_path.exists()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the system has other words for it")
def test_work_steps_back_within_the_session_of_its_server() -> None:
    """Linux shares the processor between sessions first: in one of its own, work would take half from the pages."""
    cage = Cage("midstance.web.task", ["0" * 32, "1"], memory_bytes=10**10, seconds=60)
    process = cage._process.pid
    try:
        assert os.getpriority(os.PRIO_PROCESS, process) >= os.getpriority(os.PRIO_PROCESS, 0) + 10
        assert os.getsid(process) == os.getsid(0)
        assert os.getpgid(process) == process  # what it started is ended with it
    finally:
        cage.kill()


@pytest.mark.skipif(os.name != "posix", reason="a system's own way to stop a service")
def test_a_service_that_is_stopped_puts_its_work_back(here: Store, tmp_path: Path) -> None:
    """SIGTERM, as systemd and containers stop a service: quickly, without a child that goes on, and nothing is lost."""
    command = [sys.executable, "-m", "midstance", "serve", "--team", "--no-open", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert server.stdout
    assert "club signs in" in server.stdout.readline()
    job = add_upload(here, tmp_path, b"\0\0\0\x20ftypisom" + bytes(5000), "run.mp4")
    wait_for(here, job, "running")  # its process needs a second before it looks at the film
    began = time.monotonic()
    server.terminate()
    assert server.wait(timeout=MOST_S) == -signal.SIGTERM
    assert time.monotonic() - began < STOPPED_S
    ended = Jobs(here).job(job.uid)
    assert (ended.state, ended.crashes) == ("queued", 0)
    server.stdout.close()


def test_a_child_that_dies_twice_has_failed(here: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kill -9 in the middle of the work: tried once more, then a sentence; the film stays where it was."""
    monkeypatch.setattr("midstance.web.worker.Cage", Doomed)
    job = add_upload(here, tmp_path, b"film", "run.mp4")
    thread = worker(here, tmp_path)
    thread.start()
    ended = wait_for(here, job, "failed", "done")
    thread.stop()
    assert (ended.state, ended.crashes) == ("failed", 2)
    assert ended.says == "The analysis stopped halfway. The film may be damaged: convert it, or film again."


class Doomed(Cage):
    """A child that is killed as soon as it runs."""

    def __init__(self, *words: object, **limits: object) -> None:
        super().__init__(*words, **limits)
        threading.Timer(0.1, self._process.kill).start()
