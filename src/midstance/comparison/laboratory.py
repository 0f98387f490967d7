"""Compare what midstance finds with a laboratory's own truth: contacts of a force plate, measures of markers.

A trial is files of one name in a folder: what midstance looks at (a film, or points), and what is true (forces,
contacts, or markers). Markers and forces of one name share a clock. A film has its own: it is moved onto that of the
truth by the median of the contacts. The bias of strike and toe-off together is then not seen; that of the contact time
is. Strides are alike, so of several moves that fit equally well the smallest is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from midstance.errors import InputError, MidstanceError
from midstance.formats import force
from midstance.formats.force import TrueContact
from midstance.model import Analysis, Contact, Measure
from midstance.reasons import Reason, say
from midstance.uncertainty import HALF_WIDTH, combined
from midstance.video.endings import FILMS

MARKERS = {".trc", ".c3d"}
FORCES = {".mot", ".sto", ".csv", ".c3d"}
POINTS = {".json", ".h5", ".nc", ".parquet"}
LATEST_S = 5.0
"""Clocks of a film and a plate are looked for within this."""
STEP_S, NEAR_S = 0.005, 0.06
"""Steps of that search; a contact that begins farther than NEAR_S from the true one is another."""
Analyze = Callable[[Path], Analysis]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The files of one name: what is looked at, the markers beside it, and files that may hold forces or contacts."""

    name: str
    looked_at: Path
    markers: Path | None
    forces: tuple[Path, ...]


class Pair(NamedTuple):
    """One number of midstance beside the true one; half is the half width that midstance states."""

    trial: str
    what: str
    unit: str
    place: int
    found: float
    true: float
    half: float


class Row(NamedTuple):
    """One line of the table: how far a number was off."""

    what: str
    unit: str
    n: int
    bias: float
    rmse: float
    within: float


def trials(folder: Path) -> tuple[Trial, ...]:
    """Return the trials of a folder, by name. Raises InputError where there is none."""
    if not folder.is_dir():
        raise InputError(Reason("laboratory_no_folder", path=folder))
    names: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            names.setdefault(path.stem, []).append(path)
    found = tuple(trial for name, files in names.items() if (trial := _trial(name, files)))
    if not found:
        raise InputError(Reason("laboratory_no_trials", path=folder))
    return found


def _trial(name: str, files: Sequence[Path]) -> Trial | None:
    def first(ends: Iterable[str]) -> Path | None:
        return next((path for path in files if path.suffix.lower() in ends), None)

    film, markers = first(FILMS) or first(POINTS), first(MARKERS)
    looked_at = film or markers
    forces = tuple(path for path in files if path.suffix.lower() in FORCES)
    if looked_at is None or not (forces or (film and markers)):
        return None
    return Trial(name=name, looked_at=looked_at, markers=markers if film else None, forces=forces)


def pairs_of(trial: Trial, analyze: Analyze) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """Return the numbers of a trial beside the true ones, and what a reader should know. Raises MidstanceError."""
    found = analyze(trial.looked_at)
    true, notes = tuple(contact for path in trial.forces for contact in force.read(path)), list[str]()
    pairs = list[Pair]()
    if true:
        shift = 0.0 if trial.looked_at.suffix.lower() in MARKERS else clock_shift(found.contacts, true)
        if shift:
            notes.append(f"{trial.name}: the film was moved by {shift:+.3f} s onto the clock of the truth.")
        pairs += _contacts(trial.name, found.contacts, true, shift)
        if not pairs:
            notes.append(f"{trial.name}: no contact of the film lies within {1000 * NEAR_S:.0f} ms of a true one.")
    if trial.markers:
        pairs += _measures(trial.name, found.measures, analyze(trial.markers).measures)
    return tuple(pairs), tuple(notes)


def clock_shift(found: Sequence[Contact], true: Sequence[TrueContact]) -> float:
    """Return the seconds to add to the times of a film: where most contacts agree, then their median."""
    shifts = np.arange(-LATEST_S, LATEST_S + STEP_S, STEP_S)
    best = float(min(shifts, key=lambda shift: (round(_apart(found, true, float(shift)), 4), abs(shift))))
    off = [
        each
        for one, other in matched(found, true, best)
        for each in (other.strike_s - one.strike_s, other.toe_off_s - one.toe_off_s)
    ]
    return float(np.median(off)) if off else best


def _apart(found: Sequence[Contact], true: Sequence[TrueContact], shift: float) -> float:
    """Return how far contacts lie apart on average; each counts NEAR_S at most, an unmatched one all of it."""
    close = [
        min(NEAR_S, (abs(o.strike_s - f.strike_s - shift) + abs(o.toe_off_s - f.toe_off_s - shift)) / 2)
        for f, o in matched(found, true, shift)
    ]
    return (sum(close) + NEAR_S * (len(found) - len(close))) / max(1, len(found))


def matched(
    found: Sequence[Contact], true: Sequence[TrueContact], shift: float
) -> Iterator[tuple[Contact, TrueContact]]:
    """Yield each contact found with the true one of that foot that begins nearest, within NEAR_S."""
    for contact in found:
        others = [each for each in true if each.side in {None, contact.side}]
        if others:
            nearest = min(others, key=lambda each: abs(each.strike_s - contact.strike_s - shift))
            if abs(nearest.strike_s - contact.strike_s - shift) <= NEAR_S:
                yield contact, nearest


def _contacts(name: str, found: Sequence[Contact], true: Sequence[TrueContact], shift: float) -> Iterator[Pair]:
    for place, (one, other) in enumerate(matched(found, true, shift)):
        half = 1000 * one.uncertainty_s
        strike, toe_off = 1000 * (one.strike_s + shift), 1000 * (one.toe_off_s + shift)
        yield Pair(name, "strike", "ms", place, strike, 1000 * other.strike_s, half)
        yield Pair(name, "toe-off", "ms", place, toe_off, 1000 * other.toe_off_s, half)
        lasts = 1000 * (other.toe_off_s - other.strike_s)
        yield Pair(name, "contact time", "ms", place, toe_off - strike, lasts, combined(half, half))


def _measures(name: str, found: Iterable[Measure], true: Iterable[Measure]) -> Iterator[Pair]:
    """Compare what a film and its markers give; the half width is that of both."""
    known = {(m.id, m.side): m for m in true}
    for place, m in enumerate(found):
        if other := known.get((m.id, m.side)):
            half = combined(m.uncertainty, other.uncertainty)
            yield Pair(name, m.id, m.unit, place, m.value, other.value, half)


def table(pairs: Iterable[Pair]) -> tuple[Row, ...]:
    """Return the errors by what was measured: n, bias, root mean square, and the share within what was stated."""
    by: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        by.setdefault((pair.what, pair.unit), []).append(pair)
    return tuple(_row(what, unit, each) for (what, unit), each in by.items())


def _row(what: str, unit: str, pairs: Sequence[Pair]) -> Row:
    off = np.array([pair.found - pair.true for pair in pairs])
    stated = np.array([pair.half for pair in pairs])
    known = np.isfinite(stated)
    within = float(np.mean(np.abs(off[known]) <= stated[known])) if known.any() else float("nan")
    return Row(what, unit, len(off), float(off.mean()), float(np.sqrt((off**2).mean())), within)


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the table as text: bias, RMSE, the limits within which 95 % of the differences lie, and the coverage."""
    yield f"{'':42}{'n':>5}{'bias':>10}{'RMSE':>10}{'95 % from':>11}{'to':>9}  within ±"
    for row in rows:
        spread = HALF_WIDTH * float(np.sqrt(max(0.0, row.rmse**2 - row.bias**2)))
        numbers = f"{row.bias:>+10.3g}{row.rmse:>10.3g}{row.bias - spread:>+11.3g}{row.bias + spread:>+9.3g}"
        share = f"{100 * row.within:.0f} %" if np.isfinite(row.within) else "-"
        yield f"{f'{row.what}, {row.unit}':42}{row.n:>5}{numbers}  {share}"


def audit(pairs: Iterable[Pair]) -> str:
    """Return every pair as the table that poseaudit reads: `poseaudit paired --table FILE`."""
    rows = [
        f"{pair.trial.split('_')[0]},{pair.trial},{pair.place},{pair.what},{pair.found:.9g},{pair.true:.9g},{pair.unit}"
        for pair in pairs
    ]
    return "\n".join(["subject,trial,frame,measure,pred,ref,unit", *rows]) + "\n"


def validate(folder: Path, analyze: Analyze) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """Return the numbers of every trial of a folder beside the true ones, and notes; a trial that fails is a note.

    Raises InputError where nothing could be compared.
    """
    pairs, notes = list[Pair](), list[str]()
    for trial in trials(folder):
        try:
            new, said = pairs_of(trial, analyze)
        except MidstanceError as fault:
            new, said = (), (f"{trial.name}: {say(fault.why, 'cli')}",)
        pairs += new
        notes += said
    if not pairs:
        raise InputError(Reason("laboratory_nothing", path=folder, notes=" ".join(notes) or "no contacts, no markers"))
    return tuple(pairs), tuple(notes)
