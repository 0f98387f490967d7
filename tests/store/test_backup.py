"""A backup of either database, put back into an empty one of either; and films deleted after some days."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import create_engine, select, text

from midstance.errors import InputError, UsageError
from midstance.store import Store, accounts, export_athlete, import_athlete, open_store, tables
from midstance.store.backup import back_up, backed_up, restore
from midstance.store.jobs import Jobs
from midstance.store.own import Whose
from midstance.store.retention import delete_originals
from tests.fixtures.least_analysis import analysis
from tests.store.test_store import database, postgres  # noqa: F401  (fixtures)


@pytest.fixture
def kept(database: str, tmp_path: Path) -> Iterator[Store]:  # noqa: F811
    opened = open_store(database, str(tmp_path / "films"))
    yield opened
    opened.close()


@pytest.fixture
def empty(database: str, tmp_path: Path) -> Iterator[Store]:  # noqa: F811
    """Another store of the same kind with nothing in it."""
    url = f"sqlite:///{tmp_path / 'other.db'}"
    if database.startswith("postgresql"):
        name = f"b{uuid.uuid4().hex[:8]}"
        engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        url = engine.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        engine.dispose()
    opened = open_store(url, str(tmp_path / "other films"))
    yield opened
    opened.close()


def fill(store: Store, folder: Path) -> None:
    cody = store.add_athlete("Cody", height_m=1.78)
    for n in range(2):
        film = folder / f"{n}.mp4"
        film.write_bytes(b"film %d" % n)
        take = store.add_take(cody, film)
        report = folder / f"{n}.zip"
        report.write_bytes(b"report %d" % n)
        store.add_analysis(take, analysis(shank=9.0 - n), {"report": report})
    number = accounts.accept(store, accounts.invite(store, "athlete", athlete=cody.id), "Cody", "four words are enough")
    Jobs(store, Whose(account=number)).add("analyze", {}, take=1)
    Jobs(store).claim("one:1:1")


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
            for table in backed_up()
            if table is not tables.jobs
        }


def test_everything_comes_back(kept: Store, empty: Store, tmp_path: Path) -> None:
    fill(kept, tmp_path)
    (tmp_path / "web.key").write_text("a secret")
    file = tmp_path / "all.zip"
    assert back_up(kept, file, tmp_path / "web.key") == 4
    assert restore(empty, file, tmp_path / "there" / "web.key") == 4
    assert rows(empty) == rows(kept)
    assert [job.state for job in Jobs(empty).recent()] == ["queued"]  # what ran is done again
    assert (tmp_path / "there" / "web.key").read_text() == "a secret"
    assert accounts.check_password(empty, "cody", "four words are enough")
    take = empty.take(1)
    with empty.shelf.local(take.clip.key) as film:
        assert film.read_bytes() == b"film 0"
    assert empty.add_athlete("Zoë").id == 2  # numbers go on where they were
    with pytest.raises(UsageError, match="empty one"):
        restore(empty, file, tmp_path / "web.key")


def test_a_damaged_backup_restores_nothing(kept: Store, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    for content in (b"no zip", b"PK\x03\x04" + bytes(100)):
        file.write_bytes(content)
        with pytest.raises(InputError, match="no backup"):
            restore(kept, file, tmp_path / "web.key")
    with ZipFile(file, "w") as archive:
        archive.writestr("midstance.json", '{"format": 1, "revision": "9999"}')
    with pytest.raises(InputError, match="newer"):
        restore(kept, file, tmp_path / "web.key")
    with ZipFile(file, "w") as archive:
        archive.writestr("midstance.json", '{"format": 1, "revision": "0007"}')
        archive.writestr("tables/athletes.jsonl", '{"id": 1, "uid": "x", "name": "Cody", "notes": ""}\n{"id": ')
    with pytest.raises(InputError, match="no backup"):
        restore(kept, file, tmp_path / "web.key")
    assert kept.athletes() == ()


def test_films_go_after_some_days_and_results_stay(kept: Store, tmp_path: Path) -> None:
    fill(kept, tmp_path)
    new = tmp_path / "new.mp4"
    new.write_bytes(b"not analysed yet")
    waiting = kept.add_take(kept.athlete("Cody"), new)
    assert delete_originals(kept, days=1) == 0
    assert delete_originals(kept, days=-1) == 2
    assert delete_originals(kept, days=-1) == 0
    first = kept.take(1)
    assert (first.clip.name, first.clip.size) == ("0.mp4", 0)
    assert kept.shelf.has(waiting.clip.key)
    assert not kept.shelf.has(first.clip.key)
    assert kept.read(first).measures
    zipped = tmp_path / "cody.zip"
    cody = kept.athlete("Cody")
    export_athlete(kept, cody, zipped)
    kept.delete_athlete(cody)
    assert [take.clip.size for take in kept.takes(import_athlete(kept, zipped))] == [0, 0, 16]


def test_a_film_that_another_take_needs_still_stays(kept: Store, tmp_path: Path) -> None:
    film = tmp_path / "run.mp4"
    film.write_bytes(b"the same film")
    old, new = (kept.add_take(kept.add_athlete(name), film) for name in ("Cody", "Zoë"))
    kept.add_analysis(old, analysis())
    assert delete_originals(kept, days=-1) == 1
    assert kept.shelf.has(new.clip.key)
    kept.delete_take(new)
    assert not kept.shelf.has(new.clip.key)
