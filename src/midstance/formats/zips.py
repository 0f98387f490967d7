"""Read parts of zips that somebody else wrote, without trusting the size that a part says it has."""

from __future__ import annotations

import struct
import zipfile
import zlib

DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, ValueError, OverflowError, struct.error,
)  # fmt: skip
"""What reading a zip raises that is none, is cut off, is altered, is encrypted or is packed in an unknown way."""


def read_part(archive: zipfile.ZipFile, name: str, *, most: int) -> bytes:
    """Return a part of at most so many bytes. Raises one of DAMAGE.

    `ZipFile.read` unpacks all there is and then cuts it to what the part says it has; this stops there.
    """
    about = archive.getinfo(name)
    if about.file_size > most:
        raise ValueError(f"{name} is too large")
    with archive.open(about) as source:
        return source.read(about.file_size)
