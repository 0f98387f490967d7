"""Every reader of midstance with a good file of its format: what `make harden` damages."""

from __future__ import annotations

import json
import shutil
import struct
import zipfile
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from sqlalchemy import select
from tests.fixtures.least_analysis import analysis
from tests.fixtures.recorded import markers, pixels

from midstance.coaching import rules
from midstance.errors import InputError
from midstance.formats import analysis_json, apart, c3d, csv_points, movement, pose_json, trc
from midstance.formats.watch import read_watch
from midstance.store import Store, export_athlete, import_athlete, open_store
from midstance.store.backup import back_up, backed_up, restore
from midstance.text.questions import book
from midstance.video.anonymous import make_anonymous
from midstance.video.frames import frames
from midstance.video.opening import open_clip
from midstance.video.stills import open_picture
from validation.harden_made import Reader, named, points, read_points
from validation.harden_points import MORE

HEIC = Path(__file__).parent.parent / "tests" / "data" / "quadrants_turned.heic"


# -- films and pictures --------------------------------------------------------------------------------------------


def film(end: str, codec: str, picture: str = "yuv420p") -> Callable[[Path], bytes]:
    """Return the maker of a film of twelve small frames."""

    def make(folder: Path) -> bytes:
        path = folder / f"good.{end}"
        with av.open(str(path), "w") as container:
            stream: Any = container.add_stream(codec, rate=Fraction(30))
            stream.width, stream.height, stream.pix_fmt = 64, 48, picture
            for k in range(12):
                shown = np.full((48, 64, 3), 20 * k, np.uint8)
                shown[:, 4 * k : 4 * k + 8] = 255
                container.mux(stream.encode(av.VideoFrame.from_ndarray(shown, format="rgb24")))
            container.mux(stream.encode(None))
        return path.read_bytes()

    return make


def decoded(path: Path) -> int:
    """Open a film, read its frames, and overwrite its place and device."""
    clip = open_clip(path)
    seen = sum(1 for _ in frames(clip, stop=12))
    make_anonymous(path)
    return seen


def picture(end: str) -> Callable[[Path], bytes]:
    def make(_folder: Path) -> bytes:
        shades = np.indices((48, 64)).sum(axis=0).astype(np.uint8)
        return bytes(cv2.imencode(end, np.dstack([shades] * 3))[1].tobytes())

    return make


# -- points and numbers --------------------------------------------------------------------------------------------


def fit_file(_folder: Path) -> bytes:
    """A recording of a watch: one layout, and forty records of it."""
    fields = [(253, 4, 134), (4, 1, 2), (41, 2, 132), (6, 2, 132)]
    layout = struct.pack("<BBBHB", 0x40, 0, 0, 20, len(fields)) + b"".join(
        struct.pack("BBB", *field) for field in fields
    )
    records = b"".join(struct.pack("<BIBHH", 0, 1_100_000_000 + k, 85, 2500, 3000) for k in range(40))
    body = layout + records
    return struct.pack("<BBHI4sH", 14, 32, 2100, len(body), b".FIT", 0) + body + b"\0\0"


def watch_csv(_folder: Path) -> bytes:
    lines = [f"2025-01-01T00:00:{k:02d}+00:00,{170 + k % 3},0.25" for k in range(40)]
    return "\n".join(["time,cadence_spm,contact_time_ms", *lines]).encode()


RULES = b"""
[[rule]]
id = "mine"
title = "Mine"
says = "{seen}"
means = "What it is."
planes = ["side"]
film = "From the side."
sign = { measure = "vertical_oscillation_cm", is = "high" }
cues = { soft = "Run softly." }
weight = 1.5

[[rule.cause]]
id = "stiff"
title = "Stiff"
test = { measure = "cadence_spm", is = "low" }
yes = "{seen}"
no = "{seen}"
film = "From the side."
"""
WORDS = b"""
[reaching]
title = "Reaching out"
says = "You reach."

[reaching.causes.leaning_back]
yes = "You lean."
"""
QUESTIONS = b"""
[[question]]
id = "warm"
wordings = ["how do we warm up", "warm up"]
answer = ["Easily."]
measures = ["cadence_spm"]

[synonyms]
warm = ["warm up"]
"""


def own_folder(path: Path) -> object:
    """Read a coach's folder: rules, words or questions, whichever the file is."""
    for name in ("rules.toml", "words.toml", "questions.toml"):
        if path.name != name:
            (path.parent / name).unlink(missing_ok=True)
    if path.name == "questions.toml":
        book.cache_clear()
        return book(path.parent)
    return rules.load(path.parent)


def in_own_folder(name: str) -> Callable[[bytes, Path], object]:
    def read(content: bytes, folder: Path) -> object:
        own = folder / "own"
        own.mkdir(exist_ok=True)
        (own / name).write_bytes(content)
        return own_folder(own / name)

    return read


# -- archives and the app ------------------------------------------------------------------------------------------


@cache
def store_of(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder / 'm.db'}", str(folder / "films"))


def archive(folder: Path) -> bytes:
    """An export of a runner with one take, of a store that is thrown away."""
    (folder / "other").mkdir(exist_ok=True)
    store = open_store(f"sqlite:///{folder / 'other' / 'm.db'}", str(folder / "other" / "films"))
    clip = folder / "other" / "a.mp4"
    clip.write_bytes(b"a film")
    if not store.athletes():
        store.add_analysis(store.add_take(store.add_athlete("Zoe"), clip), analysis())
    path = folder / "other" / "out.zip"
    export_athlete(store, store.athletes()[0], path)
    store.close()
    plain = folder / "other" / "stored.zip"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(plain, "w") as target:  # not packed: more mutants are read
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return plain.read_bytes()


def imported(content: bytes, folder: Path) -> object:
    path, store = folder / "a.zip", store_of(folder)
    path.write_bytes(content)
    athlete = import_athlete(store, path)
    store.takes(athlete)
    store.delete_athlete(athlete)
    return athlete


def backup(folder: Path) -> bytes:
    """A backup of the same store; not packed: more mutants are read."""
    archive(folder)
    store = open_store(f"sqlite:///{folder / 'other' / 'm.db'}", str(folder / "other" / "films"))
    path, plain = folder / "other" / "backup.zip", folder / "other" / "backup_stored.zip"
    back_up(store, path, folder / "nowhere")
    store.close()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(plain, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return plain.read_bytes()


def restored(content: bytes, folder: Path) -> object:
    """Put a backup into an empty store, which is emptied again."""
    path, data = folder / "backup.zip", folder / "restored"
    path.write_bytes(content)
    store = open_store(f"sqlite:///{data / 'm.db'}", str(data / "films"))
    try:
        return restore(store, path, data / "web.key")
    finally:
        with store.reading() as connection:
            filled = any(connection.execute(select(table.c.id)).first() for table in backed_up())
        store.close()
        if filled:
            shutil.rmtree(data)


def analysis_file(_folder: Path) -> bytes:
    return json.dumps(analysis()).encode()


def read_analysis(content: bytes, _folder: Path) -> object:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise InputError("not UTF-8") from None  # as every caller says it
    return analysis_json.read(text, "a")


BODY = b"""POST /athletes
Content-Type: application/x-www-form-urlencoded

name=Zoe&height=166cm&mass=55kg&notes=fast"""
JSON_BODY = b"""POST /api/v1/athletes
Content-Type: application/json

{"name": "Zoe", "height_m": 1.66, "notes": "fast"}"""


@cache
def browser(folder: Path) -> Any:
    """The app on an empty store, and a program that may use it."""
    from starlette.testclient import TestClient

    from midstance.web.app import make_app
    from midstance.web.settings import Limits, Settings
    from midstance.web.tokens import new_token

    host = "127.0.0.1:8460"
    store = store_of(folder)
    app = make_app(store, Settings(hosts=frozenset({host}), folder=folder / "web", limits=Limits(), workers=0))
    client = TestClient(app, base_url=f"http://{host}", follow_redirects=False, raise_server_exceptions=True)
    client.headers |= {"Origin": f"http://{host}", "Authorization": f"Bearer {new_token(store, 'harden')}"}
    client.post("/open", data={"key": app.state.midstance.keys.new_link()})
    return client


def sent(content: bytes, folder: Path) -> object:
    """Send a request: a first line, headers and a body, each as damaged as it may be."""
    head, _, body = content.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, _, address = first.decode("latin-1").partition(" ")
    if (
        method not in {"POST", "PUT", "PATCH", "GET", "DELETE"}
        or not address.startswith("/")
        or not address.isprintable()
    ):
        raise InputError("no request")  # a client of ours cannot even send it
    headers = dict(line.split(b": ", 1) for line in lines if b": " in line)
    if not all(name.isascii() for name in headers):
        raise InputError("no request")
    answer = browser(folder).request(method, address, content=body, headers=headers)
    if answer.status_code >= 500:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:200]}")
    return answer


READERS: dict[str, Reader] = {
    "mp4": Reader(caged=True, says="film, mp4", make=film("mp4", "libx264"), read=named("a.mp4", decoded)),
    "mkv": Reader(caged=True, says="film, Matroska", make=film("mkv", "libx264"), read=named("a.mkv", decoded)),
    "avi": Reader(caged=True, says="film, AVI", make=film("avi", "mjpeg", "yuvj420p"), read=named("a.avi", decoded)),
    "gif": Reader(caged=True, says="film, GIF", make=film("gif", "gif", "rgb8"), read=named("a.gif", decoded)),
    "jpg": Reader(caged=True, says="picture, JPEG", make=picture(".jpg"), read=named("a.jpg", open_picture)),
    "png": Reader(caged=True, says="picture, PNG", make=picture(".png"), read=named("a.png", open_picture)),
    "webp": Reader(caged=True, says="picture, WebP", make=picture(".webp"), read=named("a.webp", open_picture)),
    "heic": Reader(
        caged=True, says="picture, HEIC", make=lambda _f: HEIC.read_bytes(), read=named("a.heic", open_picture)
    ),
    "trc": Reader(says="points, TRC", make=points(trc.write, ".trc", markers), read=named("a.trc", read_points)),
    "c3d": Reader(
        caged=True, says="points, C3D", make=points(c3d.write, ".c3d", markers), read=named("a.c3d", apart.read_here)
    ),
    "csv": Reader(says="points, CSV", make=points(csv_points.write, ".csv", pixels), read=named("a.csv", read_points)),
    "json": Reader(
        says="points, JSON", make=points(pose_json.write, ".json", pixels), read=named("a.json", read_points)
    ),
    "nc": Reader(says="points, NetCDF", make=points(movement.write, ".nc", pixels), read=named("a.nc", read_points)),
    "fit": Reader(says="watch, FIT", make=fit_file, read=named("a.fit", read_watch)),
    "watch": Reader(says="watch, CSV", make=watch_csv, read=named("w.csv", read_watch)),
    "analysis": Reader(says="analysis.json", make=analysis_file, read=read_analysis),
    "zip": Reader(says="athlete, zip", make=archive, read=imported),
    "backup": Reader(says="backup, zip", make=backup, read=restored),
    "rules": Reader(says="rules as data", make=lambda _f: RULES, read=in_own_folder("rules.toml")),
    "words": Reader(says="words of a coach", make=lambda _f: WORDS, read=in_own_folder("words.toml")),
    "questions": Reader(says="questions of a coach", make=lambda _f: QUESTIONS, read=in_own_folder("questions.toml")),
    "form": Reader(says="form sent to the app", make=lambda _f: BODY, read=sent),
    "api": Reader(says="JSON sent to the app", make=lambda _f: JSON_BODY, read=sent),
}
READERS |= MORE
