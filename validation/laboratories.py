"""Lay the bands of joint angles over two laboratories: how many of their runners lie beyond the edges.

    python -m validation.laboratories [FOLDER]      the table; with a folder of curves, laboratories_46.csv made anew

`laboratories_46.csv` has joint angles at 2.5 m/s of 23 runners of the Running Injury Clinic in Calgary, in no fit, and
of 23 of the 26 runners of the bands as another group processed them (BMC-RIC-running-biomechanics by R. K. Fukuchi,
CC BY 4.0). Their zero is not ours: what the 23 shared runners read there against what they read here sets it, for both
laboratories alike. Toe-off is not in the curves, so what is read at it is left out.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import numpy as np

from midstance.coaching.bands import references
from midstance.model import Floats
from validation.people import trials

TABLE = Path(__file__).with_name("laboratories_46.csv")
SPEED_MPS = 2.5
SHARED_RUNNERS, OTHERS = "BMC", "RIC"
WHO = {SHARED_RUNNERS: "of the 26, processed by others", OTHERS: "another laboratory (in no fit)"}
STANCE_PCT = 45
"""Share of the stride within which the knee is most bent on the ground, after which most in the air."""
LATE_SWING_PCT = 75
"""Share of the stride from which swing is late: the last 40 % of swing at this speed."""
HEAD = (
    "# Joint angles at 2.5 m/s from BMC-RIC-running-biomechanics (R. K. Fukuchi), CC BY 4.0; made by "
    "validation/laboratories.py.\n"
)


@cache
def runners() -> tuple[tuple[str, Mapping[str, float]], ...]:
    """Return the laboratory and the measures of every runner."""
    with TABLE.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    return tuple((row["laboratory"], {k: float(v) for k, v in row.items() if k != "laboratory"}) for row in rows)


def values_of(laboratory: str, measure: str) -> Floats:
    """Return one measure of the runners of a laboratory, in the zero of midstance."""
    return np.array([row[measure] for name, row in runners() if name == laboratory]) + _shift_deg(measure)


def _shift_deg(measure: str) -> float:
    """Return what takes their zero to ours: the medians of the runners whom both have measured."""
    here = [value for t in trials() if t.speed_mps == SPEED_MPS and (value := t.mean(measure)) is not None]
    there = [row[measure] for name, row in runners() if name == SHARED_RUNNERS]
    return float(np.median(here) - np.median(there))


def beyond(laboratory: str, measure: str) -> tuple[int, int, int]:
    """Count the runners below the band, above it, and outside it by more than the edge is known."""
    band, values = references()[measure], values_of(laboratory, measure)
    low = band.low.at(SPEED_MPS) if band.low else -np.inf
    high = band.high.at(SPEED_MPS) if band.high else np.inf
    error = band.edge_error.at(SPEED_MPS) if band.edge_error else 0.0
    surely = (values < low - error) | (values > high + error)
    return int((values < low).sum()), int((values > high).sum()), int(surely.sum())


def table() -> Iterator[str]:
    """The rows of validation/RESULTS.md."""
    measures = [name for name in runners()[0][1] if name in references()]
    yield "| measure | runners | n | 5 %, median, 95 % | band | below | above | surely outside | zero moved by |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for laboratory in (OTHERS, SHARED_RUNNERS):
        counts = []
        for name in measures:
            band, values = references()[name], values_of(laboratory, name)
            counts.append(beyond(laboratory, name))
            low, high, surely = counts[-1]
            edges = " to ".join("-" if line is None else f"{line.at(SPEED_MPS):.1f}" for line in (band.low, band.high))
            spread = ", ".join(f"{v:.1f}" for v in np.percentile(values, [5, 50, 95]))
            yield (
                f"| {name} | {WHO[laboratory]} | {len(values)} | {spread} | {edges} | {low} | {high} | {surely} "
                f"| {_shift_deg(name):+.1f} |"
            )
        below, above, surely = np.sum(counts, axis=0)
        every = len(measures) * len(values)
        yield (
            f"| all | {WHO[laboratory]} | {every} | | | {below} = {100 * below / every:.0f} % "
            f"| {above} = {100 * above / every:.0f} % | {surely} = {100 * surely / every:.0f} % | |"
        )


# -- making the table ------------------------------------------------------------------------------------------------


def from_curves(knee: Floats, ankle: Floats) -> dict[str, float]:
    """Read the measures of one runner from curves over 101 points of the stride from strike; dorsiflexion negative."""
    return {
        "knee_flexion_at_strike_deg": float(knee[0]),
        "peak_knee_flexion_stance_deg": float(knee[:STANCE_PCT].max()),
        "peak_knee_flexion_swing_deg": float(knee[STANCE_PCT:].max()),
        "ankle_dorsiflexion_late_swing_deg": float(-ankle[LATE_SWING_PCT:].min()),
    }


def write(folder: Path) -> None:
    """Make laboratories_46.csv from the curves of a folder."""
    people = json.loads((folder / "ric_bmc_joint_angles_2p5.json").read_text(encoding="utf-8"))["runners"]
    curves = np.load(folder / "ric_bmc_joint_angles_2p5.npz")
    with TABLE.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(HEAD)
        writer: csv.DictWriter[str] | None = None
        for person in people:
            found = from_curves(curves[person["id"] + "_knee"], curves[person["id"] + "_ankle"])
            row = {"laboratory": person["group"], **{k: f"{v:.1f}" for k, v in found.items()}}
            if writer is None:
                writer = csv.DictWriter(stream, list(row), lineterminator="\n")
                writer.writeheader()
            writer.writerow(row)


def main() -> None:
    """Print the table, or make its figures anew."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("folder", type=Path, nargs="?", help="where the curves lie, to make the figures anew")
    options = reader.parse_args()
    if options.folder:
        write(options.folder)
    print("\n".join(table()))


if __name__ == "__main__":
    main()
