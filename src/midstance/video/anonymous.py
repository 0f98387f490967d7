"""Take out of a film where it was made and with what: entries are overwritten in place, the pictures stay as they are.

For mp4 and mov, as phones write them: places (QuickTime's xyz, 3GPP's loci, com.apple.quicktime.location), makers,
models and programs, and XMP packets; of Matroska, WebM and AVI the same (`anonymous_others.py`). Nothing moves in the
file: every frame and every time stamp stays the same.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from midstance.video.anonymous_others import in_avi, in_matroska

NAMED_BOXES = frozenset(
    {b"\xa9xyz", b"\xa9mak", b"\xa9mod", b"\xa9swr", b"\xa9too", b"loci", b"XMP_", b"modl", b"manu"}
)
"""Boxes of user data that say where, with what and by whom."""

NAMED_KEYS = ("location", "latitude", "longitude", "gps", "make", "model", "manufacturer", "device", "software",
              "encode", "version", "author", "artist")  # fmt: skip
"""Parts of names of keys and tags (com.apple.quicktime.location.ISO6709, com.android.manufacturer) that go."""

HOLDS_BOXES = frozenset({b"moov", b"trak", b"udta", b"ilst", b"mdia"})
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
MOST_BOXES = 100_000


class _Box(NamedTuple):
    kind: bytes
    start: int
    content: int
    stop: int


def make_anonymous(film: Path) -> int:
    """Overwrite the place, the maker and the model in a film; return how many entries. Raises OSError."""
    with film.open("r+b") as file:
        stop = file.seek(0, 2)
        start = _at(file, 0, 4)
        if start == b"RIFF":
            changes = [*in_avi(file, 0, stop)]
        elif start == b"\x1a\x45\xdf\xa3":
            changes = [*in_matroska(file, 0, stop, NAMED_KEYS)]
        else:
            changes = [(box.start + 4, b"free" + bytes(box.stop - box.start - 8)) for box in _doomed(file, 0, stop)]
        for at, content in changes:
            file.seek(at)
            file.write(content)
    return len(changes)


def _doomed(file: BinaryIO, start: int, stop: int) -> Iterator[_Box]:
    """Yield every box whose content is to go."""
    for box in _boxes(file, start, stop):
        if box.kind in NAMED_BOXES or (box.kind == b"uuid" and _at(file, box.content, 16) == XMP):
            yield box
        elif box.kind == b"meta":
            inside = _after_version(file, box)
            parts = {part.kind: part for part in _boxes(file, inside, box.stop)}
            if b"keys" in parts and b"ilst" in parts:
                yield from _values(file, parts[b"keys"], parts[b"ilst"])
            else:
                yield from _doomed(file, inside, box.stop)
        elif box.kind in HOLDS_BOXES:
            yield from _doomed(file, box.content, box.stop)


def _values(file: BinaryIO, keys: _Box, values: _Box) -> Iterator[_Box]:
    """Yield the values whose keys name a place, a maker or a program; a value is named by the number of its key."""
    listed = _boxes(file, keys.content + 8, keys.stop)
    names = [_at(file, key.content, min(200, key.stop - key.content)).lower() for key in listed]
    for value in _boxes(file, values.content, values.stop):
        number = struct.unpack(">I", value.kind)[0]
        if 0 < number <= len(names) and any(part.encode() in names[number - 1] for part in NAMED_KEYS):
            yield from _boxes(file, value.content, value.stop)


def _after_version(file: BinaryIO, meta: _Box) -> int:
    """Return where the boxes of a meta box begin: MP4 has a version before them, QuickTime has none."""
    return meta.content if _at(file, meta.content + 4, 4) == b"hdlr" else meta.content + 4


def _boxes(file: BinaryIO, start: int, stop: int) -> Iterator[_Box]:
    at = start
    for _ in range(MOST_BOXES):
        head = _at(file, at, 16) if at + 8 <= stop else b""
        if len(head) < 8:
            return
        size, kind = struct.unpack_from(">I4s", head)
        content = at + 8
        if size == 1 and len(head) == 16:
            size, content = struct.unpack_from(">Q", head, 8)[0], at + 16
        end = stop if size == 0 else at + size
        if end < content or end > stop:
            return
        yield _Box(kind, at, content, end)
        at = end


def _at(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)
