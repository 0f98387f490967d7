"""Real commands killed in the middle, on full disks, two at once: nothing lost, nothing half there, one clear line.

Here each command dies once at the moments that matter; `make harden` kills it at many more, and fills disks.
"""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, select
from validation.harden_stores import small_film

from midstance.formats import analysis_json
from midstance.store import Store, open_store
from midstance.store import database as database_module
from tests.fixtures.models import bring
from tests.store.test_store import FIRST_RELEASE, films

pytestmark = pytest.mark.slow

KILLED = """
import importlib, os, signal, sys
from midstance import cli
module, _, name = sys.argv[1].partition(":")
owner = importlib.import_module(module)
*inside, last = name.split(".")
for each in inside:
    owner = getattr(owner, each)
real, left = getattr(owner, last), int(sys.argv[2])
def until(*words, **more):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*words, **more)
setattr(owner, last, until)
sys.argv = ["midstance", *sys.argv[3:]]
cli.main()
"""
"""A command that dies the moment a function is called once more than so many times."""


def run(*words: object, killed_at: str = "", most_bytes: int | None = None) -> subprocess.CompletedProcess[str]:
    """A command of midstance in a process of its own; killed_at: module:function calls, how many it survives."""
    start = [sys.executable, "-c", KILLED, *killed_at.split()] if killed_at else [sys.executable, "-m", "midstance"]
    limit = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes,) * 2)) if most_bytes else None
    command = [*start, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, check=False)
    assert "Traceback" not in done.stderr
    if killed_at:
        assert done.returncode == -signal.SIGKILL, done.stderr
    return done


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of the runner that comes with midstance, small, and the models to look at it with."""
    bring("detector", "full")
    return small_film(tmp_path_factory.mktemp("clip") / "run.mp4")


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, a third of a second: it is kept, looked at and refused, and that is quick."""
    bring("detector", "full")
    return small_film(tmp_path_factory.mktemp("short") / "run.mp4", shown=10)


@pytest.fixture
def store(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with one athlete, and the environment that leads every process there."""
    monkeypatch.setenv("MIDSTANCE_DATABASE", database)
    monkeypatch.setenv("MIDSTANCE_FILES", str(tmp_path / "films"))
    store = open_store()
    store.add_athlete("Cody")
    yield store
    store.close()


def takes(store: Store) -> list[int]:
    """How often each take was analysed."""
    return [take.analyses for take in store.takes(store.athlete("Cody"))]


def nothing_is_left_over(store: Store, tmp_path: Path) -> None:
    store.tidy(older_than_s=0)
    named = {file.key for take in store.takes(store.athlete("Cody")) for file in take.files}
    assert {p.relative_to(tmp_path / "films").as_posix() for p in films(tmp_path)} == named


# -- an analysis into a folder -------------------------------------------------------------------------------------

TABLES = {"track.csv", "measures.csv", "strides.csv", "contacts.csv", "angles.csv", "findings.csv", "columns.csv"}
RESULTS = {"analysis.json", "report.html", "annotated.mp4", "frames", "handout.pdf", "report.pdf", *TABLES}


def seen(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir() if not p.name.startswith(".")} if folder.exists() else set()


def test_killed_analysis_leaves_the_results_of_the_last_one(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "analysis.json").write_text("of the last time")
    run("analyze", clip, "--out", folder, killed_at="midstance.output.page:page_html 0")
    assert seen(folder) == {"analysis.json"}
    assert (folder / "analysis.json").read_text() == "of the last time"
    for left in folder.glob(".*"):
        for each in (left, *left.rglob("*")):
            os.utime(each, (0, 0))
    assert run("analyze", clip, "--out", folder).returncode == 0
    assert {p.name for p in folder.iterdir()} == RESULTS
    analysis_json.read((folder / "analysis.json").read_text(), "here")


def test_two_analyses_at_once_into_one_folder(clip: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "midstance", "analyze", str(clip), "--out", str(tmp_path / "out")]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert {p.name for p in (tmp_path / "out").iterdir()} == RESULTS
    analysis_json.read((tmp_path / "out" / "analysis.json").read_text(), "here")


def test_full_disk_under_an_analysis(clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = run("analyze", clip, "--out", folder, most_bytes=60_000)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "The disk is full" in done.stderr
    assert list(folder.iterdir()) == []


# -- a take into the store -----------------------------------------------------------------------------------------


REFUSED = 4
"""The exit code for a film that is too short; it is kept all the same."""


@pytest.mark.parametrize(
    ("database", "moment", "kept"),
    [
        ("sqlite", "midstance.formats.files:_wait_for_disk 0", []),
        ("postgresql", "midstance.store.store:file_values 0", []),
        ("sqlite", "midstance.store.ingest:_judge 0", [0]),
        ("postgresql", "midstance.store.store:file_values 2", [0]),
    ],
    indirect=["database"],
    ids=["copying the film", "writing the take", "looking", "writing the analysis"],
)
def test_killed_takes_add(store: Store, short: Path, tmp_path: Path, *, moment: str, kept: list[int]) -> None:
    run("takes", "add", "Cody", short, killed_at=moment)
    assert takes(store) == kept
    again = ("takes", "analyze", 1) if kept else ("takes", "add", "Cody", short)
    assert run(*again).returncode == REFUSED
    assert takes(store) == [1]
    (take,) = store.takes(store.athlete("Cody"))
    assert [file.kind for file in take.files] == ["clip", "thumbnail", "poses", "report"]
    nothing_is_left_over(store, tmp_path)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_killed_takes_add_of_a_film_that_is_judged(store: Store, clip: Path, tmp_path: Path) -> None:
    run("takes", "add", "Cody", clip, killed_at="midstance.store.ingest:loop_film 0")
    assert takes(store) == [0]
    assert run("takes", "analyze", 1).returncode == 0
    assert takes(store) == [1]
    (take,) = store.takes(store.athlete("Cody"))
    assert [file.kind for file in take.files] == ["clip", "thumbnail", "film", "poses", "report"]
    nothing_is_left_over(store, tmp_path)


def test_two_takes_added_at_once(store: Store, short: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "midstance", "takes", "add", "Cody", str(short), "--again"]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait() for process in both] == [REFUSED, REFUSED]
    assert takes(store) == [1, 1]
    assert len([p for p in films(tmp_path) if p.read_bytes() == short.read_bytes()]) == 1
    nothing_is_left_over(store, tmp_path)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_full_disk_under_the_store(store: Store, short: Path, tmp_path: Path) -> None:
    """The film does not fit; then what is made of it does not; then what is written from the store does not."""

    def fills_the_disk(*words: object) -> None:
        done = run(*words, most_bytes=short.stat().st_size // 2)
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
        assert "The disk is full" in done.stderr

    fills_the_disk("takes", "add", "Cody", short)
    assert takes(store) == []
    nothing_is_left_over(store, tmp_path)
    assert run("takes", "add", "Cody", short).returncode == REFUSED
    fills_the_disk("takes", "analyze", 1)
    for words in (("athletes", "export", "Cody"), ("athletes", "show", "Cody", "--page")):
        fills_the_disk(*words, tmp_path / "out" / "here")
        assert list((tmp_path / "out").iterdir()) == []
    assert takes(store) == [1]
    nothing_is_left_over(store, tmp_path)


# -- a migration ---------------------------------------------------------------------------------------------------


@pytest.fixture
def first_release(database: str) -> str:
    """The address of a store that the first release filled."""
    rows = FIRST_RELEASE.read_text()
    if database.startswith("sqlite"):
        with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
            connection.executescript(rows)
        return database
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    config = Config()
    config.set_main_option("script_location", str(Path(database_module.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # the rows come in any order
        for row in rows.splitlines():
            if row.startswith("INSERT") and "alembic_version" not in row:
                connection.exec_driver_sql(row.replace("%", "%%"))
    engine.dispose()
    return database


def test_killed_migration_of_a_store_with_data(first_release: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIDSTANCE_DATABASE", first_release)
    before = everything(first_release)
    assert ("0001",) in before["alembic_version"]
    run("athletes", "list", killed_at="alembic.runtime.migration:HeadMaintainer.update_to_step 0")
    assert everything(first_release) == before
    assert "1 take " in run("athletes", "list").stdout
    store = open_store()
    (take,) = store.takes(store.athletes()[0])
    assert store.read(take).measures[0].value == 9.0
    assert store.watch(take) == []
    store.close()


def everything(database: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        found = {t.name: [tuple(row) for row in connection.execute(select(t))] for t in tables.sorted_tables}
    engine.dispose()
    return found
