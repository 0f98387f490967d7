"""What is proven nowhere else: photos, exports, and what is said of programs and places."""

from __future__ import annotations

import errno
import os
import re
import struct
import zipfile
from dataclasses import fields
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from midstance import cli
from midstance.cli import photo as photo_command
from midstance.cli import runs
from midstance.limits import Limits
from midstance.output.photo import draw_photo
from midstance.photo import read_photo
from midstance.pose import estimate
from midstance.pose.heads import heads_in
from midstance.store import export_athlete, open_store
from midstance.video.film_writer import FilmWriter
from tests.test_photo import TOE_OFF, Eyes, figure, picture

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture beside which what is drawn of it may be put, without a pose model."""
    monkeypatch.setattr(estimate, "open_backend", lambda *_args, **_options: Eyes(figure(TOE_OFF)))
    monkeypatch.setattr(runs, "bring_models", lambda *_args, **_options: None)
    cv2.imwrite(str(tmp_path / "race.png"), picture())
    return tmp_path / "race.png"


def test_a_photo_is_drawn_whole_or_not_at_all(drawn: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full in the middle of the picture: the one of last time stays."""
    to = drawn.with_name("race.png.midstance.jpg")
    to.write_bytes(b"of last time")
    real = Path.write_bytes

    def write_bytes(path: Path, content: bytes) -> int:
        if path.suffix != ".jpg":
            return real(path, content)
        real(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    ran = CliRunner().invoke(photo_command.app, [str(drawn)])
    assert ran.exception
    assert "disk is full" in str(ran.exception).lower()
    assert to.read_bytes() == b"of last time"
    assert sorted(each.name for each in drawn.parent.iterdir()) == ["race.png", "race.png.midstance.jpg"]
    monkeypatch.undo()


def test_a_face_in_a_photo_is_blurred_when_asked() -> None:
    pose = figure(TOE_OFF)
    rgb = picture()
    rgb[1:] = np.indices(rgb[1:].shape[:2]).sum(axis=0)[..., None] % 2 * 255
    figures = read_photo(rgb, backend=Eyes(pose))
    assert figures
    x, y, radius = heads_in(np.stack([figure.xy for figure in figures]))[0]
    rows, columns = slice(int(y - radius / 2), int(y + radius / 2)), slice(int(x - radius / 2), int(x + radius / 2))
    plain, hidden = (
        np.abs(np.diff(draw_photo(rgb, figures, blur_faces=blur)[rows, columns, 0].astype(int))).mean()
        for blur in (False, True)
    )
    assert plain > 100
    assert hidden < 30


def test_an_export_says_nowhere_where_a_film_was_made(tmp_path: Path) -> None:
    film = tmp_path / "a.mp4"
    with FilmWriter(film, width=64, height=48, rate_hz=30) as writer:
        writer.write(np.zeros((48, 64, 3), np.uint8))
    place = b"+52.5200+013.4050/"
    told = struct.pack(">I4sHH", 12 + len(place), b"\xa9xyz", len(place), 0) + place
    user = struct.pack(">I4s", 8 + len(told), b"udta") + told
    film.write_bytes(film.read_bytes() + struct.pack(">I4s", 8 + len(user), b"moov") + user)
    store = open_store(f"sqlite:///{tmp_path / 'm.db'}", str(tmp_path / "films"))
    cody = store.add_athlete("Cody")
    take = store.add_take(cody, film)
    export_athlete(store, cody, tmp_path / "cody.zip")
    with store.shelf.local(take.clip.key) as kept:
        assert place in kept.read_bytes()  # the film that was given stays as it was
    store.close()
    assert place not in (tmp_path / "cody.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "cody.zip") as archive:
        films = [name for name in archive.namelist() if name.startswith("films/")]
        assert len(films) == 1
        assert place not in archive.read(films[0])


def test_any_command_on_takes_tidies_once_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "data"))
    for variable in ("MIDSTANCE_DATABASE", "MIDSTANCE_FILES", "DATABASE_URL", "STORAGE_URL"):
        monkeypatch.delenv(variable, raising=False)
    open_store().close()
    lost = tmp_path / "data" / "films" / "ab" / ("ab" + "0" * 62 + ".mp4")
    lost.parent.mkdir(parents=True, exist_ok=True)

    def tidied(*words: str) -> bool:
        lost.write_bytes(b"nobody's")
        os.utime(lost, (0, 0))
        monkeypatch.setattr("sys.argv", ["midstance", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert not ended.value.code
        return not lost.exists()

    assert tidied("athletes", "list")
    assert not tidied("athletes", "list")
    assert tidied("takes", "tidy")


# -- what is said --------------------------------------------------------------------------------------------------


def test_wherever_rules_are_named_it_is_said_that_they_run() -> None:
    """On every page that a person reads."""
    named = [page for page in DOCS.glob("*.md") if "--rules" in page.read_text(encoding="utf-8")]
    assert {"cli.md", "coaches.md", "operators.md", "own_rules.md", "plugins.md"} <= {page.name for page in named}
    for page in named:
        text = page.read_text(encoding="utf-8")
        assert re.search("Python files are run|is a program|run with all", " ".join(text.split())), page.name


def test_the_page_of_privacy_names_every_limit_and_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (DOCS / "privacy.md").read_text(encoding="utf-8")
    table = page[page.index("| limit |") :]
    said = re.sub(r"\s+", " ", table)
    for field in fields(Limits):
        assert f"`{field.name}`" in said, field.name
        assert re.search(rf"\b{field.default:.0f}\b", said), field.name
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "data"))
    open_store().close()
    for path in (tmp_path / "data").iterdir():
        assert path.name.split("-wal")[0].split("-shm")[0] in page, path.name
    for variable in ("MIDSTANCE_DATA", "MIDSTANCE_DATABASE", "MIDSTANCE_FILES", "MIDSTANCE_CACHE", "MIDSTANCE_LIMITS"):
        assert variable in page, variable
