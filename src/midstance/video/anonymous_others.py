"""Find in Matroska, WebM and AVI films what says where, with what and by whom they were made (`anonymous.py`).

A stretch of such a file is overwritten with one that every reader skips: Void in Matroska, JUNK in AVI. A checksum
beside something overwritten goes too, since it no longer fits.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MOST_PARTS = 1_000_000
"""Of one file: an hour of film has some ten thousand clusters, and every frame may be a block of its own."""

DEEPEST = 8
"""Parts in parts: a tag in a tag in the tags of a segment; what lies deeper is no file of a camera."""

# -- AVI -----------------------------------------------------------------------------------------------------------

AVI_HOLDS = frozenset({b"AVI ", b"AVIX", b"hdrl", b"strl"})
AVI_NAMED = frozenset({b"INFO", b"exif", b"ncdt", b"_PMX"})
"""Lists of texts, of what the camera says, of what a Nikon says, and an XMP packet."""


def in_avi(file: BinaryIO, start: int, stop: int, *, depth: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield (where, what to write) for every part of an AVI file that names a place, a device or a person."""
    at = start
    for _ in range(MOST_PARTS):
        head = _at(file, at, 12) if at + 8 <= stop else b""
        if len(head) < 8:
            return
        kind, size = struct.unpack_from("<4sI", head)
        end = min(at + 8 + size, stop)
        of_list = head[8:12] if kind in {b"RIFF", b"LIST"} else b""
        if kind in AVI_NAMED or of_list in AVI_NAMED:
            yield at, b"JUNK" + head[4:8] + bytes(end - at - 8)
        elif of_list in AVI_HOLDS and depth < DEEPEST:
            yield from in_avi(file, at + 12, end, depth=depth + 1)
        at = end + size % 2


# -- Matroska and WebM ---------------------------------------------------------------------------------------------

SEGMENT, CLUSTER, INFO, TAGS, TAG, SIMPLE_TAG = 0x18538067, 0x1F43B675, 0x1549A966, 0x1254C367, 0x7373, 0x67C8
NAME, CHECKSUM = 0x45A3, 0xBF
PROGRAMS = frozenset({0x4D80, 0x5741})
"""The programs that wrote the file; their texts must be there, and may be empty."""
MKV_HOLDS = frozenset({SEGMENT, TAGS, TAG, SIMPLE_TAG})
VOID = 0xEC


class _Part(NamedTuple):
    kind: int
    start: int
    content: int
    stop: int


def in_matroska(
    file: BinaryIO, start: int, stop: int, named: tuple[str, ...], *, depth: int = 0
) -> Iterator[tuple[int, bytes]]:
    """Yield (where, what to write) for every part of a Matroska file that names a place, a device or a program.

    named  parts of the names of tags that go
    """
    found, checksums = False, list[_Part]()
    for part in _parts(file, start, stop):
        if part.kind == CHECKSUM and part.stop - part.content == 4:
            checksums.append(part)
        elif part.kind in PROGRAMS:
            found = True
            yield part.content, bytes(part.stop - part.content)
        elif part.kind == SIMPLE_TAG and _is_named(file, part, named):
            found = True
            yield part.start, _void(part)
        elif (part.kind in MKV_HOLDS or part.kind == INFO) and depth < DEEPEST:
            for change in in_matroska(file, part.content, part.stop, named, depth=depth + 1):
                found = True
                yield change
    if found:
        yield from ((part.start, _void(part)) for part in checksums)


def _is_named(file: BinaryIO, tag: _Part, named: tuple[str, ...]) -> bool:
    name = next((part for part in _parts(file, tag.content, tag.stop) if part.kind == NAME), None)
    said = _at(file, name.content, min(200, name.stop - name.content)).lower() if name else b""
    return any(word.encode() in said for word in named)


def _void(part: _Part) -> bytes:
    """Return as many bytes as a part has, as one part of nothing."""
    head, length = part.content - part.start, part.stop - part.content
    width = min(head - 1, 8)
    size = length + head - 1 - width
    return bytes([VOID]) + (size | 1 << 7 * width).to_bytes(width, "big") + bytes(size)


def _parts(file: BinaryIO, start: int, stop: int) -> Iterator[_Part]:
    """Yield the parts of a stretch; of a cluster or a segment of unknown length its content follows."""
    at = start
    for _ in range(MOST_PARTS):
        head = _at(file, at, 12) if at < stop else b""
        wide = 9 - head[0].bit_length() if head else 9
        if wide > 4 or len(head) < wide + 1:
            return
        kind = int.from_bytes(head[:wide], "big")
        long = 9 - head[wide].bit_length()
        if long > 8 or len(head) < wide + long:
            return
        size = int.from_bytes(head[wide : wide + long], "big") ^ 1 << 7 * long
        content = at + wide + long
        unknown = size == (1 << 7 * long) - 1
        end = stop if unknown else content + size
        if end > stop:
            return
        yield _Part(kind, at, content, end)
        at = content if unknown and kind == CLUSTER else end


def _at(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)
