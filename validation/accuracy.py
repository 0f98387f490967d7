"""Tracks of rendered clips and their truth in; every measure beside its truth, its interval and whether it held, out.

    python validation/accuracy.py TRACKS [--clips] [--write]

TRACKS holds <clip>.pkl with (Track, View) as the pipeline made them and <clip>.json with the truth. The truth of a
measure is read from the true keypoints and contacts by the same registry, so the definitions are the same; the bounce
is that of the true centre of mass.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from midstance.events import find_contacts
from midstance.measures import measure
from midstance.model import Contact, Measure, Track, View
from midstance.scale import measure_scale
from midstance.skeleton import HEAD, INDEX, KEYPOINTS, ONE_SIDE, SIDES
from validation.force_plate import make_track

OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "accuracy.toml"
LETTER = dict(zip(SIDES, "LR", strict=True))


@dataclass(frozen=True)
class Compared:
    """One measure of one clip beside its truth."""

    clip: str
    near: bool
    found: Measure
    true: float

    @property
    def error(self) -> float:
        return self.found.value - self.true

    @property
    def held(self) -> bool:
        return abs(self.error) <= self.found.uncertainty


def compare(clip: str, track: Track, view: View, truth: dict[str, Any]) -> list[Compared]:
    """Every measure found in a clip whose truth is known; the runner's height is given, the speed is not."""
    contacts = find_contacts(track, view)
    view = measure_scale(view, track, contacts, height_m=truth["people"][0]["height_m"])
    found, _ = measure(track, contacts, view)
    true = true_measures(truth, contacts, view)
    return [
        Compared(clip, m.side in {"both", track.near_side}, m, true[m.id, m.side])
        for m in found
        if (m.id, m.side) in true
    ]


def true_measures(truth: dict[str, Any], found: tuple[Contact, ...], view: View) -> dict[tuple[str, str], float]:
    """Truth by id and side, over the contacts that were found."""
    subject = truth["people"][0]
    track = true_track(truth)
    contacts = true_contacts(subject, found)
    exact = replace(
        view,
        scale_m_per_leg=subject["leg_length_m"],
        scale_uncertainty=0.0,
        speed_mps=subject["speed_mps"],
        speed_uncertainty_mps=0.0,
    )
    told = {(m.id, m.side): m.value for m in measure(track, contacts, exact)[0]}
    if view.plane == "side" and len(contacts) > 1:
        rise = true_bounce_m(truth, contacts)
        told["vertical_oscillation_cm", "both"] = 100 * rise
        told["vertical_oscillation_leg", "both"] = rise / subject["leg_length_m"]
        step_m = subject["speed_mps"] * subject["summary"]["step_time"]
        told["vertical_ratio_pct", "both"] = 100 * rise / step_m
        told["speed_mps", "both"] = subject["speed_mps"]
        told["cadence_spm", "both"] = subject["summary"]["cadence_spm"]
    return told


def true_track(truth: dict[str, Any]) -> Track:
    """The true keypoints as a Track, in true leg lengths: sagittal plane, or across for a front or rear view."""
    subject = truth["people"][0]
    points = np.array(subject["keypoints_m"])
    across = truth["view"] in {"front", "rear"}
    forward = points[..., 1] if across else points[..., 0]
    xy = np.full((len(points), len(KEYPOINTS), 2), np.nan)
    for name, index in truth_names(subject["keypoint_names"]).items():
        xy[:, INDEX[name]] = np.stack([forward[:, index], points[:, index, 2]], axis=-1)
    near = "right" if truth["visible_side"] == "R" else "left"
    track = make_track(np.array(truth["frame_times_s"]), xy, side=near)
    stride_hz = subject["summary"]["cadence_spm"] / 120
    plane = truth["view"] if across else "side"
    return replace(track, xy=xy / subject["leg_length_m"], stride_hz=stride_hz, plane=plane)


def truth_names(names: list[str]) -> dict[str, int]:
    """Our keypoint names and their place in the truth."""
    ours = dict(zip(HEAD, ("nose", "earL", "earR"), strict=True))
    ours |= {f"{side}_{point}": f"{point}{LETTER[side]}" for side in SIDES for point in ONE_SIDE}
    return {name: names.index(theirs) for name, theirs in ours.items()}


def true_contacts(subject: dict[str, Any], found: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """The true contacts during which one was found."""
    kept = []
    for contact in found:
        middle = (contact.strike_s + contact.toe_off_s) / 2
        for strike, toe_off in subject["contact_intervals_s"][LETTER[contact.side]]:
            if strike < middle < toe_off:
                kept.append(replace(contact, strike_s=strike, toe_off_s=toe_off))
    return tuple(kept)


def true_bounce_m(truth: dict[str, Any], contacts: tuple[Contact, ...]) -> float:
    """Mean rise and fall of the true centre of mass from one strike to the next."""
    subject = truth["people"][0]
    height = np.array(subject["keypoints_m"])[:, subject["keypoint_names"].index("com"), 2]
    time_s = np.array(truth["frame_times_s"])
    fine = np.arange(time_s[0], time_s[-1], 0.001)
    curve = np.interp(fine, time_s, height)
    rises = [np.ptp(curve[(fine >= a.strike_s) & (fine <= b.strike_s)]) for a, b in pairwise(contacts)]
    return float(np.median(rises))


def clips(folder: Path) -> Iterator[tuple[str, Track, View, dict[str, Any]]]:
    for path in sorted(folder.glob("*.pkl")):
        truth = path.with_suffix(".json")
        if truth.exists():
            with path.open("rb") as file:
                track, view = pickle.load(file)  # noqa: S301 - written by our own pipeline
            yield path.stem, track, view, json.loads(truth.read_text())


def table(rows: list[Compared]) -> Iterator[str]:
    """One line for each measure and leg: n, bias, RMSE, mean half width, share of intervals that held the truth."""
    yield "| measure | leg | n | bias | RMSE | half width | held |"
    yield "|---|---|---|---|---|---|---|"
    for name in dict.fromkeys(row.found.id for row in rows):
        for near in (True, False):
            mine = [row for row in rows if row.found.id == name and row.near == near]
            if mine:
                error = np.array([row.error for row in mine])
                width = np.median([row.found.uncertainty for row in mine])
                leg = "both" if mine[0].found.side == "both" else ("near" if near else "far")
                yield (
                    f"| {name} | {leg} | {len(mine)} | {np.mean(error):+.3g} | {np.sqrt(np.mean(error**2)):.3g} | "
                    f"{width:.3g} | {100 * np.mean([row.held for row in mine]):.0f} % |"
                )
    yield f"| all | | {len(rows)} | | | | {100 * np.mean([row.held for row in rows]):.0f} % |"


def own_errors(rows: list[Compared]) -> str:
    """data/accuracy.toml: RMSE of each measure by leg; of both legs together for what is told once."""
    text = (
        "# Standard deviation of the error of the mean of each measure that more strides do not average away, by leg.\n"
        "# RMSE over rendered clips through the whole pipeline; made by validation/accuracy.py --write.\n"
    )
    for name in sorted(
        {row.found.id for row in rows if not row.found.id.startswith("asymmetry") and row.found.id != "speed_mps"}
    ):
        errors = {
            near: np.array([r.error for r in rows if r.found.id == name and r.near == near]) for near in (True, False)
        }
        sizes = {near: np.sqrt(np.mean(e**2)) if len(e) else np.nan for near, e in errors.items()}
        near, far = (sizes[True], sizes[False]) if np.isfinite(sizes[True]) else (sizes[False], sizes[False])
        far = far if np.isfinite(far) else near
        text += f"\n[{name}]\nnear = {near:.3g}\nfar = {max(near, far):.3g}\n"
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tracks", type=Path)
    parser.add_argument("--clips", action="store_true", help="every measure of every clip")
    parser.add_argument("--write", action="store_true", help="write data/accuracy.toml")
    options = parser.parse_args()
    rows = [row for clip, *rest in clips(options.tracks) for row in compare(clip, *rest)]
    if options.clips:
        for row in rows:
            held = "held" if row.held else "MISSED"
            print(
                f"{row.clip:28s} {row.found.id:40s} {row.found.side:5s} {row.found.value:9.3f} true {row.true:9.3f} "
                f"error {row.error:+8.3f} +- {row.found.uncertainty:7.3f} {held}"
            )
    for line in table(rows):
        print(line)
    if options.write:
        OUT.write_text(own_errors(rows))


if __name__ == "__main__":
    main()
