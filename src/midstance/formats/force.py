"""Read when each foot was on the ground, as a force plate or a person saw it.

.mot .sto  OpenSim's ground forces: a vertical force of each foot, "ground_force_vy" (right) and "1_ground_force_vy"
           (left), or any column with fz, and left or right, in its name
.csv       the same columns beside a column time; or a row a contact: side, strike_s, toe_off_s
.c3d       events Foot Strike and Foot Off (needs midstance[formats])
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from midstance.errors import InputError
from midstance.formats import mot
from midstance.formats.csv_points import table_of
from midstance.formats.extras import needed
from midstance.formats.text_file import checked_size, numbers
from midstance.model import Floats
from midstance.reasons import Reason
from midstance.skeleton import SIDES, Side

ON_GROUND_N = 20.0
"""Vertical force from which a foot bears on the ground (docs/evidence.md#time)."""
SHORTEST_S = 0.04
"""A shorter contact is noise of the plate: the shortest of sprinters last 80 ms."""
VERTICAL = re.compile(r"(?i)(force.*v?y\b|force.*vy|fz|f_z|vgrf|vertical)")
LEFT, RIGHT = (re.compile(rf"(?i)(\b|_)({word})(\b|_)|{whole}") for word, whole in (("l", "left"), ("r", "right")))


class TrueContact(NamedTuple):
    """One foot on the ground, on the clock of its file; side None where the file does not say whose."""

    side: Side | None
    strike_s: float
    toe_off_s: float


def read(path: Path) -> tuple[TrueContact, ...]:
    """Return the contacts of a file, in time order; none if it holds neither forces nor contacts. Raises InputError."""
    end = path.suffix.lower()
    if end == ".c3d":
        found = _of_events(path)
    elif end == ".csv":
        found = _of_csv(path)
    else:
        curves = mot.read(path)
        found = tuple(_of_forces(curves.time_s, curves.columns))
    return tuple(sorted(found, key=lambda contact: contact.strike_s))


def on_ground(time_s: Floats, force_n: Floats) -> Iterator[tuple[float, float]]:
    """Yield start and end of every whole span above ON_GROUND_N, between samples; NaN is no force."""
    force = np.nan_to_num(np.abs(force_n))
    up = np.flatnonzero((force[:-1] < ON_GROUND_N) & (force[1:] >= ON_GROUND_N))
    down = np.flatnonzero((force[:-1] >= ON_GROUND_N) & (force[1:] < ON_GROUND_N))
    for start in up:
        later = down[down > start]
        if len(later):
            strike, toe_off = (_crossing(time_s, force, int(k)) for k in (start, later[0]))
            if toe_off - strike >= SHORTEST_S:
                yield strike, toe_off


def _crossing(time_s: Floats, force: Floats, k: int) -> float:
    share = (ON_GROUND_N - force[k]) / (force[k + 1] - force[k])
    return float(time_s[k] + share * (time_s[k + 1] - time_s[k]))


def _of_forces(time_s: Floats, columns: Mapping[str, Floats]) -> Iterator[TrueContact]:
    for name, force in columns.items():
        if VERTICAL.search(name):
            yield from (TrueContact(_side(name), *span) for span in on_ground(time_s, force))


def _side(name: str) -> Side | None:
    if LEFT.search(name) or name.startswith("1_ground"):
        return "left"
    return "right" if RIGHT.search(name) or name.startswith("ground_force_v") else None


def _of_csv(path: Path) -> tuple[TrueContact, ...]:
    header, rows, first_line = table_of(path)
    if {"strike_s", "toe_off_s"} <= set(header):
        kept = [dict(zip(header, row, strict=False)) for row in rows]
        try:
            return tuple(
                TrueContact(_named(row.get("side", "")), float(row["strike_s"]), float(row["toe_off_s"]))
                for row in kept
            )
        except (KeyError, ValueError):
            raise InputError(Reason("force_contacts", path=path)) from None
    times = [name for name in header if name.lower().startswith("time")]
    if not times or not any(VERTICAL.search(name) for name in header):
        return ()
    table = numbers(rows, len(header), path=path, first_line=first_line)
    columns = {name: table[:, k] for k, name in enumerate(header)}
    time_s = columns[times[0]] * (0.001 if re.search(r"(?i)\bms\b|_ms", times[0]) else 1.0)
    return tuple(_of_forces(time_s, {name: column for name, column in columns.items() if name != times[0]}))


def _named(said: str) -> Side | None:
    return next((side for side in SIDES if said.strip().lower() in {side, side[0]}), None)


def _of_events(path: Path) -> tuple[TrueContact, ...]:
    try:
        parameters: Any = needed("ezc3d").c3d(str(checked_size(path)))["parameters"]
    except OSError:
        raise InputError(Reason("points_damaged", path=path)) from None
    events = parameters.get("EVENT", {})
    if not events.get("LABELS", {}).get("value"):
        return ()
    times = np.asarray(events["TIMES"]["value"], float)
    moments = [
        (60 * minutes + seconds, str(label).strip().lower(), _named(str(side)))
        for (minutes, seconds), label, side in zip(
            times.T, events["LABELS"]["value"], events["CONTEXTS"]["value"], strict=False
        )
    ]
    strikes = sorted((time, side) for time, label, side in moments if label == "foot strike")
    offs = sorted((time, side) for time, label, side in moments if label == "foot off")
    ends = [next((off for off, its in offs if its == side and off > time), None) for time, side in strikes]
    return tuple(TrueContact(side, t, end) for (t, side), end in zip(strikes, ends, strict=True) if end is not None)
