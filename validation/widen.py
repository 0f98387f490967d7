"""Widen the own errors of data/accuracy.toml to what films of generated persons need.

    python -m validation.widen [--write]

The own errors were fitted on runners of one ordinary kind (norms 1), and their intervals hold too seldom among persons
who differ as people do. Here the error of each measure is found anew on half of the films of validation/population.py,
chosen by their names, and the larger of the two is kept where too few intervals held. The table says how often the
intervals hold on the other half, before and after; to see that again, take data/accuracy.toml from before. Left as
they were: what hangs on the generator's moments of contact, which are not those of people (OF_MOMENT). What is read at
the strike is widened by the markers of real people on a belt instead (validation/strike.py); but the foot, which the
pose model draws wrong at any moment, by both.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from midstance.uncertainty import HALF_WIDTH, Error, accuracy
from validation.accuracy import OUT, compared
from validation.calibrate import LEVEL, Compared, as_toml, own_error, quantile
from validation.cases import SHARED
from validation.persons_on_film import FAR_OUT, OF_CONTACT, body_can_have, films
from validation.population import in_fitted_half
from validation.strike import marker_rows

OF_MOMENT = (
    *OF_CONTACT,
    "toe_off",
    "ankle_arc",
    "shank_angle_at",
    "shank_sweep",
    "knee_flexion_at",
    "knee_bending",
    "thigh_angle_at",
    "of_hip_at",
    "of_com_at",
    "thigh_separation_at",
)
"""Parts of the ids of measures that a few milliseconds of contact change by more than their own error."""
LEGS = ("near", "far")
RARE_COUNT = 3
"""How often a row counts whose true value lies beyond FAR_OUT standard deviations of the persons."""
SMALLEST = 20
"""Rows of one leg from which its error is found."""


def halves() -> tuple[list[Compared], list[Compared]]:
    """Return the rows of the films that errors are found on, and of those that they are tried on."""
    both: tuple[list[Compared], list[Compared]] = ([], [])
    for case in films():
        both[0 if in_fitted_half(case.name) else 1].extend(filter(body_can_have, compared([case])))
    return both


def widened(rows: Sequence[Compared]) -> dict[str, Error]:
    """Return the errors of data/accuracy.toml, the larger where persons need more."""
    errors = dict(accuracy())
    for name, known in accuracy().items():
        mine = [row for row in rows if row.found.id == name]
        enough = len(mine) >= SMALLEST and np.mean([row.held for row in mine]) < LEVEL
        if any(part in name for part in OF_MOMENT) or not enough:
            continue
        found = own_error(more_of_the_rare(mine), {name: known})
        more = {leg: larger(getattr(known, leg), getattr(found, leg)) for leg in LEGS}
        errors[name] = replace(known, **more)
    return errors


def more_of_the_rare(rows: Sequence[Compared]) -> list[Compared]:
    """Return the rows, those of persons far from the others several times: intervals are to hold for them too."""
    true = np.array([row.true for row in rows])
    far = np.abs(true - np.median(true)) > FAR_OUT * np.std(true)
    return [row for row, rare in zip(rows, far, strict=True) for _ in range(RARE_COUNT if rare else 1)]


def by_markers(errors: Mapping[str, Error]) -> tuple[dict[str, Error], list[str]]:
    """Widen what is read at the strike to what real people's markers need; return the errors and lines that say so.

    The strike of people on a belt is found a few milliseconds late, and of some measures too few intervals hold.
    """
    rows = list(marker_rows([SHARED / "norms" / "trials"]))
    wider, lines = dict(errors), list[str]()
    for name in sorted({row.measure for row in rows if "strike" in row.measure}):
        mine, known = [row for row in rows if row.measure == name], errors[name]
        off, half = np.array([(abs(row.found - row.true), row.half_width) for row in mine]).T
        if np.mean(off <= half) >= LEVEL:
            continue
        beside = np.maximum(half**2 - (HALF_WIDTH * known.near) ** 2, 0)
        sd = float(np.sqrt(quantile(np.maximum(off**2 - beside, 0)))) / HALF_WIDTH
        wider[name] = replace(known, near=larger(known.near, sd), far=larger(known.far, sd))
        lines.append(f"| {name} | {known.near:.3g} | {sd:.3g} | {len(mine)} | {100 * np.mean(off <= half):.0f} % |")
    return wider, lines


def larger(known: float, found: float) -> float:
    """Return the larger of two errors, the known one where nothing was found."""
    return max(known, found) if np.isfinite(found) and np.isfinite(known) else known


def table(rows: Sequence[Compared], errors: Mapping[str, Error]) -> Iterator[str]:
    """Yield one line for each measure that was widened: its error and how often it held, before and after."""
    yield "| measure | own error near, far | widened | n | held before | held after |"
    yield "|---|---|---|---|---|---|"
    every: list[tuple[bool, bool]] = []
    for name, error in errors.items():
        mine = [row for row in rows if row.found.id == name]
        both = [(row.held, abs(row.error) <= row.half_width(errors)) for row in mine]
        if any(part in name for part in OF_MOMENT) or not both:
            continue
        every += both
        known, held = accuracy()[name], 100 * np.mean(both, axis=0)
        if error != known:
            yield (
                f"| {name} | {known.near:.3g}, {known.far:.3g} | {error.near:.3g}, {error.far:.3g} | {len(mine)} "
                f"| {held[0]:.0f} % | {held[1]:.0f} % |"
            )
    held = 100 * np.mean(every, axis=0)
    yield f"| all but those of OF_MOMENT | | | {len(every)} | {held[0]:.0f} % | {held[1]:.0f} % |"


def main() -> None:
    """Print the table, or write the errors too."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--write", action="store_true", help="write data/accuracy.toml")
    write = reader.parse_args().write
    fitted, tried = halves()
    errors = widened(fitted)
    print("\n".join(table(tried, errors)))
    errors, lines = by_markers(errors)
    print(
        "\n".join(
            (
                "",
                "| at the strike, by markers | own error | widened | n | held before |",
                "|---|---|---|---|---|",
                *lines,
            )
        )
    )
    if write:
        OUT.write_text(as_toml(errors), encoding="utf-8")


if __name__ == "__main__":
    main()
