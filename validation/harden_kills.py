"""Commands killed (SIGKILL) at seeded moments: nothing lost, and nothing left that a tidy does not find.

Right after a kill the store is whole, as before or as after; every file named is there with its content; what else lies
there goes with `midstance takes tidy`; results and zips are the old ones or the new ones, each whole; and the same
command does its work the next time.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from validation import harden_forks as forks
from validation import harden_stores as stores
from validation.harden_time import shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to kill: its words, on which store, how often, and what may be said when it is given once more."""

    says: str
    words: str
    base: str = "filled"
    kills: int = 20
    again: frozenset[int] = frozenset({0})


COMMANDS = (
    Command(says="an analysis into a folder", words="analyze {folder}/run.mp4 --out {work}/out", kills=12),
    Command(says="takes add", words="takes add Zoe {folder}/run.mp4", kills=12, again=frozenset({0, 2})),
    Command(says="takes delete", words="takes delete 1 --yes", again=frozenset({0, 2})),
    Command(says="athletes delete", words="athletes delete Cody --yes", again=frozenset({0, 2})),
    Command(says="athletes export", words="athletes export Cody {work}/out/kept.zip"),
    Command(says="athletes import", words="athletes import {folder}/cody.zip", base="empty", again=frozenset({0, 2})),
    Command(says="backup", words="backup {work}/out/kept.zip"),
    Command(says="restore", words="restore {folder}/backup.zip", base="empty", again=frozenset({0, 2})),
    Command(says="a store of the first release brought up to date", words="athletes list", base="first"),
)


def tried(folder: Path, until: float) -> Iterator[dict[str, Any]]:
    """Kill every command at its moments, as far as the time goes; yield a row each.

    `folder` holds what `make_bases` made. The long ones come last: they get the time that the short ones leave.
    """
    found = {command: _killed(command, folder, end) for command, end in shares(COMMANDS[::-1], until)}
    yield from (found[command] for command in COMMANDS)


def _killed(command: Command, folder: Path, until: float) -> dict[str, Any]:
    work = folder / "work"
    words = command.words.format(folder=folder, work=work).split()

    def run(at: int | None = None) -> forks.Ended:
        return forks.run(words, forks.places(work), killed_at=at, prepare=partial(forks.remember, folder / forks.POSES))

    stores.fresh(folder / command.base, work)
    known = set(stores.faults(work))  # the film of the first release was never there
    before = stores.told(work) if command.base != "first" else None
    old = stores.visible(work / "out") if (work / "out").exists() else {}
    whole = run()
    after, new = stores.told(work), stores.visible(work / "out")
    row: dict[str, Any] = {"says": command.says, "moments": whole.moments, "tried": 0, "killed": 0, "as_before": 0}
    row |= {"of": min(command.kills, whole.moments), "faults": []}
    if before is None:
        row["as_before"] = "not asked"  # to open such a store is to bring it up to date
    if whole.code:
        row["faults"].append(f"not killed: {whole.code} {whole.said}")
    chance = random.Random(command.says)  # noqa: S311  (the same moments every time)
    for at in chance.sample(range(whole.moments), row["of"]):
        if time.monotonic() > until:
            break
        stores.fresh(folder / command.base, work)
        ended = run(at)
        row["tried"] += 1
        row["killed"] += ended.code == -9
        found = _check(work, (before, after), (old, new))
        if before is not None:
            row["as_before"] += found["as_before"]
        faults = [*found["faults"], *(f"again: {fault}" for fault in _again(command, run, work, after))]
        row["faults"] += [f"moment {at}: {fault}" for fault in faults if fault.removeprefix("again: ") not in known]
    return row


def _check(work: Path, told: tuple[Any, Any], outputs: tuple[dict[str, bytes], dict[str, bytes]]) -> dict[str, Any]:
    before, after = told
    found = stores.faults(work)
    now = stores.told(work)
    if before is not None and now not in {before, after} and not is_between(now, before, after):
        found.append(f"the store is neither as before nor as after: {now}")
    old, new = outputs
    for name, content in stores.visible(work / "out").items():
        if content != old.get(name) and not _is_whole(name, content, new):
            found.append(f"not whole: out/{name}")
    if lost := old.keys() - stores.visible(work / "out").keys():
        found.append(f"lost: {lost}")
    return {"faults": found, "as_before": now == before if before is not None else 0}


def is_between(now: Any, before: Any, after: Any) -> bool:
    """Return whether a take was kept and not judged yet, as `takes add` does it."""
    plain = {(name, tuple(clip for clip, *_ in takes)) for name, takes in now}
    return plain == {(name, tuple(clip for clip, *_ in takes)) for name, takes in after} and before != after


def _is_whole(name: str, content: bytes, new: dict[str, bytes]) -> bool:
    """Return whether a killed command wrote all of a file: it is as long as it should be, or a sound zip."""
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.testzip() is None
    return name in new and abs(len(content) - len(new[name])) < 200  # a time of day may be longer


def _again(command: Command, run: Callable[[], forks.Ended], work: Path, after: Any) -> list[str]:
    """Give the command once more; return what is wrong then."""
    stores.make_old(work / "out")
    ended = run()
    found = stores.faults(work)
    if ended.trace or ended.hung or ended.code not in command.again:
        found.append(f"{ended.code} {ended.said[:300]}")
    if stores.told(work) != after and not is_between(stores.told(work), None, after):
        found.append(f"{stores.told(work)} is not {after}")
    if left := [path.name for path in (work / "out").glob(".*")]:
        found.append(f"left: {left}")
    return found
