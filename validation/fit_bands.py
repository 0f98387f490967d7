"""Fit the bands of data/references.toml to people: edges where 5 % of ordinary runners lie beyond, with their error.

    python -m validation.fit_bands            print what would change
    python -m validation.fit_bands --write    write it into data/references.toml

Between 2.5 and 4.5 m/s a band follows 26 runners (validation/people.py): a straight line over speed through their
means, and another through their spread. Beyond those speeds nobody was measured: the line keeps the slope that the
published groups in the table have, and the error of its edges grows. Where heel strikers and others are two groups, the
high edge is that of the group that reads higher, the low edge that of the other.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from midstance.coaching.bands import Line, Reference, References, references
from midstance.model import Floats
from validation.people import SPEEDS_MPS, STANDING, Trial, trials

OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "references.toml"

BEYOND = 1.645
"""Standard deviations beyond which 5 % of a normal group lie."""

FITTED = (
    "cadence_spm",
    "contact_time_ms",
    "flight_time_ms",
    "duty_factor",
    "step_length_leg",
    "vertical_oscillation_leg",
    "vertical_ratio_pct",
    "shank_angle_at_strike_deg",
    "foot_ahead_of_hip_at_strike_leg",
    "foot_strike_angle_deg",
    "knee_flexion_at_strike_deg",
    "thigh_angle_at_strike_deg",
    "foot_forward_speed_at_strike_ratio",
    "shank_sweep_before_strike_deg",
    "hip_extension_velocity_at_strike_dps",
    "knee_bending_before_strike_dps",
    "thigh_separation_at_strike_deg",
    "peak_knee_flexion_stance_deg",
    "hip_height_midstance_leg",
    "leg_lean_stance_deg",
    "heel_rise_time_pct",
    "peak_thigh_extension_deg",
    "knee_flexion_at_toe_off_deg",
    "leg_angle_at_toe_off_deg",
    "take_off_angle_deg",
    "ankle_arc_deg",
    "peak_knee_flexion_swing_deg",
    "heel_recovery_leg",
    "peak_knee_flexion_swing_time_pct",
    "knee_flexion_before_rearmost_thigh_deg",
    "peak_thigh_flexion_deg",
    "peak_thigh_separation_deg",
    "ankle_dorsiflexion_late_swing_deg",
    "foot_pitch_before_strike_deg",
)
"""Measures whose band follows people; trunk, arms and front views were not measured there."""

BY_STRIKE = ("foot_strike_angle_deg", "foot_pitch_before_strike_deg", "knee_flexion_at_strike_deg")
"""Measures in which heel strikers and others are two groups."""

UNRANKED = (
    "foot_strike_angle_deg",
    "foot_pitch_before_strike_deg",
    "shank_sweep_before_strike_deg",
    "knee_flexion_before_rearmost_thigh_deg",
)
"""Measures in which a runner is not ranked: the curve between the edges misses people by 0.2 to 0.3 of them."""

SKEWED = ("shank_sweep_before_strike_deg", "knee_flexion_before_rearmost_thigh_deg")
"""Measures with a long upper tail: the edge is the 95th percentile itself."""

HEEL_FIRST_DEG = 8.0
"""Foot strike angle from which a runner lands heel first: Altman and Davis 2012, doi 10.1016/j.gaitpost.2011.09.104."""

DOUBT_OF_ZERO_DEG = {4.0: 2.0, 2.0: 1.0, -2.0: 1.0}
"""By the shift of the zero (validation/people.py STANDING): half of it is doubt, read as the half width of 95 %."""

BEYOND_THE_MEASURED = {2.0: 1.5, 6.0: 2.0, 9.5: 3.0}
"""How much the error of an edge grows where nobody was measured; a choice, no figure stands behind it."""


def bands_without(runner: str | None = None) -> References:
    """Return the built-in bands, those of FITTED refitted to all runners but one."""
    known = [trial for trial in trials() if trial.runner != runner]
    return References({**references(), **{name: fitted(references()[name], known) for name in FITTED}})


def fitted(entry: Reference, known: Sequence[Trial]) -> Reference:
    """Return one band with its lines moved to people."""
    high_group, low_group = _groups(entry.measure, known)
    middle = _straight([(np.mean(v) + np.median(v)) / 2 for v in _by_speed(entry.measure, known)])
    if entry.measure in BY_STRIKE:
        middle = (_middle(entry.measure, high_group) + _middle(entry.measure, low_group)) / 2
    low, low_error = _edge(entry.measure, low_group, -1)
    high, high_error = _edge(entry.measure, high_group, +1)
    error = np.maximum(low_error, high_error)
    return replace(
        entry,
        usual=_carried(entry.usual, middle),
        low=_carried(entry.low, low) if entry.low else None,
        high=_carried(entry.high, high) if entry.high else None,
        edge_error=_widening(error),
        percentile=5.0,
        n=len({trial.runner for trial in known}),
    )


def _groups(measure: str, known: Sequence[Trial]) -> tuple[Sequence[Trial], Sequence[Trial]]:
    """The runners who set the high and the low edge."""
    if measure not in BY_STRIKE:
        return known, known
    heel = [t for t in known if (t.mean("foot_strike_angle_deg") or 0.0) > HEEL_FIRST_DEG]
    others = [t for t in known if t not in heel]
    return (others, heel) if measure == "knee_flexion_at_strike_deg" else (heel, others)


def _by_speed(measure: str, known: Sequence[Trial]) -> list[Floats]:
    """(speed) values of the runners, mean of both sides."""
    return [
        np.array([v for t in known if t.speed_mps == speed and (v := t.mean(measure)) is not None])
        for speed in SPEEDS_MPS
    ]


def _middle(measure: str, known: Sequence[Trial]) -> Floats:
    return _straight([(np.mean(v) + np.median(v)) / 2 for v in _by_speed(measure, known)])


def _edge(measure: str, known: Sequence[Trial], way: int) -> tuple[Floats, Floats]:
    """An edge at the three speeds, and the half width of its 95 % interval: sampling, and the zero of the angle.

    The standard error of mean + z SD of n normal values is SD sqrt(1/n + z^2 / (2 (n - 1))).
    """
    groups = _by_speed(measure, known)
    spread = _straight([np.std(v, ddof=1) for v in groups])
    n = np.array([len(v) for v in groups])
    if measure in SKEWED and way > 0:
        edge = _straight([np.percentile(v, 95) for v in groups])
    else:
        edge = _middle(measure, known) + way * BEYOND * spread
    sampling = 1.96 * spread * np.sqrt(1 / n + BEYOND**2 / (2 * (n - 1)))
    return edge, np.hypot(sampling, DOUBT_OF_ZERO_DEG.get(STANDING.get(measure, 0.0), 0.0))


def _straight(values: Sequence[float | np.floating]) -> Floats:
    """The values of a straight line through three points, at those points."""
    speeds: Floats = np.array(SPEEDS_MPS)
    at_speeds: Floats = np.polyval(np.polyfit(speeds, np.array(values, float), 1), speeds)
    return at_speeds


def _carried(old: Line, new: Floats) -> Line:
    """The new values where people were measured; beyond, the old line moved as much as at the last speed measured."""
    moved = [value - old.at(speed) for speed, value in zip(SPEEDS_MPS, new, strict=True)]
    points = [(2.0, old.at(2.0) + moved[0]), *zip(SPEEDS_MPS, new, strict=True)]
    points += [(6.0, old.at(6.0) + moved[-1]), (9.5, old.at(9.5) + moved[-1] / 2)]
    return Line(tuple(s for s, _v in points), tuple(float(v) for _s, v in points))


def _widening(error: Floats) -> Line:
    """The half width of the edges over speed, growing where nobody was measured."""
    ends = {2.0: error[0], 6.0: error[-1], 9.5: error[-1]}
    beyond = {speed: ends[speed] * factor for speed, factor in BEYOND_THE_MEASURED.items()}
    points = {**beyond, **dict(zip(SPEEDS_MPS, error, strict=True))}
    return Line(tuple(sorted(points)), tuple(float(points[s]) for s in sorted(points)))


# -- the table -------------------------------------------------------------------------------------------------------

WHO = "26 competitive runners, 25 of them men"
PEOPLE = "26 competitive runners (25 men), treadmill, 2.5 to 4.5 m/s"
PAPER = "Fukuchi, Fukuchi and Duarte 2017, doi 10.7717/peerj.3298"


def rewritten(text: str) -> str:
    """Return the text of references.toml with every fitted band in it; other lines stay as they are."""
    parts = re.split(r"(?m)^(?=\[)", text)
    return "".join(_table(part, name) if (name := part[1:].split("]")[0]) in FITTED else part for part in parts)


def _table(part: str, name: str) -> str:
    old = references()[name]
    band = fitted(old, trials())
    lines = {key: line for key in ("low", "usual", "high") if (line := getattr(band, key))}
    values = {key: _points(line) for key, line in lines.items()} | {"edge_error": _points(band.edge_error)}
    values |= {"n": str(band.n), "percentile": "5", "grade": '"moderate"'}
    population = old.population if old.population.startswith(PEOPLE) else f"{PEOPLE}; beyond: {old.population}"
    source = old.source if old.source.startswith(PAPER) else f"{PAPER}; beyond 2.5 to 4.5 m/s: {old.source}"
    values |= {"population": f'"{population}"', "source": f'"{source}"'}
    values |= {"people": f'"{WHO}"', "measured_mps": str([SPEEDS_MPS[0], SPEEDS_MPS[-1]])}
    values |= {"ranked": "false"} if name in UNRANKED else {}
    kept = [line for line in part.splitlines() if line.split(" = ")[0] not in {*values, "proposal", "validation"}]
    head, rest = kept[0], [line for line in kept[1:] if line and not line.startswith("#")]
    tail = part[len(part.rstrip("\n")) :] if "# --" not in part else "\n\n" + part[part.index("# --") :]
    return "\n".join([head, *(f"{key} = {value}" for key, value in values.items()), *rest]) + tail


def _points(line: Line | None) -> str:
    if line is None:
        return "0"
    digits = 3 if max(abs(v) for v in line.values) < 5 else 1
    pairs = zip(line.speeds_mps, line.values, strict=True)
    return "[" + ", ".join(f"[{speed:g}, {round(value, digits):g}]" for speed, value in pairs) + "]"


def main() -> None:
    """Print the fitted table, or write it."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--write", action="store_true")
    text = rewritten(OUT.read_text(encoding="utf-8"))
    if reader.parse_args().write:
        OUT.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
