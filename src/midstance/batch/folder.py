"""The folder of a batch: a record and an analysis for each take, and the tables that are made of them.

A record is written when its take is done, whole or not at all. It says of which film it is and what was asked, so that
the next run leaves it alone if nothing changed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from midstance.batch.job import Job
from midstance.batch.sources import Source
from midstance.errors import UsageError
from midstance.formats.extras import needed
from midstance.formats.files import check_output, disk_errors, write_bytes, write_json, written_whole
from midstance.reasons import Reason
from midstance.video.opening import hash_of

LAYOUT = 1
"""Of a record; one of another layout is done anew."""

ABOUT = "batch.json"
"""What is known of every take of the folder: its address, and the columns of the sheet."""


class Folder:
    """The folder that a batch fills."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records, self.analyses = path / "records", path / "analyses"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other batches out of the folder while the block runs. Raises InputError, UsageError."""
        check_output(self.path, folder=True)
        with disk_errors(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            file = (self.path / ".lock").open("w")
        with file:
            _lock(file, self.path)
            yield

    def record(self, take: str) -> dict[str, Any] | None:
        """Return the record of a take; None without one, or where it cannot be read."""
        try:
            found = json.loads((self.records / f"{take}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) and found.get("layout") == LAYOUT else None

    def why_again(self, job: Job) -> str | None:
        """Return why a take is to be analysed: "new", "film", "failed", or the options that changed, commas between.

        None: it is done.
        """
        record = self.record(job.take)
        if record is None:
            return "new"
        if not _same_film(job.source, record):
            return "film"
        before, now = record["wanted"], job.wanted
        changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
        if changed:
            return ", ".join(changed)
        return "failed" if record["outcome"]["status"] == "failed" else None

    def keep(self, job: Job, outcome: Mapping[str, Any]) -> None:
        """Write the analysis of a take, then its record. Raises InputError."""
        analysis = outcome.get("analysis")
        path = self.analyses / f"{job.take}.json"
        if analysis:
            write_json(analysis, path)
        else:
            path.unlink(missing_ok=True)
        record = {
            "layout": LAYOUT,
            "take": job.take,
            "source": job.source.address,
            "stamp": job.source.stamp,
            "wanted": job.wanted,
            "clip": (analysis or {}).get("clip", {}),
            "about": _about(analysis) if analysis else {},
            "outcome": {name: value for name, value in outcome.items() if name != "analysis"},
        }
        write_bytes(json.dumps(record, allow_nan=False).encode(), self.records / f"{job.take}.json")

    def every_record(self) -> Iterator[dict[str, Any]]:
        """Yield every record, by the name of its take."""
        for path in sorted(self.records.glob("*.json")):
            if record := self.record(path.stem):
                yield record

    def columns(self) -> dict[str, dict[str, str]]:
        """Return the columns of the sheets, by take."""
        with contextlib.suppress(OSError, ValueError):
            found = json.loads((self.path / ABOUT).read_text(encoding="utf-8"))
            if isinstance(found, dict) and isinstance(found.get("columns"), dict):
                return dict(found["columns"])
        return {}

    def note_columns(self, said: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what a sheet says of the takes of this run, beside that of earlier runs. Raises InputError."""
        if said:
            write_json({"columns": self.columns() | {take: dict(row) for take, row in said.items()}}, self.path / ABOUT)

    def write_table(self, table: Any, name: str) -> Path:
        """Write one Parquet table, whole or not at all. Raises InputError."""
        parquet = needed("pyarrow.parquet")
        path = self.path / f"{name}.parquet"
        with written_whole(path) as unfinished:
            parquet.write_table(table, str(unfinished))
        return path


def _same_film(source: Source, record: Mapping[str, Any]) -> bool:
    """Return whether a record is of the film that is there now: the same file, or one with the same content."""
    if source.stamp and source.stamp == record.get("stamp"):
        return True
    known = record.get("clip", {}).get("sha256")
    path = Path(source.address)
    if not known or source.is_remote or not path.is_file():
        return False
    try:
        return bool(hash_of([path]) == known)
    except OSError:
        return False


def _about(analysis: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an analysis says beside its measures, for the table of takes."""
    if "refused" in analysis:
        return {}
    view, plan = analysis["view"], analysis["plan"] or {}
    names = ("plane", "direction", "near_side", "setting", "camera", "scale_source", "scale_m_per_px")
    return {
        **{name: view[name] for name in names},
        "pose": "/".join((analysis["pose"]["backend"], analysis["pose"]["model"])),
        "pose_sha256": analysis["pose"]["weights_sha256"],
        "findings": " ".join(finding["problem"] for finding in analysis["findings"]),
        "focus": plan.get("focus"),
        "warnings": " ".join(analysis["warnings"]),
    }


def _lock(file: IO[str], folder: Path) -> None:
    """Lock a file for as long as it is open; where the system has no such locks, nothing is done. Raises UsageError."""
    try:
        import fcntl  # noqa: PLC0415  (Windows has none)
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(Reason("batch_at_work", folder=folder)) from None
    except OSError:  # some network disks know no locks
        return
