"""Read zips that somebody else wrote, without trusting what a part says of itself."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from midstance.limits import plain_file

PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Ways of packing that Python unpacks piece by piece; the others (bzip2, LZMA) whole, however much comes out."""

DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, ValueError, OverflowError, struct.error,
)  # fmt: skip
"""What reading a zip raises that is none, is cut off, is altered, is encrypted or is packed in an unknown way."""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip for as long as the block runs. Raises OSError, InputError, or one of DAMAGE.

    Refused are packings that cannot be bounded, and two parts of one name: which of them is meant, another program may
    answer otherwise. Names that differ in capitals alone are one file on some disks.
    """
    with zipfile.ZipFile(plain_file(path)) as archive:
        names = set[str]()
        for part in archive.infolist():
            name = part.filename.casefold()
            if part.compress_type not in PACKED:
                raise ValueError(f"{part.filename} is packed in a way that is not read")
            if name in names:
                raise ValueError(f"{part.filename} is there twice")
            names.add(name)
        yield archive


def read_part(archive: zipfile.ZipFile, name: str, *, most: int) -> bytes:
    """Return a part of at most so many bytes. Raises one of DAMAGE.

    `ZipFile.read` unpacks all there is and then cuts it to what the part says it has; this stops there.
    """
    about = archive.getinfo(name)
    if about.file_size > most:
        raise ValueError(f"{name} is too large")
    with archive.open(about) as source:
        return source.read(about.file_size)
