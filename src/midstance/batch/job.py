"""Say what is to be done with one take, and what came of it, as plain data for other processes and machines."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePath
from typing import Any, Literal

from midstance import __version__
from midstance.batch.sources import Source
from midstance.coaching.rules.programs import hash_of_named
from midstance.errors import MidstanceError, Refused
from midstance.options import Options
from midstance.reasons import Reason, say

LEFT_OUT = frozenset({"threads", "film", "blur_faces", "tried", "corrections"})
"""Options that change no number of a take in a batch, or cannot be given there."""

Status = Literal["done", "refused", "failed"]
"""What came of a take: its numbers; it was read, but cannot be judged; it could not be read, or the work broke off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One take to be analysed.

    take     its name in every table
    options  what is said of it, as Options takes it; nothing that is not said
    threads  processor cores for it
    """

    take: str
    source: Source
    options: Mapping[str, Any]
    threads: int = 1

    @property
    def wanted(self) -> dict[str, Any]:
        """Everything that decides its numbers but the film: the options, the rules they name, and the version."""
        rules = self.options.get("rules")
        return {**self.options, **({"rules": _digest(Path(rules))} if rules else {}), "version": __version__}

    def plain(self) -> dict[str, Any]:
        """Return the job as plain data."""
        return asdict(self) | {"options": dict(self.options)}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Job:
        """Return the job of plain data."""
        return cls(**{**content, "source": Source(**content["source"])})


def said_of(options: Options, known: Mapping[str, float]) -> dict[str, Any]:
    """Return what is said of a take: the options of the batch, and over them what a sheet says of this one."""
    usual, said = Options(), {}
    for field in fields(Options):
        value = known.get(field.name, getattr(options, field.name))
        if field.name not in LEFT_OUT and value != getattr(usual, field.name):
            said[field.name] = str(value) if isinstance(value, PurePath) else value
    plain: dict[str, Any] = json.loads(json.dumps(said))  # as it comes back from a file: a tuple is a list
    return plain


def failed(fault: Exception, says: str, code: int) -> dict[str, Any]:
    """Return what came of a take whose work raised an error; sentence and exit code are of the command line."""
    why = fault.why if isinstance(fault, MidstanceError) else Reason("batch_inside", kind=type(fault).__name__)
    return {
        "status": "refused" if isinstance(fault, Refused) else "failed",
        "code": code,
        "kind": fault.reason if isinstance(fault, Refused) else None,
        "reason": why.id,
        "values": {name: _plain(value) for name, value in why.values},
        "says": says,
    }


def _plain(value: Any) -> Any:
    """Return a value of a reason as JSON has it."""
    if isinstance(value, Reason):
        return say(value, "cli")
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, bool | int | str) or value is None:
        return value
    return value.item() if hasattr(value, "item") else str(value)


def _digest(folder: Path) -> str:
    """Return the hash of every file in a folder of rules: one letter changed, and it decides anew."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix in {".py", ".toml"})
    return hash_of_named(sorted(files), folder)
