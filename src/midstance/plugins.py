"""Find what other packages add: pose models, formats, rules and measures (docs/plugins.md).

A package names what it adds in its pyproject.toml, under [project.entry-points."midstance.formats"] and the like.
MIDSTANCE_PLUGINS=off leaves all of it out.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from midstance.errors import UsageError
from midstance.reasons import Reason

Kind = Literal["pose_models", "formats", "rules", "measures"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What can be added; the group of its entry points is midstance.KIND."""
SWITCH = "MIDSTANCE_PLUGINS"


@cache
def added(kind: Kind) -> Mapping[str, EntryPoint]:
    """Return what other packages add of one kind, by its name; nothing is loaded. Raises UsageError for one name twice.

    The packages are looked through once: what is installed later is found by the next process.
    """
    if os.environ.get(SWITCH, "").lower() in {"off", "0", "no"}:
        return MappingProxyType({})
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=f"midstance.{kind}"):
        before = found.setdefault(entry.name, entry)
        if before.value != entry.value:  # one package may be on the path twice
            raise UsageError(Reason("plugin_twice", name=entry.name, one=package(before), other=package(entry)))
    return MappingProxyType(dict(sorted(found.items())))


@cache
def loaded(kind: Kind, name: str) -> Any:
    """Return what a package adds under a name. Raises UsageError, with what went wrong inside it, and KeyError."""
    entry = added(kind)[name]
    try:
        return entry.load()
    except Exception as fault:
        raise UsageError(
            Reason("plugin_broken", name=name, package=package(entry), fault=f"{type(fault).__name__}: {fault}")
        ) from fault


def package(entry: EntryPoint) -> str:
    """Return the package that adds something, with its version."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def rules_folder(said: str | Path) -> Path:
    """Return the folder of one's own rules: one that is there, or that of an installed package. Raises UsageError."""
    folder = Path(said)
    if folder.is_dir():
        return folder
    packs = added("rules")
    if str(said) not in packs:
        reason = Reason("rules_no_pack", said=str(said), packs=", ".join(packs))
        raise UsageError(reason if packs else Reason("rules_no_folder", said=str(said)))
    found = getattr(loaded("rules", str(said)), "__path__", None)
    if not found:
        raise UsageError(Reason("plugin_no_folder", name=said, package=package(packs[str(said)])))
    return Path(next(iter(found)))
