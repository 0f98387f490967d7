"""Errors of strike and toe-off on runners no rule had seen in, a kept table of them out.

The table, validation/contacts_left_out.csv, is made by `python -m validation.fit_contacts --write` from trials and
films that are not part of the project, so that it can be told without them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from midstance.gait.events import uncertainty_s
from midstance.model import Floats

KEPT = Path(__file__).parent / "contacts_left_out.csv"
NUMBERS = ("bias_ms", "rmse_ms", "set_bias_ms", "set_rmse_ms", "held_pct")


@dataclass(frozen=True)
class LeftOut:
    """One event found by a rule that had not seen the runner.

    kind      force_plate, rendered or generated
    error_ms  found less true; NaN: not found
    clock_ms  what to add to the true moment to have it on the clock of the points
    landing   heel or ball; "" where it is not told
    """

    event: str
    kind: str
    runner: str
    near: bool
    rate_hz: float
    error_ms: float
    clock_ms: float = 0.0
    landing: str = ""

    @property
    def held(self) -> bool:
        return abs(self.error_ms - self.clock_ms) <= 1000 * uncertainty_s(near=self.near, rate_hz=self.rate_hz)


@dataclass(frozen=True)
class Row:
    """Errors of one kind at one frame rate; of one runner and one way of landing where the kind has few ("" = all).

    n, lost                   events found and not found
    bias_ms, rmse_ms          of the found
    set_bias_ms, set_rmse_ms  the same with the clocks of force and points set
    held_pct                  share of the found inside their 95 % interval, clocks set
    """

    event: str
    kind: str
    runner: str
    landing: str
    rate_hz: float
    n: int
    lost: int
    bias_ms: float
    rmse_ms: float
    set_bias_ms: float
    set_rmse_ms: float
    held_pct: float


def rows(found: Iterable[LeftOut]) -> list[Row]:
    """One row for each event, kind, runner on force plates and way of landing, and frame rate."""
    groups: dict[tuple[str, str, str, str, float], list[LeftOut]] = {}
    for e in found:
        who = (e.runner, e.landing) if e.kind == "force_plate" else ("", "")
        groups.setdefault((e.event, e.kind, *who, round(e.rate_hz)), []).append(e)
    return [_row(key, some) for key, some in sorted(groups.items())]


def _row(key: tuple[str, str, str, str, float], some: list[LeftOut]) -> Row:
    seen = [e for e in some if np.isfinite(e.error_ms)]
    error = np.array([e.error_ms for e in seen])
    on_clock = error - [e.clock_ms for e in seen]
    held = 100 * float(np.mean([e.held for e in seen]))
    return Row(*key, len(seen), len(some) - len(seen), *_bias_rmse(error), *_bias_rmse(on_clock), held)


def _bias_rmse(error: Floats) -> tuple[float, float]:
    return float(np.mean(error)), float(np.sqrt(np.mean(error**2)))


def write(found: Iterable[LeftOut], path: Path = KEPT) -> None:
    with path.open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(f.name for f in fields(Row))
        for r in rows(found):
            numbers = (f"{getattr(r, name):.1f}" for name in NUMBERS)
            table.writerow([r.event, r.kind, r.runner, r.landing, f"{r.rate_hz:g}", r.n, r.lost, *numbers])


def read(path: Path = KEPT) -> list[Row]:
    with path.open(newline="") as file:
        return [
            Row(
                *(r["event"], r["kind"], r["runner"], r["landing"], float(r["rate_hz"])),
                *(int(r["n"]), int(r["lost"])),
                *(float(r[name]) for name in NUMBERS),
            )
            for r in csv.DictReader(file)
        ]


def contact_sd_ms(some: list[Row]) -> float:
    """Spread of the error of a real runner's mean time on the ground, clocks set; every row weighs the same."""
    bias = {(r.runner, r.landing, r.rate_hz, r.event): r.set_bias_ms for r in some if r.kind == "force_plate"}
    late = {key[:3]: ms for key, ms in bias.items() if key[3] == "toe_off"}
    errors = [ms - bias[*clip, "strike"] for clip, ms in late.items()]
    return float(np.sqrt(np.mean(np.square(errors))))


def table(some: list[Row]) -> Iterator[str]:
    """One line for each runner on force plates, then for each rate and kind; every runner weighs the same."""
    event = "| bias | RMSE | clocks set: bias | RMSE | held % "
    yield f"| left out of the fit | fps | strikes {event}| toe-offs {event}|"
    yield "|---" * 14 + "|"
    plates = [r for r in some if r.kind == "force_plate"]
    for runner in sorted({r.runner for r in plates}):
        yield _line(f"{runner} | all", [r for r in plates if r.runner == runner])
    for rate in sorted({r.rate_hz for r in plates}, reverse=True):
        yield _line(f"every runner on force plates | {rate:g}", [r for r in plates if r.rate_hz == rate])
    yield _line("every runner on force plates | all", plates)
    for landing in sorted({r.landing for r in plates}):
        yield _line(f"those who land on the {landing} | all", [r for r in plates if r.landing == landing])
    for kind in sorted({r.kind for r in some} - {"force_plate"}):
        yield _line(f"{kind} | all", [r for r in some if r.kind == kind])


def _line(label: str, some: list[Row]) -> str:
    cells = [label]
    for event in ("strike", "toe_off"):
        mine = [r for r in some if r.event == event]
        cells += _cells(mine) if mine else ["0", "-", "-", "-", "-", "-"]
    return "| " + " | ".join(cells) + " |"


def _cells(some: list[Row]) -> list[str]:
    """Events, bias and RMSE as published and with the clocks set, share held; every row weighs the same."""
    bias, rmse, set_bias, set_rmse, held = (np.array([getattr(r, name) for r in some]) for name in NUMBERS)
    return [
        str(sum(r.n for r in some)),
        *(f"{np.mean(bias):+.1f}", f"{np.sqrt(np.mean(rmse**2)):.1f}"),
        *(f"{np.mean(set_bias):+.1f}", f"{np.sqrt(np.mean(set_rmse**2)):.1f}"),
        f"{np.mean(held):.0f}",
    ]
