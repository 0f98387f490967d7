"""Rows of a database are input: a hostile one leads nowhere, and never hides the others."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import struct
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError

from midstance.errors import InputError, MidstanceError, UsageError
from midstance.output.board import board
from midstance.store import Store, export_athlete, import_athlete, open_store
from midstance.store.database import database_errors, open_database
from midstance.store.export_form import FileJson
from tests.fixtures.least_analysis import analysis
from tests.fixtures.memory import peak_below


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """A store with two takes of one film each."""
    cody = store.add_athlete("Cody")
    for number in range(2):
        film = tmp_path / f"{number}.mp4"
        film.write_bytes(b"film %d" % number)
        store.add_analysis(store.add_take(cody, film), analysis())
    return store


def spoil(tmp_path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(tmp_path / "midstance.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_key_leads_to_the_shelf_alone(filled: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("mine")
    spoil(tmp_path, "UPDATE files SET key = '../secret.txt' WHERE take_id = 1")
    first, second = filled.takes(filled.athlete("Cody"))
    with pytest.raises(InputError), filled.shelf.local("../secret.txt"):
        pass
    assert not filled.shelf.has("../secret.txt")
    with pytest.raises(InputError), filled.shelf.local(first.clip.key):
        pass
    filled.delete_take(first)
    assert secret.read_text() == "mine"
    assert [take.id for take in filled.takes(filled.athlete("Cody"))] == [second.id]


SPOILT = (
    "UPDATE takes SET taken_at = '9999-12-31 23:59:59.999999' WHERE id = 1",
    "UPDATE takes SET taken_at = 'yesterday', slow_motion = 'x', speed_mps = 1e308, watch = '[1, 2' WHERE id = 1",
    "UPDATE takes SET uid = '../../x', notes = X'ff00', watch = '[{\"id\": 3}]' WHERE id = 1",
    "UPDATE files SET size = 'large', kind = 'what', name = char(27) || '[2J' WHERE take_id = 1",
    "DELETE FROM files WHERE take_id = 1",
    "UPDATE analyses SET content = '{\"plan\": {}}', made_at = 'never' WHERE take_id = 1",
    "UPDATE analyses SET content = '[[[[' WHERE take_id = 1",
    "UPDATE plans SET content = '{}', focus = X'00ff' WHERE take_id = 1",
    "UPDATE athletes SET height_m = 'tall', mass_kg = 1e308",
    "INSERT INTO comparisons (athlete_id, made_at, takes, content) VALUES (1, 'x', 'null', '{\"steps\": 3}')",
)


@pytest.mark.parametrize("statement", SPOILT)
def test_a_bad_row_never_hides_the_others(filled: Store, tmp_path: Path, statement: str) -> None:
    spoil(tmp_path, statement)
    cody = filled.athlete("Cody")
    takes = {take.id: take for take in filled.takes(cody)}
    assert takes.keys() == {1, 2}
    assert filled.read(takes[2]).measures[0].value == 9.0
    for take in takes.values():
        analyses = filled.analyses(take)
        assert len(analyses) == take.analyses
        assert filled.newest_analysis(take) == analyses[-1]
        assert all(plan["focus"] for plan in filled.plans(take))
        assert isinstance(filled.watch(take), list)
        assert take.clip.name.isprintable()
    filled.comparisons(cody)
    board(filled)
    export_athlete(filled, cody, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        exported = json.loads(archive.read("athlete.json"))["takes"]
    assert len(exported) >= 1
    filled.delete_take(takes[1])
    assert [take.id for take in filled.takes(cody)] == [2]


def test_a_database_with_programs_of_its_own_is_refused(filled: Store, tmp_path: Path) -> None:
    filled.close()
    spoil(tmp_path, "CREATE TRIGGER t AFTER INSERT ON takes BEGIN DELETE FROM athletes; END")
    with pytest.raises(InputError, match="did not make"):
        open_database(f"sqlite:///{tmp_path / 'midstance.db'}")


def test_a_password_is_in_no_error() -> None:
    for url in (
        "postgresql://me:s3cr3t%40x@127.0.0.1:1/db",
        "postgresql://me:pa@ss/w0rd@127.0.0.1:1/db",
        "postgresql://me:hunter22@127.0.0.1:noport/db",
    ):
        with pytest.raises(MidstanceError) as fault:
            open_database(url)
        for part in ("s3cr3t", "ss/w0rd", "w0rd", "hunter22"):
            assert part not in str(fault.value)


def test_whatever_a_driver_says_of_a_password_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drivers of today say little; one of tomorrow may quote the address, or the part that it takes for a host."""

    def says(url: str, **_how: object) -> None:
        raise ArgumentError(f"cannot make sense of {url}")

    monkeypatch.setattr("midstance.store.database.create_engine", says)
    with pytest.raises(UsageError) as fault:
        open_database("postgresql://me:Tr0ub@d0r/x9y8z7@127.0.0.1:1/db")
    for part in ("Tr0ub", "d0r", "x9y8z7"):
        assert part not in str(fault.value)
    with pytest.raises(InputError) as later, database_errors():
        raise DBAPIError("", {}, Exception("no such host: x9y8z7@127.0.0.1"))
    assert "no such host: ***@127.0.0.1" in str(later.value)


@pytest.mark.parametrize("size", [-1, 2**63, 10**30, float("nan"), "large", None])
def test_a_size_that_no_file_has_is_refused_by_the_form(size: object) -> None:
    whole = {"kind": "clip", "key": "aa/" + "a" * 64, "name": "a", "size": 6}
    assert FileJson.model_validate(whole)
    with pytest.raises(ValidationError):
        FileJson.model_validate(whole | {"size": size})


def test_the_store_is_for_its_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "data"
    home.mkdir(mode=0o755)
    monkeypatch.setenv("MIDSTANCE_DATA", str(home))
    os.umask(old := os.umask(0o022))
    open_store().close()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home, home / "midstance.db", home / "films")}
    assert modes == {"data": 0o700, "midstance.db": 0o600, "films": 0o700}, old


# -- archives ------------------------------------------------------------------------------------------------------


def archive_of(filled: Store, tmp_path: Path, **changed: Any) -> Path:
    """An export whose first take says something else, of a runner that is not here."""
    whole, path = tmp_path / "whole.zip", tmp_path / "changed.zip"
    export_athlete(filled, filled.athlete("Cody"), whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        content = json.loads(source.read("athlete.json"))
        content |= {"uid": "f" * 32, "name": "Other"}
        for number, take in enumerate(content["takes"]):
            take["uid"] = f"{number:032d}"
        content["takes"][0] |= changed
        target.writestr("athlete.json", json.dumps(content))
        for name in source.namelist():
            if name.startswith("films/"):
                target.writestr(name, source.read(name))
    return path


@pytest.mark.parametrize(
    "changed",
    [
        {"taken_at": "9999-12-31T23:59:59+00:00"},
        {"taken_at": "2025-01-01T00:00:00"},
        {"uid": "../../etc"},
        {"files": [{"kind": "clip", "key": "../x", "name": "a", "size": 1}]},
        {"files": [{"kind": "clip", "key": "aa/" + "a" * 64, "name": "a", "size": 10**30}]},
        {"plans": [{"made_at": "2025-01-01T00:00:00Z", "focus": "x", "cue": "", "content": {}}]},
        {"analyses": [{"made_at": "2025-01-01T00:00:00Z", "version": "1", "content": {"plan": {}}}]},
        {"slow_motion": 1e308},
        {"notes": "x" * 10**6},
    ],
)
def test_what_makes_no_sense_is_not_imported(filled: Store, tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="is no athlete exported"):
        import_athlete(filled, archive_of(filled, tmp_path, **changed))
    assert [athlete.name for athlete in filled.athletes()] == ["Cody"]


def test_an_import_that_fails_leaves_nothing(filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive_of(filled, tmp_path)
    filled.delete_athlete(filled.athlete("Cody"))

    def fails(*_words: object) -> None:
        raise InputError("the disk fails")

    monkeypatch.setattr("midstance.store.archive._write", fails)
    with pytest.raises(InputError, match="the disk fails"):
        import_athlete(filled, path)
    assert [p for p in (tmp_path / "films").rglob("*") if p.is_file()] == []


def test_a_zip_says_what_it_would_unpack_to_before_it_does(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("athlete.json", b"[" + b" " * 50_000_000 + b"]")
    assert bomb.stat().st_size < 100_000
    monkeypatch.setenv("MIDSTANCE_LIMITS", "unpacked_gb=0.01")
    with pytest.raises(InputError, match="MIDSTANCE_LIMITS=unpacked_gb"):
        import_athlete(filled, bomb)
    monkeypatch.setenv("MIDSTANCE_LIMITS", "")
    monkeypatch.setattr(filled.shelf, "free_bytes", lambda: 10**8)
    with pytest.raises(InputError, match="Make room"):
        import_athlete(filled, bomb)


def test_a_zip_that_lies_of_its_size_fills_no_memory(filled: Store, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("athlete.json", b" " * 100_000_000)
    raw = bytearray(bomb.read_bytes())
    at = raw.rindex(b"PK\x01\x02") + 24
    raw[at : at + 4] = struct.pack("<I", 10)
    bomb.write_bytes(raw)
    with peak_below(10_000_000), pytest.raises(InputError, match="damaged"):
        import_athlete(filled, bomb)


def test_what_a_killed_delete_left_is_tidied(filled: Store, tmp_path: Path) -> None:
    lost = tmp_path / "films" / "ab" / ("ab" + "0" * 62 + ".mp4")
    lost.parent.mkdir(exist_ok=True)
    lost.write_bytes(b"nobody's")
    os.utime(lost, (0, 0))
    filled.tidy_now_and_then()
    assert not lost.exists()
    lost.write_bytes(b"nobody's")
    os.utime(lost, (0, 0))
    filled.tidy_now_and_then()
    assert lost.exists()  # once a day is enough
    assert filled.tidy() == 1


def test_half_a_secret_is_tidied(filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restore killed while it writes the server's secret leaves it hidden in the data folder."""
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path))
    half = tmp_path / ".midstance-ab12cd34.unfinished"
    half.mkdir()
    (half / "web.key").write_text("a secret")
    assert filled.tidy() == 0  # its writer may still be there
    for path in (half / "web.key", half):
        os.utime(path, (0, 0))
    assert filled.tidy() == 1
    assert not half.exists()
