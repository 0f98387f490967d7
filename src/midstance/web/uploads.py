"""Take films in by tus 1.0: in pieces, so that an upload that breaks off goes on where it was.

Size, name and room are checked before the first byte, the first bytes before the rest; an upload without news expires.
"""

from __future__ import annotations

import base64
import shutil
import uuid
from collections.abc import AsyncIterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from anyio import CancelScope
from sqlalchemy import ColumnElement, Row, delete, func, select, true, update
from starlette.concurrency import run_in_threadpool

from midstance.store import Store, tables
from midstance.store.jobs import add_job
from midstance.store.own import EVERYBODY, Whose, store_for
from midstance.store.rows import insert_row
from midstance.web.filetypes import CALLED, ENDINGS, SNIFFED, Kind, clean_name, fits_name, fits_start
from midstance.web.refusals import RefusedRequest, not_here
from midstance.web.settings import Settings

JOB_OF: dict[Kind, str] = {"film": "take", "photo": "photo", "archive": "import"}
"""The job that takes in a file of each kind."""

ABOUT = ("athlete", "trying", "surface", "shoes", "speed", "notes", "after", "beside", "called", "again")
"""What may be said of a file as it is uploaded: `after` and `beside` are the takes that a film is compared or joined
with, `called` is what a runner who is taken in will be called, `again` takes a film in that is here already."""

LONGEST_WORD = 500

NAMED = ".d"
"""End of the name of the folder in which an upload has the name it came with, while it is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that is on its way here; `job` is the uid of the job that takes it in, once it is whole."""

    uid: str
    name: str
    kind: Kind
    size: int
    offset: int
    about: dict[str, Any]
    expires_at: datetime
    job: str
    account_id: int | None


def metadata(header: str) -> dict[str, str]:
    """Read the header Upload-Metadata. Raises RefusedRequest."""
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode("utf-8")[:LONGEST_WORD]
        except ValueError:
            raise RefusedRequest(400, "The header Upload-Metadata cannot be read.") from None
    return found


class Uploads:
    """The files that are on their way here."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._limits = store, settings.limits
        self._folder = settings.uploads
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._busy: set[str] = set()
        self._whose = EVERYBODY

    def seen_by(self, whose: Whose) -> Uploads:
        """Return the same uploads as one visitor sees them."""
        seen = copy(self)
        seen._whose = whose  # noqa: SLF001  (a copy of our own)
        return seen

    def announce(self, size: int, said: Mapping[str, str]) -> Upload:
        """Make room for a file, if it may come. Raises RefusedRequest."""
        kind = cast("Kind", said.get("kind", "film"))
        if kind not in ENDINGS:
            raise RefusedRequest(400, "This can be a film, a photo or an archive.")
        name = clean_name(said.get("filename", ""))
        if not fits_name(name, kind):
            raise RefusedRequest(415, f"{name} is not {CALLED[kind]}.")
        about = self._about(said, kind)
        self._check_room(size, name, kind)
        self._check_quota(size, about.get("athlete", ""))
        uid = uuid.uuid4().hex
        self.path(uid).touch(mode=0o600)
        values = {"uid": uid, "name": name, "kind": kind, "size": size, "offset": 0, "about": about, "job": ""}
        with self._store.writing() as connection:
            whose = {"account_id": self._whose.account}
            insert_row(connection, tables.uploads, {**values, **whose, "expires_at": self._expiry()})
        return self.upload(uid)

    def _about(self, said: Mapping[str, str], kind: Kind) -> dict[str, str]:
        """Return what is said of a file, if the visitor may say it. Raises RefusedRequest, UsageError."""
        about = {word: said[word] for word in ABOUT if said.get(word)}
        if self._whose.account is None:
            return about
        if kind == "archive" and self._whose.athlete is not None:
            raise RefusedRequest(403, "Only a coach can bring a runner from elsewhere.")
        own = store_for(self._store, self._whose)
        known = [athlete.uid for athlete in own.athletes()]
        if kind == "film" and "athlete" not in about and known:
            if len(known) > 1:
                raise RefusedRequest(400, "Whose film is this? Choose a runner.")
            about["athlete"] = known[0]
        if "athlete" in about and about["athlete"] not in known:
            raise not_here("runner")
        for word in ("after", "beside"):
            if word in about:
                own.take(int(about[word]) if about[word].isdecimal() else 0)
        return about

    def _check_quota(self, size: int, athlete: str) -> None:
        """Refuse a file for which a runner has no room left. Raises RefusedRequest."""
        most = self._limits.runner_bytes
        if not most or not athlete:
            return
        files, takes, athletes = tables.files, tables.takes, tables.athletes
        owned = select(func.coalesce(func.sum(files.c.size), 0)).join(takes, files.c.take_id == takes.c.id)
        owned = owned.join(athletes, takes.c.athlete_id == athletes.c.id).where(athletes.c.uid == athlete)
        with self._store.reading() as connection:
            used = connection.execute(owned).scalar_one()
        used += sum(upload.size for upload in self.waiting() if upload.about.get("athlete") == athlete)
        if used + size > most:
            says = f"This runner's films have {_bytes(used)}, and {_bytes(most)} is the most. Delete some takes first."
            raise RefusedRequest(413, says)

    def _check_room(self, size: int, name: str, kind: Kind) -> None:
        limits = self._limits
        most = {"film": limits.film_bytes, "photo": limits.photo_bytes, "archive": limits.archive_bytes}[kind]
        if size == 0:
            raise RefusedRequest(400, f"{name} is empty. Choose another file.")
        if size <= SNIFFED:
            raise RefusedRequest(415, _lies(name, kind))
        if size > most:
            raise RefusedRequest(413, f"{name} has {_bytes(size)}, and {_bytes(most)} is the most. Cut it shorter.")
        table = tables.uploads
        with self._store.reading() as connection:
            coming = connection.execute(select(func.coalesce(func.sum(table.c.size - table.c.offset), 0))).scalar_one()
        if coming + size > self._limits.waiting_bytes:
            raise RefusedRequest(413, "Too many uploads are unfinished. Wait for them, or cancel some.")
        if coming + size + self._limits.spare_bytes > shutil.disk_usage(self._folder).free:
            raise RefusedRequest(507, f"There is no room for {name} on this disk. Make some, then try again.")

    def upload(self, uid: str) -> Upload:
        """Return an upload. Raises RefusedRequest if there is none."""
        with self._store.reading() as connection:
            row = connection.execute(select(tables.uploads).where(tables.uploads.c.uid == uid, self._seen())).first()
        if row is None:
            raise not_here("upload")
        return _upload(row)

    def waiting(self) -> tuple[Upload, ...]:
        """Return the uploads that are not whole."""
        with self._store.reading() as connection:
            rows = connection.execute(select(tables.uploads).where(tables.uploads.c.job == "", self._seen()))
            return tuple(_upload(row) for row in rows)

    def _seen(self) -> ColumnElement[bool]:
        """Return which uploads the visitor may know of: an athlete's own."""
        return true() if self._whose.athlete is None else tables.uploads.c.account_id == self._whose.account

    def path(self, uid: str) -> Path:
        """Return where the bytes of an upload are."""
        return self._folder / uid

    async def take_in(self, uid: str, offset: int, pieces: AsyncIterator[bytes]) -> Upload:
        """Add bytes at the offset, as many as come; a whole file becomes a job. Raises RefusedRequest."""
        if uid in self._busy:
            raise RefusedRequest(423, "This upload is being written to by another request.")
        self._busy.add(uid)
        try:
            upload = await run_in_threadpool(self.upload, uid)
            if upload.job or offset != upload.offset:
                raise RefusedRequest(409, f"The upload stands at byte {upload.offset}.")
            at = offset
            try:
                async for at in self._written(upload, pieces):  # noqa: B007  (the last one counts)
                    pass
            finally:
                with CancelScope(shield=True):
                    await run_in_threadpool(self._keep_offset, upload, at)
            return await run_in_threadpool(self.upload, uid)
        finally:
            self._busy.discard(uid)

    async def _written(self, upload: Upload, pieces: AsyncIterator[bytes]) -> AsyncIterator[int]:
        """Write the pieces behind what is there; yield where the file ends after each."""
        with self.path(upload.uid).open("r+b") as file:
            file.truncate(upload.offset)
            file.seek(upload.offset)
            start = file.read() if not upload.offset else b"." * SNIFFED
            async for piece in pieces:
                if file.tell() + len(piece) > upload.size:
                    raise RefusedRequest(413, f"More bytes came than were announced ({upload.size}).")
                if len(start) < SNIFFED:
                    start += piece[:SNIFFED]
                    if len(start) >= SNIFFED and not fits_start(start[:SNIFFED], upload.kind):
                        await run_in_threadpool(self.discard, upload.uid)
                        raise RefusedRequest(415, _lies(upload.name, upload.kind))
                file.write(piece)
                yield file.tell()
            file.flush()

    def _keep_offset(self, upload: Upload, at: int) -> None:
        """Write how much is here; with the last byte, put the job that takes the file in into the queue."""
        table, file = tables.uploads, self.path(upload.uid)
        at = file.stat().st_size if file.exists() else at
        with self._store.writing() as connection:
            values: dict[str, Any] = {"offset": at, "expires_at": self._expiry()}
            if at == upload.size:
                wanted = {"upload": upload.uid, "name": upload.name, "about": upload.about}
                values["job"] = add_job(connection, JOB_OF[upload.kind], wanted, account=upload.account_id)
            chosen = update(table).where(table.c.uid == upload.uid, table.c.job == "")
            connection.execute(chosen.values(**values))

    def discard(self, uid: str) -> None:
        """Delete an upload and its bytes."""
        with self._store.writing() as connection:
            connection.execute(delete(tables.uploads).where(tables.uploads.c.uid == uid))
        self.path(uid).unlink(missing_ok=True)

    def tidy(self) -> None:
        """Delete the uploads that expired, those that were taken in, and bytes that belong to none."""
        table = tables.uploads
        with self._store.writing() as connection:
            ended = select(tables.jobs.c.uid).where(tables.jobs.c.state.in_(("done", "failed", "cancelled")))
            taken_in = table.c.job.in_(ended)
            past = table.c.expires_at < datetime.now(UTC)
            connection.execute(delete(table).where(past & ((table.c.job == "") | taken_in)))
            known = set(connection.execute(select(table.c.uid).where(~taken_in)).scalars())
        young = (datetime.now(UTC) - timedelta(minutes=5)).timestamp()
        for place in self._folder.iterdir():
            if place.name.removesuffix(NAMED) in known or place.stat().st_mtime > young:
                continue
            if place.is_dir():  # of work that was killed while the upload had its name
                shutil.rmtree(place, ignore_errors=True)
            else:
                place.unlink(missing_ok=True)

    def _expiry(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=self._limits.upload_hours)


def _upload(row: Row[Any]) -> Upload:
    names = ("uid", "name", "kind", "size", "offset", "expires_at", "job", "account_id")
    return Upload(about=dict(row.about), **{name: getattr(row, name) for name in names})


def _lies(name: str, kind: Kind) -> str:
    """Say that a file is not what it is called."""
    return f"{name} is not {CALLED[kind]}, whatever its name says. Choose another file."


def _bytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
