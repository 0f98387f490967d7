"""A backup of either database, put back into an empty one of either; and films deleted after some days."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import create_engine, select, text, update

from midstance.errors import InputError, UsageError
from midstance.store import Store, accounts, export_athlete, import_athlete, open_store, tables
from midstance.store.backup import back_up, backed_up, restore
from midstance.store.jobs import Jobs
from midstance.store.own import Whose
from midstance.store.retention import delete_originals
from tests.fixtures.least_analysis import analysis


@pytest.fixture
def empty(database: str, tmp_path: Path) -> Iterator[Store]:
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


def test_everything_comes_back(each_store: Store, empty: Store, tmp_path: Path) -> None:
    fill(each_store, tmp_path)
    (tmp_path / "web.key").write_text("a secret")
    file = tmp_path / "all.zip"
    assert back_up(each_store, file, tmp_path / "web.key") == 4
    assert restore(empty, file, tmp_path / "there" / "web.key") == 4
    assert rows(empty) == rows(each_store)
    assert [job.state for job in Jobs(empty).recent()] == ["queued"]  # what ran is done again
    assert (tmp_path / "there" / "web.key").read_text() == "a secret"
    assert accounts.check_password(empty, "cody", "four words are enough")
    take = empty.take(1)
    with empty.shelf.local(take.clip.key) as film:
        assert film.read_bytes() == b"film 0"
    assert empty.add_athlete("Zoë").id == 2  # numbers go on where they were
    with pytest.raises(UsageError, match="empty one"):
        restore(empty, file, tmp_path / "web.key")


def test_a_damaged_backup_restores_nothing(each_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    for content in (b"no zip", b"PK\x03\x04" + bytes(100)):
        file.write_bytes(content)
        with pytest.raises(InputError, match="no backup"):
            restore(each_store, file, tmp_path / "web.key")
    with ZipFile(file, "w") as archive:
        archive.writestr("midstance.json", '{"format": 1, "revision": "9999"}')
    with pytest.raises(InputError, match="newer"):
        restore(each_store, file, tmp_path / "web.key")
    with ZipFile(file, "w") as archive:
        archive.writestr("midstance.json", '{"format": 1, "revision": "0007"}')
        archive.writestr("tables/athletes.jsonl", '{"id": 1, "uid": "x", "name": "Cody", "notes": ""}\n{"id": ')
    with pytest.raises(InputError, match="no backup"):
        restore(each_store, file, tmp_path / "web.key")
    assert each_store.athletes() == ()


DAMAGED = {
    "midstance.json": (b"[]", b"{}", b"[" * 100_000, b"\xff"),
    "tables/athletes.jsonl": (
        b"3",
        b'{"id": 1}',
        b'{"id": 1, "uid": "x", "name": "Cody", "notes": "", "what": 1}',
        b'{"id": 1, "uid": "x", "name": ["Cody"], "notes": ""}',
        b'{"id": %s, "uid": "x", "name": "Cody", "notes": ""}' % (b"9" * 40),
        b'{"id": 1, "uid": "x", "name": "Cody", "notes": ""}\n' * 2,
        b'{"id": 1, "uid": "x", "name": "Cody", "notes": ""' + b" " * 21_000_000 + b"}",
    ),
    "tables/takes.jsonl": (b'{"id": 1, "taken_at": "never"}', b'{"id": 1, "athlete_id": 7, "uid": "x"}'),
    "tables/jobs.jsonl": (b'{"id": 1}',),
    "films/ab/" + "a" * 64 + ".mp4": (b"what it is not",),
    "films/../../x": (b"outside",),
}
"""Parts of a backup, and what none of them may be."""


@pytest.mark.parametrize("part", DAMAGED)
def test_whatever_is_damaged_is_called_so_and_nothing_is_restored(each_store: Store, tmp_path: Path, part: str) -> None:
    file, film = tmp_path / "all.zip", b"a film"
    digest = hashlib.sha256(film).hexdigest()
    for content in DAMAGED[part]:
        parts = {"midstance.json": b'{"format": 1, "revision": "0007"}', f"films/{digest[:2]}/{digest}": film}
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for name, said in {**parts, part: content}.items():
                archive.writestr(name, said)
        with pytest.raises(InputError, match="no backup"):
            restore(each_store, file, tmp_path / "web.key")
        assert each_store.athletes() == ()
        assert [path for path in (tmp_path / "films").rglob("*") if path.is_file()] == []
        assert not (tmp_path / "x").exists()


FAILING = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "The disk is full",
    errno.EACCES: "Permission denied",
    errno.EROFS: "Read-only",
}


def with_secret(each_store: Store, tmp_path: Path) -> tuple[Path, Path]:
    """Fill a store and back it up with its secret; return where the secret is to come back to, and the backup."""
    fill(each_store, tmp_path)
    secret, file = tmp_path / "there" / "web.key", tmp_path / "all.zip"
    (tmp_path / "web.key").write_text("a secret")
    back_up(each_store, file, tmp_path / "web.key")
    return secret, file


def test_a_disk_that_fails_is_not_called_a_damaged_backup(
    each_store: Store, empty: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it fails, the store is as empty as before, and the same file restores once there is room."""
    secret, file = with_secret(each_store, tmp_path)
    for number, place in product(FAILING, ("files._wait_for_disk", "files.make_private", "files.os.fsync")):

        def fails(*_words: object, number: int = number) -> None:
            raise OSError(number, os.strerror(number), str(tmp_path / "here"))

        with monkeypatch.context() as broken:
            broken.setattr(f"midstance.formats.{place}", fails)
            with pytest.raises(InputError, match=FAILING[number]):
                restore(empty, file, secret)
        assert empty.athletes() == ()
        assert [path for path in (tmp_path / "other films").rglob("*") if path.is_file()] == []
        assert not secret.exists()
    assert restore(empty, file, secret) == 4
    assert rows(empty) == rows(each_store)


def test_a_restore_cut_short_at_any_moment_is_done_again(
    each_store: Store, empty: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, file = with_secret(each_store, tmp_path)

    def stopped(*_words: object) -> None:
        raise KeyboardInterrupt

    for moment in ("take_film", "_fill", "keep_secret"):
        with monkeypatch.context() as cut:
            cut.setattr(f"midstance.store.backup.{moment}", stopped)
            with pytest.raises(KeyboardInterrupt):
                restore(empty, file, secret)
        assert empty.athletes() == ()
    assert restore(empty, file, secret) == 4
    assert secret.read_text() == "a secret"


def test_a_backup_says_what_it_would_unpack_to(
    each_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = tmp_path / "bomb.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        archive.writestr("midstance.json", b'{"format": 1, "revision": "0007"}' + b" " * 50_000_000)
    monkeypatch.setenv("MIDSTANCE_LIMITS", "unpacked_gb=0.01")
    with pytest.raises(InputError, match="MIDSTANCE_LIMITS=unpacked_gb"):
        restore(each_store, bomb, tmp_path / "web.key")


def test_a_film_of_many_gigabytes_has_its_size(each_store: Store, empty: Store, tmp_path: Path) -> None:
    fill(each_store, tmp_path)
    with each_store.writing() as connection:
        connection.execute(update(tables.files).values(size=2**40))
    assert each_store.take(1).clip.size == 2**40
    back_up(each_store, tmp_path / "all.zip", tmp_path / "web.key")
    restore(empty, tmp_path / "all.zip", tmp_path / "web.key")
    assert empty.take(1).clip.size == 2**40


def test_films_go_after_some_days_and_results_stay(each_store: Store, tmp_path: Path) -> None:
    fill(each_store, tmp_path)
    new = tmp_path / "new.mp4"
    new.write_bytes(b"not analysed yet")
    waiting = each_store.add_take(each_store.athlete("Cody"), new)
    assert delete_originals(each_store, days=1) == 0
    assert delete_originals(each_store, days=-1) == 2
    assert delete_originals(each_store, days=-1) == 0
    first = each_store.take(1)
    assert (first.clip.name, first.clip.size) == ("0.mp4", 0)
    assert each_store.shelf.has(waiting.clip.key)
    assert not each_store.shelf.has(first.clip.key)
    assert each_store.read(first).measures
    zipped = tmp_path / "cody.zip"
    cody = each_store.athlete("Cody")
    export_athlete(each_store, cody, zipped)
    each_store.delete_athlete(cody)
    assert [take.clip.size for take in each_store.takes(import_athlete(each_store, zipped))] == [0, 0, 16]


def test_a_film_that_another_take_needs_still_stays(each_store: Store, tmp_path: Path) -> None:
    film = tmp_path / "run.mp4"
    film.write_bytes(b"the same film")
    old, new = (each_store.add_take(each_store.add_athlete(name), film) for name in ("Cody", "Zoë"))
    each_store.add_analysis(old, analysis())
    assert delete_originals(each_store, days=-1) == 1
    assert each_store.shelf.has(new.clip.key)
    each_store.delete_take(new)
    assert not each_store.shelf.has(new.clip.key)
