"""Small files that would fill the memory, the disk or the day: refused in one line, with their peak of memory.

Each is given to the command that reads it, in a child that may take 2 GB. Sizes are those that once took 6 GB of
memory or never ended.
"""

from __future__ import annotations

import resource
import struct
import textwrap
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import av
import numpy as np

from validation import harden_forks as forks
from validation import harden_stores as stores
from validation.harden_readers import browser

MEMORY_BYTES = 2_000_000_000
DEEP = 200_000
"""Lists in lists."""
HEAD = b'{"format": 1, "revision": "0007"}'
HUGE = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bomb:
    """One file, and the words of the command that reads it."""

    says: str
    make: Callable[[Path], object]
    words: str = ""
    do: Callable[[Path], object] | None = None


@cache
def grey_png(side: int) -> bytes:
    """Return a picture of one grey, small on the disk."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    packer = zlib.compressobj(1)
    row = bytes(1 + side)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", packed) + part(b"IEND", b"")


def png(path: Path) -> None:
    path.write_bytes(grey_png(32_000))


def gif(path: Path) -> None:
    """Frames of 16000 x 16000 points in some hundred bytes."""
    frame = b"," + struct.pack("<HHHHB", 0, 0, 16_000, 16_000, 0) + b"\x02\x02\x44\x01\0"
    head = b"GIF89a" + struct.pack("<HH", 16_000, 16_000) + b"\x80\0\0" + bytes(3) + b"\xff" * 3
    path.write_bytes(head + frame * 8 + b";")


def gap(path: Path) -> None:
    """A film whose second half is shown three years after the first."""
    with av.open(str(path), "w", format="matroska") as container:
        stream: Any = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(60):
            shown = av.VideoFrame.from_ndarray(np.full((240, 320, 3), 4 * number, np.uint8), format="rgb24")
            shown.pts = number + (30 * 94_608_000 if number >= 30 else 0)
            container.mux(stream.encode(shown))
        container.mux(stream.encode(None))


def zipped(path: Path, name: str, before: bytes = b"", *, other: dict[str, bytes] | None = None) -> None:
    """A zip with one part of a gigabyte of spaces."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in (other or {}).items():
            archive.writestr(part, content)
        with archive.open(name, "w", force_zip64=True) as target:
            target.write(before)
            for _ in range(HUGE // 10_000_000):
                target.write(b" " * 10_000_000)


def lying(path: Path, name: str) -> None:
    """The same, with a head that says it has ten bytes."""
    zipped(path, name)
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(raw)


def deep_zip(path: Path, name: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b'{"takes":' + b"[" * DEEP)


def deep(path: Path) -> None:
    path.write_bytes(b'{"people": ' + b"[" * DEEP)


def one_line(path: Path) -> None:
    """A table of one line of a hundred megabytes."""
    path.write_bytes(b"time_s," + b"left_hip_x_px," * 7_000_000)


def many_digits(path: Path) -> None:
    path.write_bytes(b'{"schema": ' + b"9" * 5_000_000 + b"}")


def send(content: Callable[[], bytes], kind: str, door: str, folder: Path) -> None:
    """Send a body to the app; it must refuse it."""
    headers = {"Content-Type": kind} | ({"Content-Encoding": "gzip"} if kind.endswith("json") else {})
    answer = browser(folder).post(door, content=content(), headers=headers)
    if not 400 <= answer.status_code < 500:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:200]}")


def parts() -> bytes:
    return (
        b"".join(b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\nx\r\n' % n for n in range(40_000))
        + b"--x--"
    )


API, FORM = "/api/v1/athletes", "/athletes"
BOMBS = (
    Bomb(says="a PNG of 32000 x 32000", make=png, words="photo {file} --json {work}/out/a.json"),
    Bomb(says="the same as a film", make=png, words="analyze {file} --out {work}/out"),
    Bomb(says="the same as a take", make=png, words="takes add Cody {file}"),
    Bomb(says="a GIF of 16000 x 16000, 150 bytes", make=gif, words="analyze {file} --out {work}/out"),
    Bomb(says="the same as a picture", make=gif, words="photo {file}"),
    Bomb(says="an MKV with a gap of three years", make=gap, words="analyze {file} --out {work}/out"),
    Bomb(says="a zip of 1 GB, athlete.json", make=partial(zipped, name="athlete.json"), words="athletes import {file}"),
    Bomb(
        says="a zip of 1 GB, a film", words="athletes import {file}",
        make=partial(zipped, name="films/ab/" + "ab" * 32, other={"athlete.json": b"{}"}),
    ),
    Bomb(says="a zip that says it is small", make=partial(lying, name="athlete.json"), words="athletes import {file}"),
    Bomb(says="a zip of deep JSON", make=partial(deep_zip, name="athlete.json"), words="athletes import {file}"),
    Bomb(
        says="a backup of 1 GB, its head", words="restore {file}",
        make=partial(zipped, name="midstance.json", before=b'{"format": 1'),
    ),
    Bomb(
        says="a backup of 1 GB, one row", words="restore {file}",
        make=partial(zipped, name="tables/athletes.jsonl", other={"midstance.json": HEAD}),
    ),
    Bomb(says="a backup with deep JSON", make=partial(deep_zip, name="midstance.json"), words="restore {file}"),
    Bomb(says="points, deep JSON", make=deep, words="analyze {file} --out {work}/out"),
    Bomb(says="results, deep JSON", make=deep, words="compare {file} {file}"),
    Bomb(says="results, a number of five million digits", make=many_digits, words="compare {file} {file}"),
    Bomb(says="points, a line of 100 MB", make=one_line, words="analyze {file} --out {work}/out"),
    Bomb(says="deep JSON sent to the app", make=lambda _p: None,
         do=partial(send, lambda: b"[" * DEEP, "application/json", API)),
    Bomb(says="a form of 50 MB sent to the app", make=lambda _p: None,
         do=partial(send, lambda: b"name=" + b"x" * 50_000_000, "application/x-www-form-urlencoded", FORM)),
    Bomb(says="a form of 40,000 parts sent to the app", make=lambda _p: None,
         do=partial(send, parts, "multipart/form-data; boundary=x", FORM)),
)  # fmt: skip
ENDINGS = {"photo": ".png", "import": ".zip", "restore": ".zip", "compare": ".json"}


def tried(folder: Path, until: float) -> Iterator[dict[str, Any]]:
    """Give every bomb to its command, as far as the time goes; yield a row each.

    `folder` holds what `make_bases` made.
    """
    work = folder / "work"
    for bomb in BOMBS:
        if time.monotonic() > until:
            break
        stores.fresh(folder / ("empty" if bomb.words.startswith("restore") else "filled"), work)
        path = folder / f"bomb{_ending(bomb)}"
        bomb.make(path)
        before, old = stores.told(work), stores.visible(work / "out") if (work / "out").exists() else {}
        words = bomb.words.format(file=path, work=work).split()
        do: dict[str, Any] = {"do": partial(bomb.do, work)} if bomb.do else {}
        ended = forks.run(words, forks.places(work), prepare=_little_memory, **do)
        faults = stores.faults(work)
        if ended.trace or ended.hung or not (bomb.do or ended.code in {2, 3, 4}):
            faults.append(f"{ended.code} {ended.said[-300:]}")
        if ended.said.count("\n") > 1:
            faults.append(f"more than one line: {ended.said[:300]}")
        if stores.told(work) != before or stores.visible(work / "out") != old:
            faults.append("it left something")
        size = path.stat().st_size if path.exists() else 0
        said = ended.said.replace(f"{folder}/", "").strip()
        answer = "refused" if bomb.do else textwrap.shorten(said, 160, placeholder=" ...")
        about = {"bytes": size, "answer": answer, "peak_mb": ended.peak_mb, "hang": int(ended.hung)}
        yield {"says": bomb.says, **about, "faults": faults}
        path.unlink(missing_ok=True)


def _ending(bomb: Bomb) -> str:
    if bomb.make in {gif, gap, one_line}:
        return {gif: ".gif", gap: ".mkv", one_line: ".csv"}[bomb.make]
    if bomb.make is png:
        return ".png"
    return next((ending for word, ending in ENDINGS.items() if word in bomb.words.split()), ".json")


def _little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1]))
