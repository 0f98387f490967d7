"""Open the store of this machine or of a club, and let nobody else of the machine read it."""

from __future__ import annotations

from pathlib import Path

from midstance.formats.files import make_private
from midstance.store.blobs import open_shelf
from midstance.store.database import database_errors, open_database
from midstance.store.locations import data_folder, locations
from midstance.store.store import Store


def open_store(database: str | None = None, films: str | None = None) -> Store:
    """Open the store of athletes and their takes; it is made or brought up to date if need be.

    Parameters
    ----------
    database
        Its address as SQLAlchemy writes it, such as "sqlite:///runs.db". None: MIDSTANCE_DATABASE, or a file in the
        user's data folder.
    films
        The folder, or the address as fsspec writes it, that keeps the films. None: MIDSTANCE_FILES, or a folder beside
        the database.

    Returns
    -------
    Store
        To be closed when done with.

    Raises
    ------
    InputError
        If it cannot be opened, or was made by a newer version.
    UsageError
        If an address makes no sense.

    Examples
    --------
    >>> import midstance as ms
    >>> store = ms.open_store("sqlite:///runs.db", "films")
    >>> cody = store.add_athlete("Cody", height_m=1.78)
    >>> [athlete.name for athlete in store.athletes()]
    ['Cody']
    >>> store.close()
    """
    where = locations()
    database = database or where.database
    with database_errors():
        _let_nobody_read(database, films or where.films)
        return Store(open_database(database), open_shelf(films or where.films))


def _let_nobody_read(database: str, films: str) -> None:
    """Make the places of a store on this machine, for this user's eyes alone. Raises OSError."""
    shelf = None if "://" in films else Path(films)
    said = database.removeprefix("sqlite:///")
    file = Path(said) if said != database and said and "?" not in said and ":memory:" not in said else None
    if data_folder() in {place.parent for place in (shelf, file) if place}:
        make_private(data_folder(), folder=True)
    for folder in filter(None, (shelf, file and file.parent)):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if file:
        make_private(file)
