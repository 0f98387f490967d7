"""Judge a file by its name before the first byte, and by its first bytes before the rest."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Literal

from midstance.video.endings import FILMS, PICTURES

Kind = Literal["film", "photo", "archive"]

ENDINGS: dict[Kind, tuple[str, ...]] = {
    "film": FILMS,
    "photo": PICTURES,
    "archive": (".zip",),
}

CALLED: dict[Kind, str] = {
    "film": "a film (MP4, MOV, MKV, WebM, AVI or GIF)",
    "photo": "a picture (JPEG, PNG, HEIC or WebP)",
    "archive": "an athlete exported by midstance (a zip)",
}

SNIFFED = 12
"""Bytes that say what a file is."""

LONGEST_NAME = 120
"""Bytes; a disk takes 255."""

_ISO_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid")
_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


def clean_name(said: str) -> str:
    """Return a file name without folders, control characters and oddities; "film" if nothing is left."""
    last = PurePosixPath(said.replace("\\", "/")).name
    plain = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip(" .")
    if len(plain.encode()) > LONGEST_NAME:
        ending = PurePosixPath(plain).suffix[:5]
        plain = plain.encode()[: LONGEST_NAME - len(ending.encode())].decode(errors="ignore") + ending
    return plain or "film"


def fits_name(name: str, kind: Kind) -> bool:
    """Return whether a file of this name can be of a kind."""
    return name.lower().endswith(ENDINGS[kind])


def fits_start(start: bytes, kind: Kind) -> bool:
    """Return whether a file that begins with these bytes can be of a kind."""
    return kind in _kinds(start)


def _kinds(start: bytes) -> set[Kind]:
    if start[4:8] == b"ftyp" and start[8:12] in _PICTURE_BRANDS:
        return {"photo"}
    if start[4:8] in _ISO_BOXES or start[:4] == b"\x1aE\xdf\xa3":
        return {"film"}
    if start[:4] == b"RIFF" and start[8:12] == b"AVI ":
        return {"film"}
    if re.match(rb"GIF8[79]a", start):
        return {"film"}
    if start[:3] == b"\xff\xd8\xff" or start[:8] == b"\x89PNG\r\n\x1a\n" or start[8:12] == b"WEBP":
        return {"photo"}
    return {"archive"} if start[:4] == b"PK\x03\x04" else set()
