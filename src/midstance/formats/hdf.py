"""Open HDF5 files that somebody else wrote: what is read of one lies in that file alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from midstance.formats.extras import needed
from midstance.formats.text_file import checked_size


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open an HDF5 file for as long as the block runs.

    HDF5 can say that numbers lie in any other file of this machine; they would be shown as points. Raises OSError,
    InputError; ValueError for a file that leads to others; UsageError without h5py.
    """
    h5py: Any = needed("h5py")
    with h5py.File(checked_size(path)) as file:
        try:
            _check(file, h5py)
            yield file
        except (KeyError, RuntimeError, TypeError) as fault:  # of a damaged one, also while it is read
            raise ValueError(str(fault)) from fault


def _check(file: Any, h5py: Any) -> None:
    """Raise ValueError for a file of which a part lies in another file."""
    groups, seen = [file], set[Any]()
    while groups:
        group = groups.pop()
        for name in group:
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.SoftLink):
                continue
            part = None if isinstance(link, h5py.ExternalLink) else group[name]
            if part is None or (isinstance(part, h5py.Dataset) and (part.external or part.is_virtual)):
                raise ValueError(f"{name} lies in another file")
            if isinstance(part, h5py.Group) and part.id not in seen:
                seen.add(part.id)
                groups.append(part)
