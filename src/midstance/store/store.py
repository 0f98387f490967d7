"""Keep athletes and their takes in the database and films on the shelf; each method is one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Engine, delete, select, true, update
from sqlalchemy.exc import IntegrityError

from midstance.comparison.model import Athlete, StoredTake, Take, TakeNotes
from midstance.errors import InputError, UsageError
from midstance.formats import analysis_json
from midstance.formats.files import clear_abandoned, clear_temporary
from midstance.quantities import Said
from midstance.reasons import Reason
from midstance.store import tables
from midstance.store.blobs import Shelf
from midstance.store.database import database_errors, lock_films, reading, writing
from midstance.store.locations import data_folder
from midstance.store.results import every_content, insert_comparison, newest_content, read_newest
from midstance.store.rows import (
    are_measures,
    as_heard,
    athlete_of,
    checked_name,
    chosen,
    file_values,
    insert_row,
    is_comparison,
    read_quantities,
    takes_of,
)

Made = Literal["film", "thumbnail", "report", "poses"]
"""What is made from a take: a loop of one stride, a picture, the folder of results as a zip, and the points found."""

Also = Callable[[Connection, int], None]
"""Called within the transaction that writes a take or its analysis, with the number of the take."""


def nothing_more(_connection: Connection, _take: int) -> None:
    """Write nothing more."""


NOTHING_KNOWN = TakeNotes()
NOTHING: Mapping[Any, Path] = MappingProxyType({})

LARGEST_TAKE = 2**31 - 1
"""Larger numbers are no take's, and no number for a database."""

YOUNG_S = 3600.0
"""A film on the shelf that no take names yet may belong to a take being added; after this long it does not."""


class Store:
    """Everything kept about athletes. Raises UsageError for what is not there, InputError for a failing store."""

    def __init__(self, engine: Engine, shelf: Shelf) -> None:
        self.engine = engine
        self.shelf = shelf

    def close(self) -> None:
        """Close the database."""
        self.engine.dispose()

    # -- athletes --------------------------------------------------------------------------------------------------

    def add_athlete(
        self,
        name: str,
        *,
        height_m: Said | None = None,
        mass_kg: Said | None = None,
        notes: str = "",
        another: bool = False,
    ) -> Athlete:
        """Add an athlete. Raises UsageError for a name that is taken or is none, or a size that cannot be.

        A name that differs from one that is here in capitals alone is taken too, unless this is `another` person.
        """
        alike = () if another else self._named(name)
        if alike and alike[0].name != name.strip():
            raise UsageError(Reason("name_alike", name=name.strip(), known=alike[0].name))
        values = {
            "uid": uuid.uuid4().hex,
            "name": checked_name(name),
            **read_quantities({"height_m": height_m, "mass_kg": mass_kg}),
            "notes": notes,
        }
        with self._name_taken(name), self.writing() as connection:
            return Athlete(id=insert_row(connection, tables.athletes, values), **values)

    def athletes(self) -> tuple[Athlete, ...]:
        """Return all athletes by name."""
        return self._athletes(true())

    def _athletes(self, wanted: ColumnElement[bool]) -> tuple[Athlete, ...]:
        with self.reading() as connection:
            rows = connection.execute(select(tables.athletes).where(wanted).order_by(tables.athletes.c.name))
            return tuple(athlete_of(row) for row in rows)

    def athlete(self, name: str) -> Athlete:
        """Return the athlete of this name, in whatever capitals if no other is meant. Raises UsageError."""
        found = self._named(name)
        exact = [athlete for athlete in found if athlete.name == name]
        if exact or len(found) == 1:
            return (exact or found)[0]
        known = ", ".join(athlete.name for athlete in found or self.athletes())
        if not known:
            raise UsageError(Reason("no_athlete_yet", name=name))
        raise UsageError(Reason("several_athletes" if found else "no_such_athlete", name=name, known=known))

    def _named(self, name: str) -> tuple[Athlete, ...]:
        """Return the athletes whose names differ from this one in nothing but capitals and spaces around it."""
        return tuple(athlete for athlete in self.athletes() if as_heard(athlete.name) == as_heard(name))

    def owner(self, take: StoredTake) -> Athlete:
        """Return the athlete of a take."""
        (athlete,) = self._athletes(tables.athletes.c.id == take.athlete_id)
        return athlete

    def athlete_by_uid(self, uid: str) -> Athlete | None:
        """Return the athlete of a uid; None if there is none."""
        return next(iter(self._athletes(tables.athletes.c.uid == uid)), None)

    def edit_athlete(self, athlete: Athlete) -> None:
        """Write back an athlete that was changed. Raises UsageError for a name or a size as add_athlete does."""
        sizes = read_quantities(chosen(athlete, "height_m", "mass_kg"))
        values = {"name": checked_name(athlete.name), "notes": athlete.notes, **sizes}
        with self._name_taken(athlete.name), self.writing() as connection:
            connection.execute(update(tables.athletes).where(tables.athletes.c.id == athlete.id).values(values))

    def delete_athlete(self, athlete: Athlete) -> None:
        """Delete an athlete with every take, result and film."""
        keys = [file.key for take in self.takes(athlete) for file in take.files]
        with self.writing() as connection:
            connection.execute(delete(tables.athletes).where(tables.athletes.c.id == athlete.id))
        self.discard(keys)

    # -- takes -----------------------------------------------------------------------------------------------------

    def add_take(
        self, athlete: Athlete, clip: Path, known: TakeNotes = NOTHING_KNOWN, *, also: Also = nothing_more
    ) -> StoredTake:
        """Copy a film onto the shelf and add its take; the film itself stays as it is. Raises UsageError.

        What `also` writes is written with the take, or neither is.
        """
        values = {"uid": uuid.uuid4().hex, "athlete_id": athlete.id, **read_quantities(asdict(known))}
        key = self._keep(clip)
        with self.writing() as connection:
            take = insert_row(connection, tables.takes, values)
            insert_row(connection, tables.files, file_values(take, "clip", key, clip))
            self._keep_again_if_gone(connection, key, clip)
            also(connection, take)
        return self.take(take)

    def takes_of_film(self, sha256: str) -> tuple[StoredTake, ...]:
        """Return the takes of whatever athlete that have the film with this SHA-256."""
        files = tables.files
        with self.reading() as connection:
            wanted = select(files.c.take_id).where(files.c.kind == "clip", files.c.key.contains(f"/{sha256}"))
            numbers = list(connection.execute(wanted.order_by(files.c.take_id)).scalars())
        return tuple(self.take(number) for number in numbers)

    def takes(self, athlete: Athlete) -> tuple[StoredTake, ...]:
        """Return the takes of an athlete in the order of their filming; undated ones last, as they were added."""
        with self.reading() as connection:
            wanted = select(tables.takes).where(tables.takes.c.athlete_id == athlete.id).order_by(tables.takes.c.id)
            return _in_order(takes_of(connection, connection.execute(wanted).all()))

    def takes_by_athlete(self, athletes: Iterable[Athlete]) -> dict[int, tuple[StoredTake, ...]]:
        """Return the takes of athletes, by the athlete's number, each in the order of their filming."""
        found: dict[int, list[StoredTake]] = {athlete.id: [] for athlete in athletes}
        table = tables.takes
        with self.reading() as connection:
            wanted = select(table).where(table.c.athlete_id.in_(found)).order_by(table.c.id)
            for take in takes_of(connection, connection.execute(wanted).all()):
                found[take.athlete_id].append(take)
        return {number: _in_order(takes) for number, takes in found.items()}

    def latest_takes(self, most: int, *, of: int | None = None) -> list[StoredTake]:
        """Return the takes that were added last, the newest first: of everybody, or of the athlete of a number."""
        table = tables.takes
        chosen_takes = select(table) if of is None else select(table).where(table.c.athlete_id == of)
        with self.reading() as connection:
            return takes_of(connection, connection.execute(chosen_takes.order_by(table.c.id.desc()).limit(most)).all())

    def take(self, number: int) -> StoredTake:
        """Return one take by its number. Raises UsageError if there is none."""
        with self.reading() as connection:
            wanted = select(tables.takes).where(tables.takes.c.id == min(number, LARGEST_TAKE))
            row = connection.execute(wanted).first()
            if row is None:
                raise UsageError(Reason("no_such_take", take=number))
            return takes_of(connection, [row])[0]

    def edit_take(self, take: StoredTake, known: TakeNotes) -> None:
        """Write what is known of a take anew. Raises UsageError for a speed or a slow motion that cannot be."""
        values = read_quantities(asdict(known))
        with self.writing() as connection:
            connection.execute(update(tables.takes).where(tables.takes.c.id == take.id).values(values))

    def delete_take(self, take: StoredTake) -> None:
        """Delete a take with its results and films, and every comparison it is part of."""
        table = tables.comparisons
        with self.writing() as connection:
            rows = connection.execute(select(table.c.id, table.c.takes).where(table.c.athlete_id == take.athlete_id))
            parts = [row.id for row in rows if take.uid in (row.takes or ())]
            connection.execute(delete(table).where(table.c.id.in_(parts)))
            connection.execute(delete(tables.takes).where(tables.takes.c.id == take.id))
        self.discard([file.key for file in take.files])

    # -- results ---------------------------------------------------------------------------------------------------

    def add_analysis(
        self,
        take: StoredTake,
        content: Mapping[str, Any],
        made: Mapping[Made, Path] = NOTHING,
        *,
        also: Also = nothing_more,
    ) -> None:
        """Keep an analysis.json (or a refusal) beside the older ones, and its plan in the plan history.

        The files made from it take the place of those of the older analysis. What `also` writes is written with it, or
        neither is.
        """
        keys = {kind: self._keep(path) for kind, path in made.items()}
        lasting = {"clip", "poses"} - made.keys()  # other points come in place of the old, another analysis does not
        old = [file.key for file in self.take(take.id).files if file.kind not in lasting]
        files = tables.files
        stamp = datetime.now(UTC)
        values = {"take_id": take.id, "made_at": stamp, "version": content["version"], "content": dict(content)}
        plan = content.get("plan")
        with self.writing() as connection:
            insert_row(connection, tables.analyses, values)
            if plan:
                kept = {"focus": plan["focus"], "cue": plan["cue"], "content": plan}
                insert_row(connection, tables.plans, {"take_id": take.id, "made_at": stamp, **kept})
            connection.execute(delete(files).where(files.c.take_id == take.id, files.c.kind.not_in(lasting)))
            for kind, path in made.items():
                insert_row(connection, files, file_values(take.id, kind, keys[kind], path))
                self._keep_again_if_gone(connection, keys[kind], path)
            also(connection, take.id)
        self.discard(old)

    def analyses(self, take: StoredTake) -> tuple[dict[str, Any], ...]:
        """Return every analysis of a take, the oldest first, as analysis.json has it."""
        with self.reading() as connection:
            return every_content(connection, take)

    def newest_analysis(self, take: StoredTake) -> dict[str, Any] | None:
        """Return the newest analysis of a take as analysis.json has it; None if there is none."""
        with self.reading() as connection:
            return newest_content(connection, take)

    def plans(self, take: StoredTake) -> tuple[dict[str, Any], ...]:
        """Return every plan that was made from a take, the oldest first."""
        table = tables.plans
        with self.reading() as connection:
            rows = connection.execute(select(table.c.content).where(table.c.take_id == take.id).order_by(table.c.id))
            return tuple(row.content for row in rows if analysis_json.is_sound_plan(row.content))

    def read(self, take: StoredTake) -> Take:
        """Return the newest analysis of a take, ready to compare. Raises UsageError or InputError if there is none."""
        with self.reading() as connection:
            return read_newest(connection, take)

    def add_comparison(self, takes: Sequence[StoredTake], content: Mapping[str, Any]) -> None:
        """Keep a comparison (takes.series_json) of takes of one athlete."""
        with self.writing() as connection:
            insert_comparison(connection, takes, content)

    def comparisons(self, athlete: Athlete) -> tuple[dict[str, Any], ...]:
        """Return every comparison that was kept for an athlete, the oldest first."""
        table = tables.comparisons
        with self.reading() as connection:
            rows = connection.execute(
                select(table.c.content).where(table.c.athlete_id == athlete.id).order_by(table.c.id)
            )
            return tuple(row.content for row in rows if is_comparison(row.content))

    def set_watch(self, take: StoredTake, readings: Sequence[Mapping[str, Any]] | None) -> None:
        """Keep what the watch read during a take, as plain data."""
        content = None if readings is None else [dict(reading) for reading in readings]
        with self.writing() as connection:
            connection.execute(update(tables.takes).where(tables.takes.c.id == take.id).values(watch=content))

    def watch(self, take: StoredTake) -> list[dict[str, Any]]:
        """Return what the watch read during a take; empty if nothing was imported."""
        with self.reading() as connection:
            row = connection.execute(select(tables.takes.c.watch).where(tables.takes.c.id == take.id)).first()
        return list(row.watch) if row and are_measures(row.watch) else []

    # -- upkeep ----------------------------------------------------------------------------------------------------

    def tidy(self, *, older_than_s: float = YOUNG_S) -> int:
        """Clear the shelf of films that no take names, and all places of half files; return how many went."""
        with database_errors(), self.writing() as connection:
            lock_films(connection)
            wanted = named_films(connection)
            gone = self.shelf.tidy(wanted, older_than_s=older_than_s)
            return gone + clear_abandoned(data_folder(), older_than_s=older_than_s) + clear_temporary()

    def tidy_now_and_then(self) -> None:
        """Tidy once a day, where the films are in a folder: what a killed delete left behind goes."""
        if self.shelf.is_due():
            self.tidy()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open one transaction that writes, all of it or nothing. Raises InputError."""
        with database_errors(), writing(self.engine) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one transaction that only reads. Raises InputError."""
        with database_errors(), reading(self.engine) as connection:
            yield connection

    @contextmanager
    def _name_taken(self, name: str) -> Iterator[None]:
        """Turn the database's complaint that a name is taken into a sentence. Raises UsageError."""
        try:
            yield
        except InputError as fault:
            if isinstance(fault.__cause__, IntegrityError):
                raise UsageError(Reason("name_taken", name=name)) from fault
            raise

    def _keep(self, path: Path) -> str:
        with database_errors():
            return self.shelf.keep(path)

    def _keep_again_if_gone(self, connection: Connection, key: str, path: Path) -> None:
        """Copy a film again if another process took it off the shelf before this take named it."""
        lock_films(connection)
        if not self.shelf.has(key):
            self.shelf.keep(path)

    def discard(self, keys: Iterable[str]) -> None:
        """Take films off the shelf unless another take has the same."""
        with self.writing() as connection:
            lock_films(connection)
            wanted = named_films(connection)
            with database_errors():
                for key in set(keys) - wanted:
                    self.shelf.discard(key)


def _in_order(takes: Iterable[StoredTake]) -> tuple[StoredTake, ...]:
    latest = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(takes, key=lambda take: take.known.taken_at or latest))


# -- within somebody else's transaction --------------------------------------------------------------------------------


def named_films(connection: Connection) -> set[str]:
    """Return the keys that takes name; a film of no bytes was deleted to make room, and its name alone is kept."""
    files = tables.files
    return set(connection.execute(select(files.c.key).where(files.c.size > 0)).scalars())
